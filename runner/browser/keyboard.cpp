#include "browser/keyboard.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "embedded/us_keyboard_json.h"

namespace offstage::browser {

namespace {

constexpr int shift = 8;
constexpr std::size_t inserted_from = 100;  // characters
constexpr int numeric_pad = 3;              // KeyboardEvent.DOM_KEY_LOCATION_NUMPAD

struct Key {
  std::string key;
  std::string code;
  int key_code = 0;
  int location = 0;
  std::string shift_key;
  int shift_key_code = 0;
  std::string text;
};

using Layout = std::map<std::string, Key, std::less<>>;

Layout read_layout() {
  Layout layout;
  for (const Json& row : Json::parse(embedded::us_keyboard_json)) {
    const auto text = [&](std::size_t at) { return at < row.size() ? row[at].get<std::string>() : ""; };
    const auto number = [&](std::size_t at) { return at < row.size() ? row[at].get<int>() : 0; };
    layout[text(0)] = {text(1), text(2), number(3), number(4), text(5), number(6), text(7)};
  }
  return layout;
}

const Layout& layout() {
  static const Layout read = read_layout();
  return read;
}

const Key& key_named(const std::string& name) {
  const auto found = layout().find(name);
  if (found != layout().end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, key] : layout())
    names.push_back(known);
  const std::string near = nearest(name, names);
  throw Error(Kind::usage, fmt::format("there is no key \"{}\"", printable(name, 80)),
              near.empty() ? "Keys are those of the US layout; other characters are typed with a change step."
                           : fmt::format("Did you mean \"{}\"?", printable(near)));
}

int modifier_bit(std::string_view key) {
  if (key == "Alt") return 1;
  if (key == "Control") return 2;
  if (key == "Meta") return 4;
  return key == "Shift" ? shift : 0;
}

// The length in bytes of the UTF-8 character that starts with `first`; 1 for what cannot start one.
std::size_t length_of(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte >= 0xF0) return 4;
  if (byte >= 0xE0) return 3;
  return byte >= 0xC0 ? 2 : 1;
}

std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> list;
  while (!text.empty()) {
    const std::size_t length = std::min(length_of(text.front()), text.size());
    list.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return list;
}

}  // namespace

Json Keyboard::down(const std::string& name) {
  const Key& key = key_named(name);
  const bool repeated = !pressed_.insert(key.code).second;
  const bool shifted = (modifiers_ & shift) != 0;
  const std::string pressed = shifted && !key.shift_key.empty() ? key.shift_key : key.key;
  const int code = shifted && key.shift_key_code != 0 ? key.shift_key_code : key.key_code;
  modifiers_ |= modifier_bit(key.key);
  std::string text = key.text;
  if (text.empty() && pressed.size() == 1 && pressed[0] != '\0') text = pressed;
  // Control, Alt and Meta make a command of the key, not a character.
  if ((modifiers_ & ~shift) != 0) text.clear();
  return {{"type", text.empty() ? "rawKeyDown" : "keyDown"},
          {"modifiers", modifiers_},
          {"windowsVirtualKeyCode", code},
          {"code", key.code},
          {"key", pressed},
          {"text", text},
          {"unmodifiedText", text},
          {"autoRepeat", repeated},
          {"location", key.location},
          {"isKeypad", key.location == numeric_pad}};
}

Json Keyboard::up(const std::string& name) {
  const Key& key = key_named(name);
  const bool shifted = (modifiers_ & shift) != 0;
  modifiers_ &= ~modifier_bit(key.key);
  pressed_.erase(key.code);
  return {{"type", "keyUp"},
          {"modifiers", modifiers_},
          {"windowsVirtualKeyCode", shifted && key.shift_key_code != 0 ? key.shift_key_code : key.key_code},
          {"code", key.code},
          {"key", shifted && !key.shift_key.empty() ? key.shift_key : key.key},
          {"location", key.location}};
}

std::vector<Keyboard::Stroke> Keyboard::typing(std::string_view text) {
  const std::vector<std::string> list = characters(text);
  if (list.size() >= inserted_from || std::any_of(text.begin(), text.end(), is_ascii_control)) {
    return {{"Input.insertText", {{"text", text}}}};
  }
  std::vector<Stroke> strokes;
  for (const std::string& character : list) {
    if (layout().contains(character)) {
      strokes.push_back({"Input.dispatchKeyEvent", down(character)});
      strokes.push_back({"Input.dispatchKeyEvent", up(character)});
    } else {
      strokes.push_back({"Input.insertText", {{"text", character}}});
    }
  }
  return strokes;
}

}  // namespace offstage::browser
