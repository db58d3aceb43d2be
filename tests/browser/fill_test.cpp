#include <catch2/catch.hpp>

#include "browser_support.h"
#include "queries.h"

namespace offstage::fill_test {

using namespace test;
using browser::Miss;
using browser::Outcome;
using browser::Page;

namespace {

// Tells a field's value as text, since what a person typed stands in no element.
constexpr const char* field = R"html(<input id="field" oninput="seen.textContent = '[' + this.value + ']'">
  <p id="seen">-</p><p id="keys">0</p><script>
  field.addEventListener('keydown', (e) => { keys.textContent = +keys.textContent + 1; });
</script>)html";

std::string seen(Page& page) {
  return page.text({}, at("#seen"), soon()).value_or("nothing");
}

}  // namespace

TEST_CASE("a field is filled with real keys", "[fill]") {
  Stage stage;
  Page& page = stage.show(field);
  REQUIRE(page.fill({}, at("#field"), "Bob-1@a.test", soon()).ok());
  CHECK(seen(page) == "[Bob-1@a.test]");
  CHECK(page.text({}, at("#keys"), soon()) == "12");
}

TEST_CASE("characters without a key and long texts are inserted", "[fill]") {
  Stage stage;
  Page& page = stage.show(field);
  REQUIRE(page.fill({}, at("#field"), "né 東", soon()).ok());
  CHECK(seen(page) == "[né 東]");
  const std::string text(150, 'x');
  REQUIRE(page.fill({}, at("#field"), text, soon()).ok());
  CHECK(seen(page) == "[" + text + "]");
}

TEST_CASE("only what is missing is typed, and another value is replaced", "[fill]") {
  Stage stage;
  Page& page = stage.show(field);
  REQUIRE(page.fill({}, at("#field"), "Hello", soon()).ok());
  REQUIRE(page.fill({}, at("#field"), "Hello World", soon()).ok());
  CHECK(seen(page) == "[Hello World]");
  CHECK(page.text({}, at("#keys"), soon()) == "11");
  REQUIRE(page.fill({}, at("#field"), "Bye", soon()).ok());
  CHECK(seen(page) == "[Bye]");
}

TEST_CASE("a secret is typed and stays out of the page's HTML", "[fill]") {
  Stage stage;
  Page& page = stage.show(
      "<input id='field' type='text'><p id='seen'>-</p><script>"
      "field.oninput = () => { seen.textContent = field.value.length; }</script>");
  REQUIRE(page.fill({}, at("#field"), Secret("hunter2!"), soon()).ok());
  CHECK(seen(page) == "8");
  CHECK(page.html({}, soon()).find("hunter2") == std::string::npos);
}

TEST_CASE("a secret that cannot be typed is in no error", "[fill]") {
  Stage stage;
  Page& page = stage.show("<input id='field' disabled>");
  const Outcome outcome = page.fill({}, at("#field"), Secret("hunter2!"), Until::in(Milliseconds(300)));
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->explain().find("hunter2") == std::string::npos);
}

TEST_CASE("a select takes a value, and an unknown one is a miss", "[fill]") {
  Stage stage;
  Page& page = stage.show(
      "<select id='field' onchange='seen.textContent = this.value'><option value='a'>A"
      "<option value='b'>B</select><p id='seen'>-</p>");
  REQUIRE(page.fill({}, at("#field"), "b", soon()).ok());
  CHECK(seen(page) == "b");
  const Outcome outcome = page.fill({}, at("#field"), "c", Until::in(Milliseconds(300)));
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::no_option);
}

TEST_CASE("a box is ticked with a click, and only when it is not", "[fill]") {
  Stage stage;
  Page& page = stage.show(
      "<input type='checkbox' id='field' onclick='seen.textContent += this.checked'>"
      "<p id='seen'>-</p>");
  REQUIRE(page.fill({}, at("#field"), "true", soon()).ok());
  REQUIRE(page.fill({}, at("#field"), "true", soon()).ok());
  CHECK(seen(page) == "-true");
  REQUIRE(page.fill({}, at("#field"), "", soon()).ok());
  CHECK(seen(page) == "-truefalse");
}

TEST_CASE("a page that is not in front takes what is typed", "[fill]") {
  Stage stage;
  Page& page = stage.show(field);
  stage.context->new_page(soon());
  REQUIRE(page.fill({}, at("#field"), "behind", soon()).ok());
  CHECK(seen(page) == "[behind]");
}

namespace {

/// A field that gives the focus away at its third key, or at each; what else is typed into shows it.
struct Thief {
  Stage stage;
  Page& page = stage.page;

