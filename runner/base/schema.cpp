#include "base/schema.h"

#include <fmt/format.h>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "base/text.h"

namespace offstage {
namespace {

/// valijson writes a context as <root>["steps"][3]["type"]: the same as a JSON Pointer.
std::string as_pointer(const std::vector<std::string>& context) {
  std::string pointer;
  for (const std::string& part : context) {
    if (part == "<root>") continue;
    std::string name = part.substr(1, part.size() - 2);
    if (name.size() >= 2 && name.front() == '"') name = name.substr(1, name.size() - 2);
    pointer += "/" + name;
  }
  return pointer;
}

}  // namespace

void validate(const JsonDocument& document, std::string_view schema) {
  const nlohmann::json rules = nlohmann::json::parse(schema);
  valijson::Schema parsed;
  valijson::SchemaParser parser;
  try {
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(rules), parsed);
  } catch (const std::exception& error) {
    throw Error(Kind::internal, fmt::format("a JSON Schema is itself wrong: {}", error.what()));
  }
  const nlohmann::json value = nlohmann::json::parse(document.text());
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(parsed, valijson::adapters::NlohmannJsonAdapter(value), &results)) return;
  // valijson reports the innermost broken rule first.
  valijson::ValidationResults::Error first;
  results.popError(first);
  throw document.error_at(as_pointer(first.context), printable(first.description, 300));
}

}  // namespace offstage
