#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "browser_support.h"
#include "cli_scene.h"
#include "has.h"

namespace offstage::cli_recording_test {

namespace {

using namespace test;
using namespace std::string_literals;
namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using Names = std::multiset<std::string>;
using Values = std::map<std::string, std::set<std::string>>;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++found;
  return found;
}

fs::path source(const std::string& path) {
  return fs::path(OFFSTAGE_SOURCE_DIR) / path;
}

/// The file of a recording of Heroku.
std::string recorded(const std::string& name) {
  return source("recordings/heroku/" + name + ".har").string();
}

/// A folder to work in, and a console to reach from there if there is one.
struct Place : Sandbox {
  Start start() const {
    Start start;
    start.folder = path();
    if (!practice.empty()) start.variables["OFFSTAGE_PRACTICE"] = practice;
    return start;
  }
  /// Runs offstage, which must end like this.
  Finished run(const Words& arguments, int exit_code = 0) const {
    Finished end = run_offstage(arguments, start());
    CAPTURE(arguments, end.err, end.out);
    CHECK(end.exit_code == exit_code);
    return end;
  }
  /// The same, and gives what it prints with --output json.
  Json document(Words arguments, int exit_code = 0) const {
    arguments.insert(arguments.end(), {"--output", "json"});
    Json document = run(arguments, exit_code).document();
    follow_schema(document, "output.json");
    return document;
  }
  /// Copies recordings of Heroku, with all that they need, and gives the folder.
  fs::path copy_recordings(const Words& names) const {
    fs::create_directories(path() / "recordings");
    fs::copy(source("recordings/heroku/bodies"), path() / "recordings/bodies");
    for (const std::string& name : names)
      fs::copy(recorded(name), path() / "recordings");
    return path() / "recordings";
  }

  std::string practice;
};

/// Makes a recording of maintenance expect another ending.
void expect_another_ending(const fs::path& file) {
  std::string text = read_file(file);
  const std::string ending = "\"unreachable\"";
  write_file(file, text.replace(text.find(ending), ending.size(), "\"busy\""));
}

/// The recordings that a document of `test` tells of, by their file names.
Names names_in(const Json& document) {
  Names names;
  for (const Json& recording : document.at("recordings"))
    names.insert(fs::path(recording.at("name").get<std::string>()).filename().string());
  return names;
}

/// No file below a folder holds any of these values, which stand by what they are; small or capital letters.
void check_absence(const fs::path& folder, const Values& all) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string content = ascii_lower(read_file(entry.path()));
    for (const auto& [what, values] : all) {
      for (const std::string& value : values) {
        CAPTURE(entry.path().string(), what, value);
        CHECK_FALSE(has(content, ascii_lower(value)));
        CHECK_FALSE(has(content, ascii_lower(url_encoded(value))));
      }
    }
  }
}

/// A page that asks its server for a greeting, and a script for it.
constexpr const char* greeting_page = R"page(<title>Shop</title><button onclick="
  fetch('/greet', {method: 'POST'}).then((answer) => answer.text()).then((text) => document.body.append(text))
">Greet</button>)page";
constexpr const char* greet = R"({"title": "Greet", "steps": [
  {"type": "click", "selectors": [["aria/Greet"]], "offsetX": 5, "offsetY": 5, "target": "main"},
  {"type": "waitForElement", "selectors": [["text/Hello"]], "target": "main"}]})";

struct Greeter : PageServer {
  explicit Greeter(const std::string& more = {}) {
    page("/", greeting_page + more);
    handle("/greet", [](const Request&) { return Response{200, "Hello", "text/plain"}; });
  }
  /// What follows "offstage" to record it.
  Words recorded_as(const std::string& file) const {
    return {"record", "--from", "greet.json", "--start-url", url("/"), "-o", file};
  }
};

TEST_CASE("a script recorded against a page is replayed when its server is gone", "[cli][recording]") {
  const Place place;
  place.write("greet.json", greet);
  CHECK(place.document(Greeter().recorded_as("greet.har")).at("ending") == "ok");
  CHECK(has(place.run({"replay", "greet.har"}).out, "POST"));
}

