#include <cmath>
#include <csignal>
#include <set>
#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "base/schema.h"
#include "error_of.h"
#include "har_support.h"
#include "memory_folder.h"
#include "recording/body_store.h"
#include "recording/har.h"

namespace offstage::recording_har_test {

using namespace recording;
using Catch::Matchers::Contains;
using test::awkward_recording;

namespace {

/// Every file below a folder, with what it holds.
std::map<std::string, std::string> everything_in(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file())
      files[std::filesystem::relative(entry.path(), folder).string()] = read_file(entry.path());
  }
  return files;
}

/// A disk that takes no file of more than `bytes` bytes, as long as this lives.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit less{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &less);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;
  ~SmallFiles() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

/// A recording of one answer.
Recording with_answer(const std::string& type, const std::string& body) {
  Recording recording = awkward_recording();
  recording.snapshots.clear();
  recording.exchanges.resize(1);
  recording.exchanges[0].response_headers = {{"Content-Type", type}};
  recording.exchanges[0].response_body = body;
  return recording;
}

}  // namespace

TEST_CASE("a recording comes back exactly as it was saved", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  const Recording recording = awkward_recording();
  save(recording, folder.path() / "a.har");
  CHECK(load(folder.path() / "a.har") == recording);
}

TEST_CASE("a recording of nothing comes back too", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  save(Recording{}, folder.path() / "a.har");
  CHECK(load(folder.path() / "a.har") == Recording{});
  CHECK(everything_in(folder.path()).size() == 1);
}

TEST_CASE("an empty body of a request is not the same as none", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  Recording recording = awkward_recording();
  recording.exchanges[0].request_body = "";
  recording.exchanges[1].request_body.reset();
  save(recording, folder.path() / "a.har");
  const Recording loaded = load(folder.path() / "a.har");
  CHECK(loaded.exchanges[0].request_body == "");
  CHECK_FALSE(loaded.exchanges[1].request_body.has_value());
}

TEST_CASE("the same recording gives the same bytes", "[recording][har]") {
  const TemporaryFolder one = test::memory_folder();
  const TemporaryFolder other = test::memory_folder();
  save(awkward_recording(), one.path() / "a.har");
  save(load(one.path() / "a.har"), other.path() / "a.har");
  CHECK(everything_in(one.path()) == everything_in(other.path()));
}

TEST_CASE("a saved recording follows its schema", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  const std::string schema =
      read_file(std::filesystem::path(OFFSTAGE_SOURCE_DIR) / "connectors/schema/recording.json");
  for (const Recording& recording : {awkward_recording(), Recording{}}) {
    save(recording, folder.path() / "a.har");
    CHECK_NOTHROW(validate(*JsonDocument::load(folder.path() / "a.har"), schema));
  }
}

TEST_CASE("a saved recording is a HAR that viewers open", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  save(awkward_recording(), folder.path() / "a.har");
  const Json log = JsonDocument::load(folder.path() / "a.har")->root().at("log");
  CHECK(log.at("version") == "1.2");
  CHECK(log.at("creator") == Json{{"name", "Offstage"}, {"version", "0.1.0"}});
  CHECK(log.at("browser") == Json{{"name", "HeadlessChrome"}, {"version", "120.0"}});
  const Json& request = log.at("entries").at(0).at("request");
  CHECK(request.at("cookies").at(1) == Json{{"name", "session"}, {"value", "offstage-cookie-session-1"}});
  CHECK(request.at("queryString").at(1).at("value") == "%ff");
  CHECK(request.at("queryString").at(2).at("value") == "a b");
  CHECK(request.at("queryString").at(3) == Json{{"name", "empty"}, {"value", ""}});
  CHECK_THAT(request.at("postData").at("text").get<std::string>(), Contains("offstage-secret-password"));
  const Json& response = log.at("entries").at(0).at("response");
  CHECK(response.at("redirectURL") == "/members");
  CHECK(response.at("cookies").at(0) == Json{{"name", "session"},
                                             {"value", "offstage-cookie-session-1"},
                                             {"path", "/"},
                                             {"httpOnly", true},
                                             {"secure", true}});
  CHECK(log.at("entries").at(1).at("response").at("content").at("text") == "<p>one\r\ntwo</p>\n");
  CHECK_FALSE(log.at("entries").at(3).at("response").at("content").contains("text"));
  CHECK(log.at("entries").at(7).at("response").at("_error") == "net::ERR_CONNECTION_REFUSED");
}

