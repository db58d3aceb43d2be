#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "recording/recording.h"

namespace offstage::recording::redaction {

/// One value and what stands in its place. A value.
struct Binding {
  std::string value;  ///< decoded; in lower case where `folded`
  Placeholder placeholder;
  /// ASCII letters in any case are the same, and the placeholder takes the case of what it replaces.
  bool folded = false;
  /// Replaced only where no letter or digit stands beside it.
  bool bounded = false;
  /// A secret, a code, a cookie or a token: it is searched for in binary data and must not survive.
  bool sensitive = false;
  /// So short a word that it is left alone in scripts and style sheets, where it would be something else.
  bool word = false;
};

/// Which value has which placeholder: a value has one, for good. One thread.
class Bindings {
 public:
  /// Each binds a value unless it is bound already, and returns the text that stands in its place.
  std::string secret(const std::string& name, const std::string& value);
  std::string code(const std::string& value);
  std::string cookie(const std::string& name, const std::string& value);
  std::string token(const std::string& name, const std::string& value);
  std::string id(const std::string& value);
  /// People's: the placeholder is the caller's (people.h). `value` in lower case where the case does not
  /// matter.
  void address(const std::string& value, const std::string& text);
  void name(const std::string& value, const std::string& text, bool folded, bool word);
  /// Gives a name that is bound another text: before anything is replaced.
  void rename(const std::string& value, const std::string& text);

  /// The binding of a value, or nullptr.
  const Binding* find(const std::string& value) const;
  /// In the order in which they were made.
  const std::vector<Binding>& all() const { return all_; }

 private:
  std::string numbered(const std::string& kind, const std::string& name, const std::string& value);
  bool holds_known(const std::string& name) const;
  std::string add(Binding binding);

  std::vector<Binding> all_;
  std::unordered_map<std::string, std::size_t> by_value_;
  std::map<std::string, int> numbers_;
};

/// `name` as placeholders have it: letters in lower case and digits only, 24 at most; "value" when nothing is
/// left.
std::string placeholder_name(std::string_view name);

}  // namespace offstage::recording::redaction