TEST_CASE("a disk that is full leaves nothing of a recording", "[cli][recording]") {
  const Place place;
  place.write("greet.json", greet);
  const Greeter server(std::string(200'000, ' '));
  // The small disk is there for this program alone.
  const std::string on_small_disk = R"(unshare --mount true || exit 99
    exec unshare --mount sh -c '
      mkdir disk && mount -t tmpfs -o size=64k none disk && cp greet.json disk || exit 99
      cd disk; "$@"; code=$?; find . -type f ! -name greet.json; exit $code' sh "$@")";
  Words words = CliScene::words(server.recorded_as("greet.har"));
  words.insert(words.begin(), {"/bin/sh", "-c", on_small_disk, "sh"});
  const Finished end = Program(words, place.start()).finish();
  CAPTURE(end.err);
  if (end.exit_code == 99) {
    WARN("not checked: nothing may be mounted here");
    return;
  }
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "cannot write "));
  CHECK(has(end.err, "No space left on device"));
  CHECK(end.out.empty());
}

/// A member removed on a practice console, recorded; the console is gone.
struct RecordedRemoval : Place {
  RecordedRemoval() {
    // Chrome's own log of the network says which cookies there were. Chrome may run as another user.
    const fs::path net = path() / "net";
    const fs::path chrome = write("chrome", "#!/bin/sh\nexec " + browser::find_chrome().string() +
                                                " --log-net-log=" + (net / "log.json").string() +
                                                " --net-log-capture-mode=Everything \"$@\"\n");
    fs::create_directory(net);
    for (const fs::path& each : {path(), chrome, net})
      fs::permissions(each, fs::perms(each == net ? 0777 : 0755));
    const PracticeConsole console;
    practice = console.description_file().string();
    const Finished end = run({"record", "heroku", "remove-member", "list-access", "--arg", "user=" + user,
                              "--arg", "resource.id=acme-labs", "--allow-commit", "-o",
                              "recordings/removal.har", "--chrome", chrome.string()});
    practice.clear();
    CHECK(has(end.out, "The scripts came to their end."));
    CHECK_FALSE(console.is_member("acme-labs", user));
    for (const char* name : {"password", "totp"})
      real[name].emplace(trimmed(read_file(console.secrets() / name)));
    add("cookie ", net / "log.json", "Set-Cookie: ");
    add("address ", source("tests/console/heroku/seed.json"), "\"email\": \"");
  }
  /// Adds what stands behind each mark in a file: NAME=VALUE, or a value alone.
  void add(const char* what, const fs::path& file, const std::string& mark) {
    const std::string text = read_file(file);
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
      at += mark.size();
      const std::string found = text.substr(at, text.find_first_of(";\"\\", at) - at);
      const std::string value = found.substr(found.find('=') + 1);
      if (value.size() > 8) real[what + found.substr(0, found.find('='))].insert(value);
    }
  }

  const std::string user = "dana.whitfield+test@example.com";
  Values real;  ///< values that must be nowhere, by what they are
};

const RecordedRemoval& recorded_removal() {
  static const RecordedRemoval removal;
  return removal;
}

TEST_CASE("a removal recorded on the practice console passes when the console is gone", "[cli][recording]") {
  CHECK(names_in(recorded_removal().document({"test", "recordings"})) == Names{"removal.har"});
}

TEST_CASE("nothing that a recording writes holds a secret, a cookie or a real address", "[cli][recording]") {
  const RecordedRemoval& removal = recorded_removal();
  for (const char* what : {"cookie identity-session", "cookie heroku_user_session"})
    CHECK(removal.real.contains(what));
  check_absence(removal.path() / "recordings", removal.real);
}

TEST_CASE("the shards of a test replay each recording that --filter names once", "[cli][recording]") {
  const Place place;
  place.copy_recordings({"maintenance", "sign-in-must-enrol", "sign-in-rate-limit"});
  Names all;
  for (const char* part : {"1/2", "2/2"}) {
    const Words command{"test", "recordings", "--filter", "sign-*", "--shard", part};
    all.merge(names_in(place.document(command)));
  }
  CHECK(all == Names{"sign-in-must-enrol.har", "sign-in-rate-limit.har"});
}

TEST_CASE("one recording that fails fails the test, and the reports say which", "[cli][recording]") {
  const Place place;
  expect_another_ending(place.copy_recordings({"maintenance", "sign-in-rate-limit"}) / "maintenance.har");
  const Json document = place.document({"test", "recordings", "--junit", "junit.xml", "--tap", "tap.txt"}, 1);
  CHECK(names_in(document) == Names{"maintenance.har", "sign-in-rate-limit.har"});
  const std::string junit = read_file(place.path() / "junit.xml");
  const std::string tap = read_file(place.path() / "tap.txt");
  CAPTURE(junit, tap);
  CHECK(has(junit, "tests=\"2\" failures=\"1\" errors=\"0\""));
  CHECK(count(junit, "<testcase ") == 2);
  CHECK(has(junit, "recorded to end as busy, and ends as unreachable"));
  CHECK(has(tap, "1..2\nnot ok 1 - recordings/maintenance.har\n"));
  CHECK(has(tap, "\nok 2 - recordings/sign-in-rate-limit.har\n"));
}

