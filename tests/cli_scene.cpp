#include "cli_scene.h"

#include <fmt/format.h>

#include "base/schema.h"
#include "base/text.h"

namespace offstage::test {

namespace {

/// Started once for all scenes of a program.
PracticeConsole& shared_console() {
  static PracticeConsole console;
  return console;
}

}  // namespace

CliScene::CliScene(const std::vector<std::string>& faults) : console(shared_console()) {
  console.reset();
  std::vector<std::string> all{"cookie-banner=off", "mfa=none"};
  all.insert(all.end(), faults.begin(), faults.end());
  for (const std::string& fault : all) {
    const std::size_t equals = fault.find('=');
    console.set_fault(fault.substr(0, equals), equals == std::string::npos ? "on" : fault.substr(equals + 1));
  }
}

std::vector<std::string> CliScene::words(const std::vector<std::string>& arguments) {
  std::vector<std::string> out{offstage_program().string()};
  out.insert(out.end(), arguments.begin(), arguments.end());
  return out;
}

Start CliScene::start() const {
  Start start;
  start.folder = sandbox.path();
  start.variables["OFFSTAGE_PRACTICE"] = console.description_file().string();
  return start;
}

Finished CliScene::run(const std::vector<std::string>& arguments, const std::string& input) const {
  Start how = start();
  how.input = input;
  return run_offstage(arguments, how);
}

std::string CliScene::digest_of_plan(const std::vector<std::string>& request) const {
  std::vector<std::string> arguments{"plan"};
  arguments.insert(arguments.end(), request.begin(), request.end());
  arguments.insert(arguments.end(), {"--output", "json"});
  return run(arguments).document().at("digest").get<std::string>();
}

std::vector<std::string> CliScene::removal(const std::vector<std::string>& request) const {
  const auto policy = sandbox.write("unattended.json", R"({"version": 1, "unattended": true})");
  std::vector<std::string> arguments{"remove"};
  arguments.insert(arguments.end(), request.begin(), request.end());
  arguments.insert(arguments.end(), {"--output", "json", "--policy", policy.string()});
  return arguments;
}

Finished CliScene::remove(const std::vector<std::string>& request,
                          const std::vector<std::string>& more) const {
  std::vector<std::string> arguments = removal(request);
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments);
}

// Said here once more: whatever escapes them for Offstage is what is tested.
std::vector<std::string> live_parts(const std::string& text) {
  std::vector<std::string> parts;
  for (const char c : text) {
    if (is_ascii_control(c) && c != '\n') parts.push_back(fmt::format("control character {:#x}", int{c}));
  }
  for (const std::string& line : split(text, '\n')) {
    if (trimmed(line).starts_with("::")) parts.push_back("a command: " + line);
  }
  return parts;
}

std::vector<std::string> marks_in(const std::string& text) {
  std::vector<std::string> marks;
  for (const char* mark : {"\u009b", "\u202e", "\u202c", "\u200b"}) {
    if (text.find(mark) != std::string::npos) marks.push_back(url_encoded(mark));
  }
  return marks;
}

void follow_schema(const Json& document, const std::string& name) {
  validate(*JsonDocument::parse(document.dump(2), name),
           read_file(std::filesystem::path(OFFSTAGE_SOURCE_DIR) / "connectors/schema" / name));
}

}  // namespace offstage::test