  Thief(const std::string& to, bool at_each_key, bool written) {
    stage.server.page("/inside",
                      "<input id='it' oninput='seen.textContent += this.value'><p id='seen'>-</p>"
                      "<script>onfocus = () => { it.focus(); }</script>");
    std::string html =
        "<input id='field' type='password'><input id='other' oninput='seen.textContent += this.value'>"
        "<p id='seen'>-</p><p id='left'>0</p><iframe src='" +
        stage.server.url("/inside", to == "a frame" ? "127.0.0.1" : "b.test") + "'></iframe>";
    const std::string take = to == "another field" ? "other.focus()"
                             : to == "nothing"     ? "field.blur()"
                                                   : "document.querySelector('iframe').focus()";
    html += "<script>field.oninput = () => { " +
            std::string(at_each_key ? "" : "if (field.value.length !== 3) return; ") + take +
            "; left.textContent = +left.textContent + 1; };</script>";
    if (written) {
      html = "<template id='content'>" + html +
             "</template><script>onload = () => { onload = null; const all = content.innerHTML;"
             " document.open(); document.write(all); document.close(); };</script>";
    }
    stage.show(html);
    REQUIRE_FALSE(page.wait_for({0}, is_there("input"), soon()));
  }
  std::string stolen() {
    CHECK(page.text({}, at("#left"), soon()) != "0");
    return seen(page) + page.text({0}, at("#seen"), soon()).value_or("nothing");
  }
};

}  // namespace

TEST_CASE("a secret is typed into one field only, whatever the page gives the focus to", "[fill]") {
  const std::string to = GENERATE("another field", "a frame", "a frame of another site", "nothing");
  const bool at_each_key = GENERATE(false, true);
  const bool written = GENERATE(false, true);
  CAPTURE(to, at_each_key, written);
  Thief thief(to, at_each_key, written);
  CHECK(thief.page.fill({}, at("#field"), Secret("hunter2secret"), soon()).ok());
  CHECK(thief.stolen() == "--");
}

TEST_CASE("no other field of its page takes what is typed into one", "[fill]") {
  Thief thief("another field", false, false);
  CHECK(thief.page.fill({}, at("#field"), "hunter2", soon()).ok());
  CHECK(thief.stolen() == "--");
}

TEST_CASE("a text whose keys went to a frame in part has not been filled in", "[fill][frame]") {
  const std::string to = GENERATE("a frame", "a frame of another site");
  CAPTURE(to);
  Thief thief(to, false, false);
  const Outcome outcome = thief.page.fill({}, at("#field"), "hunter2", soon());
  // Those that Chrome had already given to the page when the frame got the focus are heard there.
  const bool astray = thief.stolen() != "--";
  CHECK(outcome.ok() != astray);
  CHECK(outcome.reached == astray);
  if (to == "a frame") CHECK(astray);
}

TEST_CASE("a field that hands the focus on when it is full has been filled in", "[fill]") {
  const bool secret = GENERATE(false, true);
  CAPTURE(secret);
  Stage stage;
  stage.server.page("/inside", "<p>Inside</p>");
  Page& page = stage.show(
      "<input id='field' oninput='if (this.value.length === 3) document.querySelector(\"iframe\").focus()'>"
      "<iframe src='" +
      stage.server.url("/inside", "b.test") + "'></iframe>");
  const Outcome outcome = secret ? page.fill({}, at("#field"), Secret("123"), soon())
                                 : page.fill({}, at("#field"), "123", soon());
  CHECK(outcome.ok());
}

TEST_CASE("Enter submits the form that is being filled", "[fill][keyboard]") {
  Stage stage;
  stage.server.page("/sent", "<p id='sent'>Sent</p>");
  Page& page = stage.show("<form action='/sent'><input id='field' name='q'></form>");
  REQUIRE(page.fill({}, at("#field"), "x", soon()).ok());
  const auto watch = page.watch_navigation({});
  page.key_down("Enter", soon());
  page.key_up("Enter", soon());
  CHECK(watch->wait(soon()));
  CHECK_FALSE(page.wait_for({}, is_there("#sent"), soon()));
}

TEST_CASE("modifiers stay down between keys", "[fill][keyboard]") {
  Stage stage;
  Page& page = stage.show(field);
  REQUIRE(page.fill({}, at("#field"), "abc", soon()).ok());
  page.key_down("Control", soon());
  page.key_down("a", soon());
  page.key_up("a", soon());
  page.key_up("Control", soon());
  page.key_down("z", soon());
  page.key_up("z", soon());
  CHECK_FALSE(page.wait_for({}, reads("#seen", "[z]"), soon()));
}

TEST_CASE("a dialog that a key opens does not hold the typing", "[fill][dialog]") {
  Stage stage;
  Page& page = stage.show("<input id='field' onkeydown=\"alert('No')\">");
  const Outcome outcome = page.fill({}, at("#field"), "x", soon());
  CHECK(outcome.dialog_opened);
  CHECK(page.dialog()->message == "No");
  page.handle_dialog(true, "", soon());
}

}  // namespace offstage::fill_test