TEST_CASE("test --update shows what is different and makes it what is expected", "[cli][recording]") {
  const Place place;
  const fs::path file = place.copy_recordings({"maintenance"}) / "maintenance.har";
  expect_another_ending(file);
  const Words update{"test", "recordings", "--update"};
  const std::string told = place.run(update).out;
  CHECK(has(told, "it ends as unreachable instead of busy"));
  CHECK(has(told, "written"));
  const std::string updated = read_file(file);
  CHECK(has(place.run(update).out, "maintenance.har: as it was"));
  CHECK(read_file(file) == updated);
  place.run({"test", "recordings"});
}

/// As the Network panel of Chrome's developer tools exports it, with sensitive data.
constexpr const char* exported = R"({"log": {"version": "1.2",
  "creator": {"name": "WebInspector", "version": "537.36"}, "pages": [],
  "entries": [{"_priority": "High", "_resourceType": "fetch", "cache": {}, "connection": "443",
    "startedDateTime": "2026-01-31T09:30:00.100Z", "time": 12.5, "timings": {"dns": -1, "wait": 12},
    "request": {"method": "POST", "url": "https://shop.example.com/cart", "httpVersion": "http/2.0",
      "headers": [{"name": ":authority", "value": "shop.example.com"},
        {"name": "cookie", "value": "session=9b1f6f0a4c7d4e2c8a55"}],
      "queryString": [], "cookies": [{"name": "session", "value": "9b1f6f0a4c7d4e2c8a55"}],
      "headersSize": -1, "bodySize": 4, "postData": {"mimeType": "text/plain", "text": "item"}},
    "response": {"status": 201, "statusText": "", "httpVersion": "http/2.0", "cookies": [],
      "headers": [{"name": "content-type", "value": "text/html"}],
      "content": {"mimeType": "text/html", "encoding": "base64", "text": "PHA+YW5uQGV4YW1wbGUuY29tPC9wPg=="},
      "redirectURL": "", "headersSize": -1, "bodySize": -1, "_error": null}}]}})";

TEST_CASE("what Chrome's developer tools export is imported, redacted, and can be shown",
          "[cli][recording]") {
  const Place place;
  place.write("export.har", exported);
  const Words command{"recording", "import", "export.har", "-o", "imported/export.har"};
  CHECK(place.document(command).at("exchanges") == 1);
  const std::string story = place.run({"recording", "show", "imported/export.har"}).out;
  CHECK(has(story, "WebInspector"));
  CHECK(has(story, "* POST    201"));
  check_absence(place.path() / "imported",
                {{"cookie", {"9b1f6f0a4c7d4e2c8a55"}}, {"address", {"ann@example.com"}}});
}

TEST_CASE("a HAR that is cut short is refused, naming the file", "[cli][recording]") {
  const Place place;
  place.write("short.har", std::string(exported).substr(0, 900));
  for (const Words& command : {Words{"recording", "import", "short.har", "-o", "whole.har"},
                               Words{"recording", "show", "short.har"}, Words{"replay", "short.har"}}) {
    const std::string message = place.document(command, 64).at("error").at("message");
    CHECK(has(message, "short.har:"));
    CHECK(has(message, "is not valid JSON"));
  }
  CHECK_FALSE(fs::exists(place.path() / "whole.har"));
}

TEST_CASE("a body that is not the recorded one is refused by its name", "[cli][recording]") {
  const Place place;
  const fs::path file = place.copy_recordings({"maintenance"}) / "maintenance.har";
  const Json script = Json::parse(read_file(file)).at("log").at("_offstage").at("scripts").at(0);
  const std::string body = script.at("text").at("_file");
  write_file(place.path() / "recordings" / body, "{}");
  const Json error = place.document({"recording", "show", file.string()}, 64).at("error");
  CHECK(has(error.at("message"), body + " is not the body that was recorded"));
  place.run({"test", file.string()}, 1);
}

