#include "connector/practice.h"

#include <cerrno>
#include <csignal>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"

namespace offstage::connector {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view how_to_start =
    "start one with \"offstage practice\", and use the path that it prints";

bool runs(long pid) {
  // EPERM: it runs as somebody else.
  return ::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM;
}

}  // namespace

Practice load_practice(const fs::path& named) {
  std::error_code none;
  const fs::path file = fs::is_directory(named, none) ? named / "practice.json" : named;
  if (!fs::is_regular_file(file, none)) {
    throw Error(Kind::usage,
                fmt::format("there is no practice console: {} does not exist", printable(file.string(), 200)),
                std::string(how_to_start));
  }
  const JsonView root(JsonDocument::load(file));
  if (const JsonView version = root.at("version"); version.integer() != 1) {
    throw version.error("is a version that this Offstage does not know", "it knows version 1");
  }
  Practice practice;
  practice.connector = root.at("connector").string();
  practice.mapping.address = root.at("address").string();
  practice.mapping.hosts = root.at("hosts").strings();
  practice.mapping.spki = root.at("spki").string();
  if (practice.mapping.hosts.empty()) throw root.at("hosts").error("names no hosts");
  practice.secrets = root.at("secrets").string();
  if (practice.secrets.is_relative()) practice.secrets = file.parent_path() / practice.secrets;
  practice.pid = root.at("pid").integer();
  // kill() with 0 or less means process groups: never a practice console's own number.
  if (practice.pid <= 0) throw root.at("pid").error("is not the number of a process");
  if (!runs(practice.pid)) {
    throw Error(Kind::usage,
                fmt::format("{}: the practice console that this describes (process {}) does not run any more",
                            printable(file.string(), 200), practice.pid),
                std::string(how_to_start));
  }
  return practice;
}

}  // namespace offstage::connector
