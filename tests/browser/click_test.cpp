#include <thread>

#include <catch2/catch.hpp>

#include "browser_support.h"
#include "queries.h"

namespace offstage::click_test {

using namespace test;
using browser::ClickOptions;
using browser::Miss;
using browser::Outcome;
using browser::Page;

namespace {

Until briefly() {
  return Until::in(Milliseconds(400));
}

// Keeps a list of what happened in #log.
constexpr const char* logging = R"html(<pre id="log">-</pre><script>
  const log = (text) => { const at = document.getElementById('log');
    at.textContent = at.textContent === '-' ? text : at.textContent + ' ' + text; };
</script>)html";

std::string log_of(Page& page, const browser::FramePath& frame = {}) {
  return page.text(frame, at("#log"), soon()).value_or("no log");
}

/// A document that its page writes only once it has loaded, or writes into a frame: with document.open, which
/// takes every listener from the window.
struct Written {
  browser::FramePath frame;
  std::string html;

  explicit Written(const std::string& content) {
    const bool in_frame = GENERATE(false, true);
    CAPTURE(in_frame);
    const std::string write = "const all = content.innerHTML; at.open(); at.write(all); at.close();";
    html = "<template id=content>" + content + "</template>";
    if (in_frame) {
      frame = {0};
      html += "<iframe></iframe><script>const at = document.querySelector('iframe').contentDocument;" +
              write + "</script>";
    } else {
      html += "<script>onload = () => { onload = null; const at = document; " + write + " }</script>";
    }
  }
};

}  // namespace

TEST_CASE("a click is four commands in two round trips", "[click]") {
  Stage stage;
  Page& page = stage.show(std::string(logging) + "<button onclick='log(1)'>Go</button>");
  page.click({}, at("button"), {}, soon());
  const cdp::Client::Counts before = shared_browser().client().counts();
  const Outcome outcome = page.click({}, at("button"), {}, soon());
  const cdp::Client::Counts after = shared_browser().client().counts();
  CHECK(outcome.ok());
  CHECK(after.commands - before.commands == 4);
  CHECK(after.waits - before.waits <= 2);
  CHECK(log_of(page) == "1 1");
}

TEST_CASE("a click is what a person's hand would send", "[click]") {
  Stage stage;
  Page& page = stage.show(std::string(logging) + R"html(<button>Go</button><script>
    for (const type of ['pointerdown', 'mousedown', 'mouseup', 'click'])
      document.querySelector('button').addEventListener(type, (e) =>
        log(`${type}:${e.isTrusted}:${e.button}:${e.buttons}:${e.detail}`));
  </script>)html");
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  CHECK(log_of(page) == "pointerdown:true:0:1:0 mousedown:true:0:1:1 mouseup:true:0:0:1 click:true:0:0:1");
}

TEST_CASE("an overlay that appears under the pointer swallows no click and gets none", "[click]") {
  Stage stage;
  Page& page = stage.show(std::string(logging) + R"html(<button onclick="log('button')">Remove</button>
    <div id="over" style="position:fixed;inset:0;display:none" onclick="log('overlay')"></div><script>
    let times = 0;
    document.querySelector('button').addEventListener('mousemove', () => {
      if (times++) return;
      over.style.display = 'block';
      setTimeout(() => { over.style.display = 'none'; }, 300);
    });
  </script>)html");
  const Outcome outcome = page.click({}, at("button"), {}, soon());
  CHECK(outcome.ok());
  CHECK(log_of(page) == "button");
}

TEST_CASE("an element that stays covered is not clicked, nor is what covers it", "[click]") {
  Stage stage;
  Page& page = stage.show(std::string(logging) + R"html(<button onclick="log('button')">Remove</button>
    <div id="banner" style="position:fixed;inset:0" onclick="log('banner')">Cookies</div>)html");
  const Outcome outcome = page.click({}, at("button"), {}, briefly());
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::covered);
  CHECK(outcome.miss->explain().find("banner") != std::string::npos);
  CHECK(log_of(page) == "-");
}

TEST_CASE("a moving element is clicked once it stands still", "[click]") {
  Stage stage;
  Page& page = stage.show(std::string(logging) + R"html(<button style="position:absolute;left:0;top:99px"
      onclick="log('at ' + this.offsetLeft)">Go</button><script>
    const button = document.querySelector('button');
    const move = () => { const left = button.offsetLeft + 10; button.style.left = left + 'px';
      if (left < 300) requestAnimationFrame(move); };
    requestAnimationFrame(move);
  </script>)html");
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  CHECK(log_of(page) == "at 300");
}

