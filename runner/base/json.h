#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"

// Compiled once, in json.cpp: every source uses it, and it is the most expensive thing to compile.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace offstage {

/// JSON with its keys in the order they were written, so that what Offstage writes reads as it was meant.
using Json = nlohmann::ordered_json;

/// The string member `key` of an object, or "" when it is absent or no string.
std::string text_of(const Json& object, std::string_view key);
/// The same for numbers, 0 when it is none that an int holds, and for booleans.
int integer_of(const Json& object, std::string_view key);
bool flag_of(const Json& object, std::string_view key);
/// The member itself; null when it is absent.
const Json& member_of(const Json& object, std::string_view key);

/// Whether a JSON text is nested deeper than `levels`: what walks or copies such a value calls itself for
/// each.
bool nested_deeper(std::string_view text, int levels);

/// Deeper than this is nothing that people write.
constexpr int deepest_nesting = 200;

/// A JSON text that remembers where each value stands, so that an error can name file, line and path.
/// Immutable once made; views into it keep it alive.
class JsonDocument : public std::enable_shared_from_this<JsonDocument> {
 public:
  /// What a member that one object holds twice is: a fault, since one of them would be lost in silence; or,
  /// in what other programs wrote, a habit, and the last one counts.
  enum class Twice { refused, last_counts };
  /// Parses `text`; `name` is what errors call it (a file's path). Throws Error{usage} with line and column.
  static std::shared_ptr<const JsonDocument> parse(std::string text, std::string name,
                                                   Twice twice = Twice::refused);
  /// Reads and parses a file. Throws Error{usage} when it cannot be read.
  static std::shared_ptr<const JsonDocument> load(const std::filesystem::path& file);

  const Json& root() const { return root_; }
  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }
  /// The line (from 1) on which the value at a JSON Pointer (RFC 6901) starts; of its nearest known parent
  /// when nothing stands there.
  int line_of(std::string pointer) const;
  /// "file.json:12: /steps/3/type: what" with the line of `pointer`, as Error{usage}.
  [[nodiscard]] Error error_at(const std::string& pointer, std::string_view what,
                               std::string hint = {}) const;

 private:
  JsonDocument() = default;
  std::string name_;
  std::string text_;
  Json root_;
  std::map<std::string, int> lines_;
};

/// A value inside a JsonDocument together with its path: reads typed fields and throws errors that name the
/// place. Cheap to copy.
class JsonView {
 public:
  explicit JsonView(std::shared_ptr<const JsonDocument> document);
  JsonView(std::shared_ptr<const JsonDocument> document, const Json& value, std::string pointer);

  const Json& json() const { return *value_; }
  const std::string& pointer() const { return pointer_; }
  const std::shared_ptr<const JsonDocument>& document() const { return document_; }

  /// The member `key` of an object; throws when this is no object or has none.
  JsonView at(std::string_view key) const;
  /// The same, or nothing when it is absent or null.
  std::optional<JsonView> find(std::string_view key) const;
  /// The elements of an array, in order; throws when this is none.
  std::vector<JsonView> elements() const;
  /// The members of an object, in order; throws when this is none.
  std::vector<std::pair<std::string, JsonView>> members() const;

  std::string string() const;
  bool boolean() const;
  double number() const;
  long integer() const;
  /// The string member `key`, or `fallback` when it is absent.
  std::string string_or(std::string_view key, std::string fallback) const;
  bool boolean_or(std::string_view key, bool fallback) const;
  long integer_or(std::string_view key, long fallback) const;
  std::vector<std::string> strings() const;

  /// Throws when this object has a member that is not in `known`, with the nearest known name as a hint.
  void only(const std::vector<std::string>& known) const;

  [[nodiscard]] Error error(std::string_view what, std::string hint = {}) const;

 private:
  std::shared_ptr<const JsonDocument> document_;
  const Json* value_;
  std::string pointer_;
};

}  // namespace offstage
