#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace offstage::practice_heroku {

/// Display names that try to break out of wherever they are shown, one for each address, always the same.
std::string hostile_name(std::string_view email);
/// Gives every display name in an answer its hostile form.
void make_names_hostile(Json& answer);

/// Terminal escapes, workflow commands at the start of a line, right-to-left marks, HTML and quotes, and
/// after them `filler` bytes that go on and on.
std::string hostile_words(std::size_t filler);
/// Gives the words of an answer to `path` that are read by more than their sense a hostile form: the role of
/// everybody who is "member", and in the list of teams the names of those that the account does not manage.
void make_words_hostile(const std::vector<std::string>& path, Json& answer);

}  // namespace offstage::practice_heroku
