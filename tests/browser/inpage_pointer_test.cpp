#include <catch2/catch.hpp>

#include "browser_support.h"
#include "queries.h"

namespace offstage::inpage_pointer_test {

using namespace test;
using browser::ClickOptions;
using browser::Condition;
using browser::Miss;
using browser::Outcome;
using browser::Page;
using browser::Query;

namespace {

Until briefly() {
  return Until::in(Milliseconds(400));
}

// Counts the clicks on what calls it.
constexpr const char* counting =
    "<p id='n'>0</p><script>const hit = (by = 1) => { n.textContent = +n.textContent + by; }</script>";

int hits(Page& page) {
  return std::stoi(page.text({}, at("#n"), soon()).value_or("-1"));
}

Condition names(const std::string& selector, const std::string& name) {
  Condition condition;
  condition.query = at(selector);
  condition.names = name;
  return condition;
}

}  // namespace

TEST_CASE("a confirmation that changes between press and click stops the click", "[guard]") {
  Stage stage;
  Page& page = stage.show(
      std::string(counting) +
      "<p id='c'>Remove ann@a.test?</p>"
      "<button onclick='hit()' onmouseup=\"c.textContent = 'Remove bob@a.test?'\">Remove</button>");
  ClickOptions options;
  options.guard = {names("#c", "ann@a.test")};
  const Outcome outcome = page.click({}, at("button"), options, soon());
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::guard);
  CHECK(hits(page) == 0);
}

TEST_CASE("a confirmation that changes as the pointer comes swallows the whole click", "[guard]") {
  Stage stage;
  Page& page = stage.show(
      std::string(counting) +
      "<p id='c'>Remove ann@a.test?</p><button onmousemove=\"c.textContent = 'Remove bob@a.test?'\" "
      "onpointerdown='hit()' onmousedown='hit()' onmouseup='hit()' onclick='hit()'>Remove</button>");
  ClickOptions options;
  options.guard = {names("#c", "ann@a.test")};
  const Outcome outcome = page.click({}, at("button"), options, briefly());
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::guard);
  CHECK(hits(page) == 0);
}

TEST_CASE("an element that is taken away between press and click is a miss", "[guard]") {
  Stage stage;
  Page& page = stage.show(std::string(counting) +
                          "<p id='c'>Remove ann@a.test?</p>"
                          "<button onclick='hit()' onmousedown='this.remove()'>Remove</button>");
  ClickOptions options;
  options.guard = {names("#c", "ann@a.test")};
  CHECK_FALSE(page.click({}, at("button"), options, soon()).ok());
  CHECK(hits(page) == 0);
}

TEST_CASE("an element that is replaced as the pointer comes is looked up again", "[guard]") {
  Stage stage;
  Page& page = stage.show(std::string(counting) + R"html(<div id="box"><button>Remove</button></div><script>
    let times = 0;
    const renew = () => {
      if (times++ < 1) box.innerHTML = '<button>Remove</button>';
      document.querySelector('button').onmousemove = renew;
      document.querySelector('button').onclick = () => hit();
    };
    renew();
  </script>)html");
  CHECK(page.click({}, at("aria/Remove"), {}, soon()).ok());
  CHECK(hits(page) == 1);
}

TEST_CASE("a button whose row becomes another person's as the pointer comes is not clicked", "[guard]") {
  Stage stage;
  Page& page = stage.show(R"html(<ul><li><b>ann</b> <button>Remove</button></li>
    <li><b>bob</b> <button>Remove</button></li></ul><p id="n">nobody</p><script>
    const names = document.querySelectorAll('b');
    document.querySelector('button').addEventListener('mousemove', () => {
      [names[0].textContent, names[1].textContent] = [names[1].textContent, names[0].textContent];
    }, { once: true });
    document.addEventListener('click', (e) => {
      n.textContent = e.target.parentElement.querySelector('b').textContent;
    });
  </script>)html");
  Query query = at("aria/Remove");
  query.within = {{{{"li"}}, {{"b"}}, "ann"}};
  CHECK(page.click({}, query, {}, soon()).ok());
  CHECK(page.text({}, at("#n"), soon()) == "ann");
}

TEST_CASE("a bar that stays at an edge is escaped by scrolling", "[pointer]") {
  Stage stage;
  const std::string edge = GENERATE("top:0", "bottom:0");
  Page& page = stage.show(std::string(counting) + "<div style='position:fixed;left:0;right:0;" + edge +
                          ";height:75vh;background:#eee'>Bar</div><div style='height:3000px'></div>"
                          "<button onclick='hit()'>Go</button><div style='height:3000px'></div>");
  CHECK(page.click({}, at("button"), {}, soon()).ok());
  CHECK(hits(page) == 1);
}

