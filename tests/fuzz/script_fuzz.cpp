// Bytes as a script, as any export or a hostile file can hold it: it is refused for the person who gave it,
// or it can be parsed again, checked and told.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "fuzz/accepted.h"
#include "fuzz/require.h"
#include "script/describe.h"
#include "script/script.h"

using namespace offstage;
using namespace offstage::script;
using fuzz::require;

namespace {

/// A folder that is not there: the scripts that a script runs are not found.
constexpr const char* name = "/nowhere/fuzz/script.json";

std::shared_ptr<const Script> script_or_refusal(const std::string& text) {
  try {
    return parse(JsonDocument::parse(text, name));
  } catch (const Error& error) {
    require(error.kind() == Kind::usage, "a script is refused as the author's mistake");
    require(!error.message().empty(), "a refusal says why");
    return nullptr;
  }
}

void check_findings(const Script& script, const std::vector<Finding>& findings) {
  const std::string& text = script.document->text();
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  for (const Finding& finding : findings) {
    require(finding.line >= 1 && finding.line <= lines, "what is found stands on a line of the file");
    require(!finding.text.empty(), "what is found has words");
  }
}

void tell(const std::vector<Step>& steps, const Values& values) {
  for (const Step& step : steps) {
    const std::string words = describe(step, values);
    require(!words.empty() && printable(words) == words, "a step is told in one printable line");
    require(!place_of(step.path).empty(), "a step has a place");
    for (const auto& [member, nested] : step.nested)
      tell(nested, values);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto script = script_or_refusal({reinterpret_cast<const char*>(bytes), size});
  if (!script) return 0;
  fuzz::accepted.one();
  const auto again = script_or_refusal(script->document->text());
  require(again && again->digest == script->digest && again->steps.size() == script->steps.size(),
          "an accepted script is accepted again");
  require(script_or_refusal(script->document->root().dump()) != nullptr,
          "an accepted script is accepted however it is laid out");
  const std::vector<std::string> names = free_names(*script);
  check_findings(*script, check(*script));
  check_findings(*script, check(*script, names));
  std::map<std::string, Json> variables;
  tell(script->steps, Values(variables));
  for (const std::string& each : names)
    variables[each] = "\x1b[2J\xe2\x80\xae";
  tell(script->steps, Values(variables));
  return 0;
}