TEST_CASE("an element that comes late, is enabled late and lies out of view is waited for", "[click]") {
  Stage stage;
  Page& page = stage.show(std::string(logging) + R"html(<div style="height:3000px"></div><script>
    setTimeout(() => {
      document.body.insertAdjacentHTML('beforeend', '<button disabled onclick="log(1)">Go</button>');
      setTimeout(() => {
    document.querySelector('button').disabled = false; }, 100);
}, 100);
  </script>)html");
  CHECK(page.click({}, at("button"), {}, soon()).ok());
  CHECK(log_of(page) == "1");
}

TEST_CASE("a click waits across a navigation for its element", "[click]") {
  Stage stage;
  stage.server.page("/next", std::string(logging) + "<button onclick='log(1)'>Go</button>");
  Page& page = stage.show("<p>Wait</p><script>setTimeout(() => { location = '/next'; }, 200)</script>");
  CHECK(page.click({}, at("button"), {}, soon()).ok());
  CHECK(log_of(page) == "1");
}

TEST_CASE("a disabled element is a miss", "[click]") {
  Stage stage;
  Page& page = stage.show("<button disabled>Go</button>");
  const Outcome outcome = page.click({}, at("button"), {}, briefly());
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::disabled);
}

TEST_CASE("which alternative matched is told", "[click]") {
  Stage stage;
  Page& page = stage.show("<button>Go</button>");
  browser::Query query;
  query.selectors = {{"#gone"}, {"button"}};
  const Outcome outcome = page.click({}, query, {}, soon());
  CHECK(outcome.ok());
  CHECK(outcome.alternative == 1);
}

TEST_CASE("an element in a shadow tree is clicked", "[click]") {
  Stage stage;
  Page& page = stage.show(std::string(logging) + R"html(<x-host></x-host><script>
    const root = document.querySelector('x-host').attachShadow({mode: 'open'});
    root.innerHTML = '<button>Go</button>';
    root.querySelector('button').onclick = () => log('inside');
  </script>)html");
  REQUIRE(page.click({}, at("pierce/button"), {}, soon()).ok());
  CHECK(log_of(page) == "inside");
}

TEST_CASE("a double click is two clicks and a dblclick", "[click]") {
  Stage stage;
  Page& page = stage.show(std::string(logging) + R"html(<button onclick="log('click' + event.detail)"
    ondblclick="log('dblclick')">Go</button>)html");
  ClickOptions options;
  options.count = 2;
  REQUIRE(page.click({}, at("button"), options, soon()).ok());
  CHECK(log_of(page) == "click1 click2 dblclick");
}

TEST_CASE("other buttons, offsets, durations and held modifiers are sent", "[click]") {
  Stage stage;
  Page& page =
      stage.show(std::string(logging) + R"html(<button style="width:200px;height:80px">Go</button><script>
    const button = document.querySelector('button');
    let down = 0;
    button.onmousedown = (e) => { down = e.timeStamp; log(`${e.button} ${e.buttons} ${e.offsetX | 0}`); };
    button.onmouseup = (e) => log((e.timeStamp - down >= 150 ? 'long' : 'short') + (e.shiftKey ? ' shift' : ''));
    button.oncontextmenu = (e) => { e.preventDefault(); log('menu'); };
  </script>)html");
  ClickOptions options;
  options.button = browser::Button::right;
  options.offset_x = 30;
  options.offset_y = 20;
  options.duration = Milliseconds(200);
  page.key_down("Shift", soon());
  REQUIRE(page.click({}, at("button"), options, soon()).ok());
  page.key_up("Shift", soon());
  std::string log = log_of(page);
  CHECK(log.starts_with("2 2 2"));
  CHECK(log.find("menu") != std::string::npos);
  CHECK(log.find("long shift") != std::string::npos);
}

TEST_CASE("a page that leaves at mousedown has been clicked", "[click]") {
  Stage stage;
  stage.server.page("/next", "<p id='there'>There</p>");
  Page& page = stage.show("<button onmousedown=\"location = '/next'\">Go</button>");
  CHECK(page.click({}, at("button"), {}, soon()).ok());
  CHECK_FALSE(page.wait_for({}, is_there("#there"), soon()));
}

