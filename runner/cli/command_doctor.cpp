#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/doctor.h"

namespace offstage::cli {
namespace {

std::string_view word(Finding::Level level) {
  switch (level) {
    case Finding::Level::good:
      return "good";
    case Finding::Level::warning:
      return "warning";
    case Finding::Level::fault:
      return "fault";
  }
  return "";
}

Output::Tone tone(Finding::Level level) {
  return level == Finding::Level::good ? Output::Tone::good : Output::Tone::bad;
}

std::optional<Kind> doctor(Run& run) {
  run.log.info("starting Chrome once to see whether it works");
  const std::vector<Finding> findings = examine(run.settings, run.until(Milliseconds(120'000)));
  const auto faults = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.level == Finding::Level::fault;
  });
  Json document{{"version", 1}, {"command", "doctor"}, {"ready", faults == 0}, {"checks", Json::array()}};
  for (const Finding& finding : findings) {
    document["checks"].push_back({{"name", finding.name},
                                  {"level", word(finding.level)},
                                  {"seen", printable(finding.seen)},
                                  {"hint", printable(finding.hint)}});
    run.output.line(fmt::format(
        "{}  {:<17}{}", run.output.toned(fmt::format("{:<8}", word(finding.level)), tone(finding.level)),
        finding.name, printable(finding.seen, 400)));
    if (!finding.hint.empty()) run.output.line(fmt::format("{:27}{}", "", printable(finding.hint, 400)));
  }
  run.output.line();
  run.output.line(faults == 0 ? "This machine is ready." : fmt::format("Not ready: {} to mend.", faults));
  if (run.output.json()) run.output.document(document);
  if (faults == 0) return {};
  return Kind::browser;
}

}  // namespace

void add_doctor(CommandLine& line) {
  line.command(line.root(), "doctor", "Tell whether this machine is ready, what is wrong and how to mend it",
               {"doctor", "doctor --chrome /opt/chrome/chrome", "doctor --output json"}, doctor);
}

}  // namespace offstage::cli
