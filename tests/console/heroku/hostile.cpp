#include "console/heroku/hostile.h"

#include <array>

#include "base/hash.h"
#include "base/text.h"

namespace offstage::practice_heroku {

std::string hostile_name(std::string_view email) {
  static constexpr std::array<std::string_view, 7> names = {
      "<img src=x onerror=\"document.title='broken out'\"><script>alert(1)</script>",
      "\x1b[2J\x1b[31mALL CLEAR\x1b[0m\r\n::set-output name=result::removed",
      "\xE2\x80\xAEmoc.elpmaxe@nimda\xE2\x80\xAC",
      "\"],\"role\":\"admin\",\"x\":[\" {{secret.password}} ${HOME} `id` %0A%1B",
      "dana.whitfield@example.com",
      "=HYPERLINK(\"https://example.org\",\"Team\")",
      "Remove user",
  };
  const std::size_t pick =
      std::stoul(sha256(email_key(email)).substr(0, 4), nullptr, 16) % (names.size() + 1);
  if (pick < names.size()) return std::string(names.at(pick));
  std::string endless;
  for (int i = 0; i < 400; ++i)
    endless += "Wolfeschlegelsteinhausen";
  return endless;
}

void make_names_hostile(Json& answer) {
  if (answer.is_object() && answer.contains("email") && answer.contains("name"))
    answer["name"] = hostile_name(answer.at("email").get<std::string>());
  if (!answer.is_structured()) return;
  for (Json& child : answer)
    make_names_hostile(child);
}

std::string hostile_words(std::size_t filler) {
  return "\x1b[2J\x1b]0;owned\x07\xC2\x9B"
         "31mALL CLEAR\n::set-output name=x::y\r\n::error::z \xE2\x80\xAEmoc.elpmaxe\xE2\x80\xAC \xE2\x80\x8B"
         "<img src=x onerror=\"document.title='out'\"><script>alert(1)</script>'|`id`| " +
         std::string(filler, 'W');
}

void make_words_hostile(const std::vector<std::string>& path, Json& answer) {
  if (!answer.is_array()) return;
  for (Json& entry : answer) {
    if (!entry.is_object() || entry.value("role", "") != "member") continue;
    if (path.size() == 1 && path[0] == "teams") entry["name"] = hostile_words(300);
    if (entry.contains("user")) entry["role"] = hostile_words(300);
  }
}

}  // namespace offstage::practice_heroku
