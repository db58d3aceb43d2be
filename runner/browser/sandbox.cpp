#include "browser/sandbox.h"

#include <fstream>
#include <sstream>
#include <thread>

#include "base/error.h"

namespace offstage::browser {

namespace {

struct Confinement {
  int seccomp = 0;     ///< 2: system calls are filtered
  int filters = 0;     ///< how many filters lie on top of one another
  int namespaces = 0;  ///< how deep in process namespaces
};

Confinement confinement(const std::string& process) {
  Confinement found;
  std::ifstream status("/proc/" + process + "/status");
  std::string line;
  while (std::getline(status, line)) {
    std::istringstream fields(line);
    std::string name;
    fields >> name;
    if (name == "Seccomp:") fields >> found.seccomp;
    if (name == "Seccomp_filters:") fields >> found.filters;
    if (name == "NSpid:") {
      for (long pid = 0; fields >> pid;)
        ++found.namespaces;
    }
  }
  return found;
}

}  // namespace

bool renderers_become_sandboxed(cdp::Session& root, const Until& until) {
  // A container may filter our own calls and nest us in namespaces: only what comes on top is Chrome's doing.
  const Confinement own = confinement("self");
  bool open_seen = false;
  while (!until.over()) {
    Json answer;
    try {
      answer = root.call("SystemInfo.getProcessInfo", Json::object(), until);
    } catch (const Error& error) {
      // Time ran out while asking once more: what was seen before counts.
      if (open_seen && error.kind() == Kind::unreachable && !until.stop.stop_requested()) return false;
      throw;
    }
    for (const Json& process : member_of(answer, "processInfo")) {
      if (text_of(process, "type") != "renderer") continue;
      const Confinement renderer = confinement(std::to_string(integer_of(process, "id")));
      if (renderer.seccomp == 2 && (own.seccomp != 2 || renderer.filters > own.filters) &&
          renderer.namespaces > own.namespaces) {
        return true;
      }
      open_seen = true;
    }
    // A renderer shuts itself in only once it has started.
    std::this_thread::sleep_for(Milliseconds(5));
  }
  if (until.stop.stop_requested()) throw Error(Kind::interrupted, "stopped while Chrome was starting");
  return false;
}

}  // namespace offstage::browser
