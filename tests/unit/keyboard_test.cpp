#include "browser/keyboard.h"

#include <catch2/catch.hpp>

#include "base/file.h"

namespace offstage::keyboard_test {

using browser::Keyboard;

TEST_CASE("every key of the layout can be pressed and released", "[keyboard]") {
  const Json rows = Json::parse(read_file(OFFSTAGE_SOURCE_DIR "/runner/browser/us_keyboard.json"));
  CHECK(rows.size() == 255);
  for (const Json& row : rows) {
    Keyboard keyboard;
    const std::string name = row.at(0);
    INFO(name);
    CHECK(keyboard.down(name).at("code") == row.at(2));
    CHECK(keyboard.up(name).at("type") == "keyUp");
    CHECK(keyboard.modifiers() == 0);
  }
}

TEST_CASE("an unknown key is a usage error that names the nearest one", "[keyboard]") {
  Keyboard keyboard;
  try {
    keyboard.down("Entre");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::usage);
    CHECK(error.message() == "there is no key \"Entre\"");
    CHECK(error.hint() == "Did you mean \"Enter\"?");
  }
  CHECK_THROWS_AS(keyboard.up("é"), Error);
}

TEST_CASE("Enter carries the text that makes it submit a form", "[keyboard]") {
  Keyboard keyboard;
  const Json enter = keyboard.down("Enter");
  CHECK(enter.at("type") == "keyDown");
  CHECK(enter.at("text") == "\r");
  CHECK(enter.at("windowsVirtualKeyCode") == 13);
}

TEST_CASE("a recorded capital is typed as it is, without Shift", "[keyboard]") {
  Keyboard keyboard;
  const Json key = keyboard.down("A");
  CHECK(key.at("text") == "A");
  CHECK(key.at("code") == "KeyA");
  CHECK(key.at("modifiers") == 0);
}

TEST_CASE("Shift stays down until it is released and changes the keys that have a second meaning",
          "[keyboard]") {
  Keyboard keyboard;
  CHECK(keyboard.down("Shift").at("modifiers") == 8);
  CHECK(keyboard.down("Digit2").at("text") == "@");
  CHECK(keyboard.down("Numpad7").at("windowsVirtualKeyCode") == 103);
  CHECK(keyboard.down("a").at("text") == "a");
  CHECK(keyboard.up("Shift").at("modifiers") == 0);
  CHECK(keyboard.down("Digit3").at("text") == "3");
}

TEST_CASE("with Control down a key is a command and types nothing", "[keyboard]") {
  Keyboard keyboard;
  keyboard.down("Control");
  const Json key = keyboard.down("a");
  CHECK(key.at("type") == "rawKeyDown");
  CHECK(key.at("text") == "");
  CHECK(key.at("modifiers") == 2);
}

TEST_CASE("a key pressed twice without release repeats", "[keyboard]") {
  Keyboard keyboard;
  CHECK(keyboard.down("x").at("autoRepeat") == false);
  CHECK(keyboard.down("x").at("autoRepeat") == true);
  keyboard.up("x");
  CHECK(keyboard.down("x").at("autoRepeat") == false);
}

TEST_CASE("text is typed with a press and a release for each character that has a key", "[keyboard]") {
  Keyboard keyboard;
  const std::vector<Keyboard::Stroke> strokes = keyboard.typing("aé@");
  REQUIRE(strokes.size() == 5);
  CHECK(strokes[0].params.at("type") == "keyDown");
  CHECK(strokes[1].params.at("type") == "keyUp");
  CHECK(strokes[2].method == "Input.insertText");
  CHECK(strokes[2].params.at("text") == "é");
  CHECK(strokes[3].params.at("text") == "@");
}

TEST_CASE("long texts and line breaks are inserted at once", "[keyboard]") {
  Keyboard keyboard;
  CHECK(keyboard.typing(std::string(99, 'a')).size() == 198);
  CHECK(keyboard.typing(std::string(100, 'a')).size() == 1);
  const std::vector<Keyboard::Stroke> lines = keyboard.typing("a\nb");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].method == "Input.insertText");
  CHECK(lines[0].params.at("text") == "a\nb");
}

}  // namespace offstage::keyboard_test
