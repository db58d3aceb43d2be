#include "rehearsal/reports.h"

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::rehearsal {
namespace {

/// Text for XML: made printable first, since XML 1.0 has no way to write control characters at all.
std::string xml(const std::string& text) {
  return html_escaped(printable(text));
}

std::vector<std::string> faults_of(const Result& result) {
  std::vector<std::string> faults = result.verdict.faults;
  if (result.error) faults.push_back(result.error->message());
  return faults;
}

double seconds(const Result& result) {
  return static_cast<double>(result.verdict.took.count()) / 1000;
}

}  // namespace

std::string junit_xml(const std::vector<Result>& results) {
  std::size_t failures = 0;
  std::size_t errors = 0;
  double time = 0;
  for (const Result& result : results) {
    if (result.error) ++errors;
    if (!result.error && !result.passed()) ++failures;
    time += seconds(result);
  }
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format(
      "<testsuites>\n<testsuite name=\"offstage test\" tests=\"{}\" failures=\"{}\" errors=\"{}\" "
      "time=\"{:.3f}\">\n",
      results.size(), failures, errors, time);
  for (const Result& result : results) {
    out += fmt::format("<testcase classname=\"recordings\" name=\"{}\" time=\"{:.3f}\"", xml(result.name),
                       seconds(result));
    if (result.passed()) {
      out += "/>\n";
      continue;
    }
    const std::vector<std::string> faults = faults_of(result);
    const std::string element = result.error ? "error" : "failure";
    out += fmt::format(">\n<{} message=\"{}\">", element, xml(faults.front()));
    for (const std::string& fault : faults)
      out += xml(fault) + "\n";
    for (const std::string& request : result.verdict.requests)
      out += xml("  " + request) + "\n";
    out += fmt::format("</{}>\n</testcase>\n", element);
  }
  return out + "</testsuite>\n</testsuites>\n";
}

std::string tap(const std::vector<Result>& results) {
  std::string out = fmt::format("TAP version 13\n1..{}\n", results.size());
  std::size_t number = 0;
  for (const Result& result : results) {
    std::string name = printable(result.name);
    // A `#` would begin a directive.
    for (std::size_t at = name.find('#'); at != std::string::npos; at = name.find('#', at + 2))
      name.insert(at, "\\");
    out += fmt::format("{} {} - {}\n", result.passed() ? "ok" : "not ok", ++number, name);
    if (result.passed()) continue;
    out += "  ---\n  faults:\n";
    for (const std::string& fault : faults_of(result))
      out += fmt::format("    - {}\n", Json(printable(fault)).dump());
    out += "  ...\n";
  }
  return out;
}

}  // namespace offstage::rehearsal
