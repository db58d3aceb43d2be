#include "cli/rehearsal_output.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::cli {
namespace {

double seconds(Milliseconds span) {
  return static_cast<double>(span.count()) / 1000;
}

}  // namespace

browser::LaunchOptions launch_options(const Settings& settings) {
  browser::LaunchOptions options;
  options.executable = settings.chrome;
  options.headed = settings.headed;
  options.allow_no_sandbox = settings.allow_no_sandbox;
  return options;
}

void print_result(Output& output, const rehearsal::Result& result) {
  const bool passed = result.passed();
  const std::string mark = writes_utf8() ? (passed ? "✓" : "✗") : (passed ? "ok" : "FAILED");
  output.line(
      fmt::format("{} {} {}", output.toned(mark, passed ? Output::Tone::good : Output::Tone::bad),
                  printable(result.name, 200),
                  output.toned(fmt::format("({:.1f} s)", seconds(result.verdict.took)), Output::Tone::dim)));
  if (result.error) output.line("    " + printable(result.error->message(), 1000));
  if (result.error && !result.error->hint().empty())
    output.line("      " + printable(result.error->hint(), 400));
  for (const std::string& fault : result.verdict.faults) {
    for (const std::string& line : split(fault, '\n'))
      output.line("    " + line);
  }
  for (const std::string& note : result.verdict.notes)
    output.line("    " + output.toned("note: " + note, Output::Tone::dim));
}

Json result_json(const rehearsal::Result& result) {
  Json out{{"name", printable(result.name)},
           {"passed", result.passed()},
           {"milliseconds", result.verdict.took.count()},
           {"ending", result.verdict.ending.kind},
           {"faults", result.verdict.faults},
           {"notes", result.verdict.notes}};
  if (result.error) out["error"] = printable(result.error->message());
  return out;
}

void print_summary(Output& output, const std::vector<rehearsal::Result>& results, Milliseconds took) {
  const auto passed =
      std::count_if(results.begin(), results.end(), [](const auto& each) { return each.passed(); });
  const auto failed = static_cast<long>(results.size()) - passed;
  output.line(fmt::format("{} passed, {} failed", passed, failed));
  output.line(output.toned(fmt::format("in {:.1f} s", seconds(took)), Output::Tone::dim));
}

}  // namespace offstage::cli