TEST_CASE("an element in a scrolled box is brought into its view", "[pointer]") {
  Stage stage;
  Page& page = stage.show(std::string(counting) +
                          "<div style='height:90px;overflow:auto'><div style='height:900px'></div>"
                          "<button onclick='hit()'>Go</button></div>");
  CHECK(page.click({}, at("button"), {}, soon()).ok());
  CHECK(hits(page) == 1);
}

TEST_CASE("a link over two lines is hit on its text", "[pointer]") {
  Stage stage;
  Page& page = stage.show(std::string(counting) +
                          "<p style='width:12em'>Some words that fill the line <a href='#x' onclick='hit()'>"
                          "link over lines</a> end</p>");
  CHECK(page.click({}, at("a"), {}, soon()).ok());
  CHECK(hits(page) == 1);
}

TEST_CASE("a label stands for its field, and the field for its label", "[pointer]") {
  Stage stage;
  Page& page = stage.show(
      "<input type='checkbox' id='a' style='position:absolute;opacity:0;width:1px;height:1px'>"
      "<label for='a'>Agree</label> <label style='position:relative'>"
      "<input type='checkbox' id='b'><span style='position:absolute;inset:0'>Over it</span></label>");
  CHECK(page.click({}, at("text/Agree"), {}, soon()).ok());
  CHECK(page.click({}, at("#b"), {}, soon()).ok());
  CHECK(page.wait_for_expression({}, "a.checked && b.checked", soon()));
}

TEST_CASE("a button inside of what is aimed at does not take a click for text beside it", "[pointer]") {
  Stage stage;
  Page& page =
      stage.show(std::string(counting) +
                 "<div role='button' tabindex='0' onclick='hit()' style='position:relative'>"
                 "<span>Card text</span><button style='position:absolute;inset:0'>Delete</button></div>");
  const Outcome outcome = page.click({}, at("text/Card text"), {}, briefly());
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::covered);
  CHECK(hits(page) == 0);
}

TEST_CASE("what covers an element is named with what it belongs to", "[pointer]") {
  Stage stage;
  Page& page = stage.show(
      "<div style='position:relative'><button>Go</button>"
      "<div id='veil' style='position:absolute;inset:0'><i "
      "style='position:absolute;inset:0'></i></div></div>");
  const Outcome outcome = page.click({}, at("button"), {}, briefly());
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::covered);
  CHECK(outcome.miss->seen.find("<i> from the subtree of <div id=\"veil\">") != std::string::npos);
}

TEST_CASE("what disables an ancestor disables the element", "[pointer]") {
  Stage stage;
  Page& page = stage.show(
      "<fieldset disabled><legend><button id='legend'>In legend</button></legend>"
      "<button id='field'>In fieldset</button></fieldset>"
      "<div aria-disabled='true'><span role='button' id='aria'>In aria</span></div>"
      "<button disabled><b id='part'>Part</b></button>");
  for (const char* selector : {"#field", "#aria", "#part"}) {
    INFO(selector);
    const Outcome outcome = page.click({}, at(selector), {}, Until::in(Milliseconds(150)));
    REQUIRE(outcome.miss);
    CHECK(outcome.miss->why == Miss::Why::disabled);
  }
  CHECK(page.click({}, at("#legend"), {}, soon()).ok());
}

TEST_CASE("elements without a box, unseen or closed away are hidden", "[pointer]") {
  Stage stage;
  Page& page = stage.show(
      "<b id='none' hidden>x</b><b id='unseen' style='visibility:hidden'>x</b><b id='empty'></b>"
      "<details><summary>s</summary><b id='closed'>x</b></details>"
      "<span id='contents' style='display:contents'>text without a box</span>");
  for (const char* selector : {"#none", "#unseen", "#empty", "#closed"}) {
    INFO(selector);
    const Outcome outcome = page.hover({}, at(selector), Until::in(Milliseconds(150)));
    REQUIRE(outcome.miss);
    CHECK(outcome.miss->why == Miss::Why::hidden);
  }
  Condition visible = is_there("#contents");
  visible.must_be_visible = true;
  CHECK_FALSE(page.check({}, visible, soon()));
}

TEST_CASE("a page sees nothing of the script that works in it", "[guard]") {
  Stage stage;
  Page& page =
      stage.show("<script>window.before = Object.getOwnPropertyNames(window).length</script><b>x</b>");
  REQUIRE(page.hover({}, at("b"), soon()).ok());
  CHECK(page.wait_for_expression(
      {}, "typeof offstageInpage === 'undefined' && typeof offstageVerdict === 'undefined'", soon()));
}

TEST_CASE("a page's own events are never swallowed", "[guard]") {
  Stage stage;
  Page& page = stage.show(std::string(counting) +
                          "<button id='a' onclick='hit(10)'>A</button>"
                          "<button id='b' onmousemove='a.click()' onclick='hit()'>B</button>");
  CHECK(page.click({}, at("#b"), {}, soon()).ok());
  CHECK(hits(page) % 10 == 1);
  CHECK(hits(page) > 10);
}

}  // namespace offstage::inpage_pointer_test
