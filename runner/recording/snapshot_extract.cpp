#include "recording/snapshot_extract.h"

#include <regex>

#include "base/text.h"
#include "recording/snapshot_sight.h"
#include "recording/snapshot_text.h"

namespace offstage::recording::snapshot {
namespace {

using browser::Extraction;

constexpr std::size_t longest_pattern = 500;
constexpr std::size_t longest_matched = 4'000;

std::wstring wide(std::string_view text) {
  std::wstring out;
  for (std::size_t at = 0; at < text.size();) {
    const Character each = character_at(text, at);
    out += static_cast<wchar_t>(each.code);
    at += each.length;
  }
  return out;
}

/// The bytes of a text that hold its characters from `first`, `count` of them.
std::string characters_of(std::string_view text, std::size_t first, std::size_t count) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < first; ++i)
    at += character_at(text, at).length;
  const std::size_t start = at;
  for (std::size_t i = 0; i < count; ++i)
    at += character_at(text, at).length;
  return std::string(text.substr(start, at - start));
}

Error drift_error(const std::string& message) {
  return {Kind::drift, message, "compare the page with what the script expects to read"};
}

class FieldReader {
 public:
  FieldReader(const Ground& ground, const Extraction::Field& field) : field_(field) {
    if (!field.selectors.empty()) selectors_.emplace(ground, field.selectors);
    if (!field.match.empty()) compile_pattern();
    const bool reads_attribute = field.read.size() > 1 && field.read[0] == '@';
    if (field.read != "text" && field.read != "value" && !reads_attribute) {
      throw Error(
          Kind::usage,
          "the field '" + field.name + "' reads '" + field.read + "': it can be text, value or @attribute",
          "mend the rule in the script");
    }
  }

  const std::string& name() const { return field_.name; }

  Json read(const Node& row, std::size_t number) const {
    if (field_.constant) return *field_.constant;
    const std::string where = "row " + std::to_string(number) + ", field '" + field_.name + "'";
    const std::string text = text_in(row);
    if (text.empty()) {
      if (field_.optional) return nullptr;
      throw drift_error(where + ": nothing is there to read (" + wanted() + ") in " + describe(&row));
    }
    if (field_.map.is_null()) return text;
    if (const auto found = field_.map.find(text); found != field_.map.end()) return *found;
    if (const auto any = field_.map.find("*"); any != field_.map.end()) return *any;
    std::string known;
    for (const auto& entry : field_.map.items())
      known += (known.empty() ? "\"" : ", \"") + entry.key() + "\"";
    throw drift_error(where + ": \"" + clipped(text, 80) + "\" is none of " + known);
  }

 private:
  void compile_pattern() {
    const std::string about = "the field '" + field_.name + "' has a regular expression that ";
    if (field_.match.size() > longest_pattern) {
      throw Error(Kind::usage, about + "is longer than a snapshot takes: 500 characters", "make it shorter");
    }
    try {
      pattern_.emplace(wide(field_.match), std::regex::ECMAScript);
    } catch (const std::regex_error& error) {
      throw Error(Kind::usage, about + "is not valid: " + error.what(),
                  "mend it; snapshots know no look-behind, no named groups and no \\p{…}");
    }
  }

  /// What stands in a row under the field; "" when it is missing or empty.
  std::string text_in(const Node& row) const {
    const Node* element = &row;
    Matches found;
    if (selectors_) {
      found = (*selectors_)(row);
      element = first_seen(found.elements);
    }
    if (element == nullptr) return {};
    std::string text;
    if (field_.read == "text") {
      text = text_of(*element);
    } else if (field_.read == "value") {
      text = value_of(*element).value_or("");
    } else {
      text = attribute_of(*element);
    }
    return pattern_ ? matched(text) : text;
  }

  std::string attribute_of(const Node& element) const {
    const std::string name = field_.read.substr(1);
    return std::string(element.value_of(element.is_html() ? ascii_lower(name) : name));
  }

  std::string matched(const std::string& text) const {
    if (text.size() > longest_matched) {
      throw Error(Kind::usage,
                  "the field '" + field_.name + "' matches a text that is longer than a snapshot takes",
                  "let the field read a smaller element");
    }
    const std::wstring all = wide(text);
    std::wsmatch match;
    try {
      if (!std::regex_search(all, match, *pattern_)) return {};
    } catch (const std::regex_error& error) {
      throw Error(
          Kind::usage,
          "the field '" + field_.name + "' has a regular expression that takes too much: " + error.what(),
          "make it simpler");
    }
    const std::size_t group = match.size() > 1 ? 1 : 0;
    if (!match[group].matched) return {};
    return characters_of(text, static_cast<std::size_t>(match.position(group)),
                         static_cast<std::size_t>(match.length(group)));
  }

  std::string wanted() const {
    std::vector<std::string> chains;
    for (const browser::SelectorChain& chain : field_.selectors)
      chains.push_back(join(chain, " "));
    std::string selectors = join(chains, " | ");
    if (selectors.empty()) selectors = "the row itself";
    return field_.read + " of " + selectors +
           (field_.match.empty() ? "" : ", matching /" + field_.match + "/");
  }

  const Extraction::Field& field_;
  std::optional<CompiledSelectors> selectors_;
  std::optional<std::wregex> pattern_;
};

}  // namespace

Json rows_of(const Ground& ground, const Extraction& extraction) {
  std::vector<FieldReader> fields;
  fields.reserve(extraction.fields.size());
  for (const Extraction::Field& field : extraction.fields)
    fields.emplace_back(ground, field);
  const auto answer = CompiledQuery(ground, extraction.within, extraction.rows).all();
  if (const auto* miss = std::get_if<browser::Miss>(&answer)) throw drift_error(miss->seen);
  Json rows = Json::array();
  for (const Node* element : std::get<Matches>(answer).elements) {
    // A row that nobody sees is a template, or the same row drawn for another width of screen.
    if (!is_visible(*element)) continue;
    Json row = Json::object();
    for (const FieldReader& field : fields)
      row[field.name()] = field.read(*element, rows.size() + 1);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace offstage::recording::snapshot