TEST_CASE("a text of a kilobyte or more stands only in its own file", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  save(with_answer("text/plain", std::string(1024, 'x')), folder.path() / "a.har");
  CHECK_THAT(read_file(folder.path() / "a.har"), !Contains("xxxx"));
}

TEST_CASE("equal bodies stand in one file, also of two recordings", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  save(with_answer("text/plain", "same"), folder.path() / "a.har");
  const std::size_t files = everything_in(folder.path()).size();
  save(with_answer("text/plain", "same"), folder.path() / "b.har");
  CHECK(everything_in(folder.path()).size() == files + 1);
}

TEST_CASE("files of a recording can be read by everybody", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  save(awkward_recording(), folder.path() / "deep/down/a.har");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    struct stat facts {};
    REQUIRE(::stat(entry.path().c_str(), &facts) == 0);
    if (entry.is_regular_file()) CHECK((facts.st_mode & 0777U) == 0644U);
  }
}

TEST_CASE("a body that is there already is not written again", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  save(with_answer("text/plain", "same"), folder.path() / "a.har");
  std::map<std::string, ino_t> before;
  const auto inode = [](const std::filesystem::path& file) {
    struct stat facts {};
    REQUIRE(::stat(file.c_str(), &facts) == 0);
    return facts.st_ino;
  };
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "bodies"))
    before[entry.path().string()] = inode(entry.path());
  save(with_answer("text/plain", "same"), folder.path() / "b.har");
  for (const auto& [file, number] : before)
    CHECK(inode(file) == number);
}

TEST_CASE("a damaged body is mended when a recording that has it is saved again", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  const Recording recording = with_answer("text/plain", "right");
  save(recording, folder.path() / "a.har");
  write_file(folder.path() / stored_body("right", "text/plain").file, "wrong");
  save(recording, folder.path() / "a.har");
  CHECK(load(folder.path() / "a.har") == recording);
}

TEST_CASE("a full disk leaves nothing of a recording, and says so", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  const Recording recording = with_answer("text/plain", std::string(40000, 'x'));
  for (const rlim_t limit : {1000U, 39999U}) {  // a small body is written before the large one fails
    const SmallFiles disk(limit);
    const Error error = test::error_of([&] { save(recording, folder.path() / "new/a.har"); });
    CHECK(error.kind() == Kind::usage);
    CHECK_THAT(error.message(),
               Contains("cannot write") && Contains("/bodies/") && Contains("File too large"));
    CHECK(everything_in(folder.path()).empty());
    CHECK_FALSE(std::filesystem::exists(folder.path() / "new"));
  }
}

TEST_CASE("a disk that is full only for the file itself leaves the old version and no new body",
          "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  const Recording old = with_answer("text/plain", "old");
  save(old, folder.path() / "a.har");
  const auto before = everything_in(folder.path());
  {
    const SmallFiles disk(1500);
    CHECK_THROWS_AS(save(with_answer("text/plain", "new"), folder.path() / "a.har"), Error);
  }
  CHECK(everything_in(folder.path()) == before);
  CHECK(load(folder.path() / "a.har") == old);
}

TEST_CASE("a folder that cannot be made is named with the reason", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  write_file(folder.path() / "file", "");
  const Error error = test::error_of([&] { save(Recording{}, folder.path() / "file/a.har"); });
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.message(), Contains("file"));
}

TEST_CASE("what could not be read back is not written", "[recording][har]") {
  const TemporaryFolder folder = test::memory_folder();
  Recording recording = awkward_recording();
  recording.exchanges[2].url = "https://console.example.test/caf\xe9";
  CHECK_THROWS_WITH(save(recording, folder.path() / "a.har"),
                    Contains("/log/entries/2/request/url is not UTF-8"));
  recording = awkward_recording();
  recording.exchanges[2].milliseconds = std::nan("");
  CHECK_THROWS_AS(save(recording, folder.path() / "a.har"), Error);
  CHECK(everything_in(folder.path()).empty());
}

}  // namespace offstage::recording_har_test
