#pragma once

#include <string>
#include <string_view>

namespace offstage::recording::snapshot {

/// What the reader of a selector throws inside of itself where it is not valid; :is() passes over a choice
/// that did.
struct NotCss {};

/// The words of a selector: names with their escapes, strings, numbers, white space and comments. Everything
/// that needs what is not there throws NotCss.
class CssScanner {
 public:
  explicit CssScanner(std::string_view css) : css_(css) {}

 protected:
  bool done() const { return at_ >= css_.size(); }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < css_.size() ? css_[at_ + ahead] : '\0'; }
  bool take(char c);
  /// Goes on behind white space and comments; whether there was any white space.
  bool skip_space();
  bool skip_comment();
  bool is_identifier() const;
  std::string identifier();
  /// Letters of a name from here on; "" when none.
  std::string name();
  /// A string, from its quotation mark on.
  std::string quoted();
  int number();
  /// To the comma or parenthesis that ends a choice which is passed over.
  void skip_choice();

  std::string_view css_;
  std::size_t at_ = 0;

 private:
  bool is_escape(std::size_t ahead) const;
  void take_escape(std::string& out);
};

}  // namespace offstage::recording::snapshot