TEST_CASE("a recording of Heroku is whole, and is shown with its steps and requests", "[cli][recording]") {
  const Place place;
  const std::string file = recorded("remove-member");
  CHECK(place.document({"recording", "check", file}).at("recordings").size() == 1);
  CHECK(place.document({"recording", "show", file}).at("requests").size() > 50);
  const std::string story = place.run({"recording", "show", file}).out;
  CAPTURE(story);
  for (const char* part : {"\nSteps\n", "  remove-member.json\n", "/steps/4 acted on dashboard.heroku.com/",
                           "\nRequests", "    * DELETE  200", "\nWhat it changed\n", "commit done:"})
    CHECK(has(story, part));
}

TEST_CASE("replay --step waits for Enter before each step, and for nobody without a terminal",
          "[cli][recording]") {
  const Place place;
  Start start = place.start();
  start.terminal = GENERATE(true, false);
  Program program(CliScene::words({"replay", recorded("maintenance"), "--step"}), start);
  if (start.terminal) {
    program.wait_for("next [Enter]");
    program.type(std::string(50, '\n'));
  }
  const Finished end = program.finish();
  CAPTURE(start.terminal, end.err, end.out);
  CHECK(end.exit_code == 0);
  const std::size_t steps = count(end.out, "  /steps/");
  CHECK(steps > 2);
  CHECK(count(end.err, "[Enter]") == (start.terminal ? steps : 0));
}

constexpr const char* known_button = R"(aria/Remove user from this team...[role="button"])";
constexpr const char* found_button = R"(aria/Remove user from this org...[role="button"])";

/// A practice console with the words of 2015, and a copy of the connector whose removal knows those of 2020
/// only, also in its commit step.
struct OlderWords : Place {
  OlderWords() {
    for (const char* folder : {"connectors/heroku", "scripts/heroku"}) {
      fs::create_directories(path() / folder);
      fs::copy(source(folder), path() / folder);
    }
    Json changed = script();
    for (Json& step : changed["steps"]) {
      if (step.at("type") == "click") {
        step["selectors"] = Json::array({Json::array({known_button})});
        step["timeout"] = 3000;
      } else if (text_of(step, "name") == "commit") {
        step["parameters"]["action"]["selectors"] =
            Json::array({Json::array({R"(xpath///*[@id="modal-overlays"]//button[.="Remove user"])"})});
      }
    }
    write_file(file, changed.dump(2));
    copy_recordings({"remove-member-403"});
    practice = console.description_file().string();
  }
  Json script() const { return Json::parse(read_file(file)); }
  Json compared(Words command, int exit_code = 0) const {
    command.insert(command.end(), {"--connectors", "connectors", "--arg", "resource.id=acme-platform",
                                   "--arg", "user=" + dana});
    return document(command, exit_code);
  }

  PracticeConsole console{{"--labels", "2015", "--fault", "mfa=none", "--fault", "cookie-banner=off"}};
  fs::path file = path() / "scripts/heroku/remove-member.json";
};

TEST_CASE("diff names what matches no longer and what is most alike, and changes nothing",
          "[cli][recording]") {
  const OlderWords scene;
  const Json drift = scene.compared({"diff", recorded("remove-member")}, 70).at("differences").back();
  CHECK(drift.at("broken") == true);
  CHECK(drift.at("words").at(1) == known_button + " matched one element and matches nothing now"s);
  CHECK(drift.at("candidate").at("selectors").at(0) == Json::array({found_button}));
  CHECK(drift.at("candidate").at("score") > drift.at("candidate").at("runner_up"));
  CHECK(scene.console.change_log().empty());
}

TEST_CASE("script repair changes a script with --write only, and its commit step never", "[cli][recording]") {
  const OlderWords scene;
  const std::string before = read_file(scene.file);
  Words repair{"script", "repair", "recordings/remove-member-403.har"};
  const Json proposed = scene.compared(repair);
  CHECK(proposed.at("proved") == true);
  CHECK(proposed.at("written") == false);
  CHECK(has(proposed.at("patches").at(0).at("diff"), "+++ remove-member.json"));
  CHECK(read_file(scene.file) == before);

  repair.push_back("--write");
  CHECK(scene.compared(repair).at("written") == true);
  Json expected = Json::parse(before);
  for (Json& step : expected["steps"])
    if (step.at("type") == "click") step["selectors"].push_back(Json::array({found_button}));
  CHECK(scene.script() == expected);
  CHECK(scene.console.change_log().empty());
}

}  // namespace

}  // namespace offstage::cli_recording_test