TEST_CASE("a click that opens a dialog comes back and says so", "[click][dialog]") {
  Stage stage;
  for (const char* type : {"onmousedown", "onclick"}) {
    Page& page = stage.show(std::string("<button ") + type + "=\"confirm('Remove bob?')\">Go</button>");
    const Outcome outcome = page.click({}, at("button"), {}, soon());
    CHECK(outcome.ok());
    CHECK(outcome.dialog_opened);
    REQUIRE(page.dialog());
    CHECK(page.dialog()->message == "Remove bob?");
    page.handle_dialog(true, "", soon());
  }
}

TEST_CASE("a guard that does not hold keeps the click from the page", "[click]") {
  Stage stage;
  Page& page = stage.show(std::string(logging) + R"html(<p id="who">eve@example.test</p>
    <button onmousedown="log('down')" onclick="log('click')">Remove</button><script>
    document.querySelector('button').addEventListener('mousemove', () => { who.textContent = 'bob@example.test'; });
  </script>)html");
  ClickOptions options;
  options.guard = {reads("#who", "eve@example.test")};
  const Outcome outcome = page.click({}, at("button"), options, briefly());
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::guard);
  CHECK(log_of(page) == "-");
}

TEST_CASE("a guard that holds lets the click through", "[click]") {
  Stage stage;
  Page& page = stage.show(std::string(logging) + R"html(<p id="who">eve@example.test</p>
    <button onclick="log('click')">Remove</button>)html");
  ClickOptions options;
  options.guard = {reads("#who", "eve@example.test")};
  CHECK(page.click({}, at("button"), options, soon()).ok());
  CHECK(log_of(page) == "click");
}

TEST_CASE("a document that was written after it loaded gets one click", "[click]") {
  const Written written(std::string(logging) + "<button onclick='log(1)'>Go</button>");
  Stage stage;
  Page& page = stage.show(written.html);
  CHECK(page.click(written.frame, at("button"), {}, soon()).ok());
  CHECK(log_of(page, written.frame) == "1");
}

TEST_CASE("a guard keeps a click from a document that was written after it loaded", "[click]") {
  const Written written(std::string(logging) + R"html(<p id="who">eve@example.test</p>
    <button onmousemove="who.textContent = 'bob@example.test'" onmousedown="log('down')"
      onclick="log('click')">Remove</button>)html");
  Stage stage;
  Page& page = stage.show(written.html);
  ClickOptions options;
  options.guard = {reads("#who", "eve@example.test")};
  const Outcome outcome = page.click(written.frame, at("button"), options, briefly());
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::guard);
  CHECK_FALSE(outcome.reached);
  CHECK(log_of(page, written.frame) == "-");
}

TEST_CASE("a guard keeps a click from a document that is written anew as the pointer comes", "[click]") {
  Stage stage;
  Page& page = stage.show(std::string(logging) + R"html(<p id="who">eve@example.test</p>
    <button>Remove</button><script>
    document.querySelector('button').addEventListener('mousemove', () => {
      document.open();
      document.write('<pre id="log">-</pre><p id="who">bob@example.test</p>' +
        '<button onmousedown="window.log.textContent = \'down\'">Remove</button>');
      document.close();
    });
  </script>)html");
  ClickOptions options;
  options.guard = {reads("#who", "eve@example.test")};
  const Outcome outcome = page.click({}, at("button"), options, briefly());
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::guard);
  CHECK_FALSE(outcome.reached);
  CHECK(log_of(page) == "-");
}

TEST_CASE("hovering moves the pointer there", "[click]") {
  Stage stage;
  Page& page = stage.show(std::string(logging) + "<button onmouseenter='log(1)'>Go</button>");
  CHECK(page.hover({}, at("button"), soon()).ok());
  CHECK_FALSE(page.wait_for({}, reads("#log", "1"), soon()));
}

TEST_CASE("a stop ends a click that waits", "[click]") {
  Stage stage;
  Page& page = stage.show("<p>Hello</p>");
  std::stop_source source;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(Milliseconds(100));
    source.request_stop();
  });
  try {
    page.click({}, at("button"), {}, Until::in(Milliseconds(60'000), source.get_token()));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::interrupted);
  }
}

}  // namespace offstage::click_test
