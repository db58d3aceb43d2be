#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace offstage::recording::redaction {

/// Which names of fields say that their value is a token: those known everywhere, and a connector's own.
/// Names are the same whatever their case, dashes and underscores; of `user[password]`, the last part counts.
/// Immutable; safe on any thread.
class TokenNames {
 public:
  explicit TokenNames(const std::vector<std::string>& more);

  enum class Says {
    nothing,  ///< an ordinary field
    perhaps,  ///< `state`, `code`: a token when its value looks like one
    token,    ///< a token unless its value is a plain word
    typed,    ///< a password or one-time code: in what a page sends, whatever it is
  };
  Says of(std::string_view name) const;

 private:
  std::set<std::string, std::less<>> more_;
};

/// Whether a value (decoded) is one that a field's name speaks of: no ordinary word, small number, date,
/// address of a page, or prose. `sent`: it stands in a request.
bool is_token_value(std::string_view value, TokenNames::Says says, bool sent);

/// Whether a cookie's value tells one browser from another: no setting such as "1", "dark" or "en-US".
bool is_cookie_token(std::string_view value);

/// Whether `word` is one letter-only word in one case, or capitalised.
bool is_plain_word(std::string_view word);

/// How often neighbours in `text` are of different classes (digit, small letter, capital), other characters
/// left out.
int class_changes(std::string_view text);

}  // namespace offstage::recording::redaction
