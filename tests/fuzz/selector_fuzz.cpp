#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"
#include "fuzz/accepted.h"
#include "recording/snapshot_clean.h"
#include "recording/snapshot_page.h"

// The first line of the input is a selector, the rest is HTML: whatever both are, a snapshot answers or says
// Error{usage}, and HTML that was cleaned once stays as it is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offstage;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string_view html = input.substr(std::min(line + 1, input.size()));
  try {
    const recording::SnapshotPage page(html, "https://a.test/");
    browser::Condition condition;
    condition.query.selectors = {{std::string(input.substr(0, line))}};
    condition.names = "ann@a.test";
    page.check(condition);
    condition.query.within = {browser::Within{condition.query.selectors, {}, "ann@a.test"}};
    page.check(condition);
    fuzz::accepted.one();
    page.text({.within = {}, .selectors = {{"body", std::string(input.substr(0, line))}}});
  } catch (const Error& error) {
    if (error.kind() != Kind::usage) std::abort();
  }
  try {
    const std::string once = recording::cleaned(html);
    if (recording::cleaned(once) != once) std::abort();
  } catch (const Error& error) {
    if (error.kind() != Kind::usage) std::abort();
  }
  return 0;
}
