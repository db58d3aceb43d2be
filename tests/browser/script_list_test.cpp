#include <chrono>
#include <thread>

#include <catch2/catch.hpp>

#include "theatre.h"

namespace offstage::script_list_test {

using namespace test;

namespace {

/// A list of 300 people that draws only those in view, `delay` milliseconds after it was scrolled, with a
/// mark below the last of them.
std::string window_of_300(int delay, const std::string& scroller, const std::string& height) {
  return "<!doctype html><style>body{margin:0}</style><div id=box style='position:relative;" + height +
         "'><div id=list style='position:relative;height:6000px'></div></div><script>const delay = " +
         std::to_string(delay) + ", scroller = " + scroller + R"(;
    const top_of = () => scroller === document ? scrollY : box.scrollTop;
    const height_of = () => scroller === document ? innerHeight : box.clientHeight;
    function draw() {
      list.replaceChildren();
      const first = Math.floor(top_of() / 20);
      const last = Math.min(Math.ceil((top_of() + height_of()) / 20), 300);
      for (let i = first; i < last; ++i) {
        list.insertAdjacentHTML('afterbegin', `<div class=row style="position:absolute;height:20px;top:${i * 20}px">n${i + 1}</div>`);
      }
      if (last === 300) list.insertAdjacentHTML('beforeend', '<p class=end>The end</p>');
    }
    let timer;
    scroller.onscroll = () => { clearTimeout(timer); timer = setTimeout(draw, delay); };
    draw();
  </script>)";
}

std::string extract(const std::string& rows, const std::string& more) {
  return "{'type':'customStep','name':'extract','parameters':{'rows':[['" + rows +
         "']],'fields':{'n':{}},'into':'all'," + more + "}}";
}

}  // namespace

TEST_CASE("a list is read page by page with its total, once its rows have come", "[script][extract]") {
  Theatre theatre(
      R"(<!doctype html><ul id=list></ul><p class=count>1-2 of 5</p><button id=next>Next</button><script>
    const all = [['ann', 'Admin'], ['bob', ''], ['cyd', 'Guest'], ['dan', ''], ['eve', 'Admin']];
    let at = 0;
    function show() {
      list.replaceChildren();
      next.disabled = true;
      const rows = all.slice(at, at + 2);
      const step = () => {
        const [name, role] = rows.shift() ?? [];
        if (!name) { next.disabled = at + 2 >= all.length; return; }
        const item = document.createElement('li');
        item.innerHTML = `<b>${name}</b>${role ? `<i>${role}</i>` : ''}`;
        list.append(item);
        setTimeout(step, 20);
      };
      setTimeout(step, 50);
    }
    next.onclick = () => { at += 2; show(); };
    show();
  </script>)");
  theatre.play(
      "{'type':'customStep','name':'extract','parameters':{'rows':[['li']],'fields':{"
      "'user':{'selectors':[['b']]},"
      "'role':{'selectors':[['i']],'map':{'Admin':'admin','*':'member'},'default':'member'},"
      "'kind':{'constant':'person'}},"
      "'into':'people','next':[['#next']],'key':['user'],"
      "'ready':{'selectors':[['li:nth-child(2)'],['li']]},"
      "'total':{'selectors':[['.count']],'match':'of (\\\\d+)'}}}");
  const Json& list = theatre.environment.variables.at("people");
  REQUIRE(list.size() == 5);
  CHECK(list[0] == Json({{"user", "ann"}, {"role", "admin"}, {"kind", "person"}}));
  CHECK(list[1]["role"] == "member");
  CHECK(list[2]["role"] == "member");
  CHECK(list[4]["user"] == "eve");
}

TEST_CASE("a list that scrolls is read to its end", "[script][extract]") {
  Theatre theatre(
      R"(<!doctype html><div id=box style="height:120px;overflow:auto"><ul id=list></ul></div><script>
    let count = 0;
    const more = () => {
      for (let i = 0; i < 10 && count < 35; ++i) list.insertAdjacentHTML('beforeend', `<li style="height:30px">n${++count}</li>`);
      if (count === 35 && !document.querySelector('.end')) list.insertAdjacentHTML('afterend', '<p class=end>The end</p>');
    };
    more();
    box.onscroll = () => { if (box.scrollTop + 130 > list.scrollHeight) setTimeout(more, 20); };
  </script>)");
  theatre.play(
      "{'type':'customStep','name':'extract','parameters':{'rows':[['li']],'fields':{'n':{}},'into':'all',"
      "'scroll':[['#box']],'end':{'selectors':[['.end']],'visible':false}}}");
  CHECK(theatre.environment.variables.at("all").size() == 35);
}

TEST_CASE("a list that draws only what is in view is read whole", "[script][extract]") {
  for (const int delay : {0, 250}) {
    CAPTURE(delay);
    Theatre theatre(window_of_300(delay, "box", "height:240px;overflow:auto;border:9px solid"));
    theatre.play(extract(".row", "'scroll':[['#box']],'end':{'selectors':[['.end']]}"));
    CHECK(theatre.environment.variables.at("all").size() == 300);
  }
}

TEST_CASE("a page that draws only what is in view is read whole", "[script][extract]") {
  Theatre theatre(window_of_300(0, "document", ""));
  theatre.play(extract(".row", "'scroll':[],'end':{'selectors':[['.end']]}"));
  CHECK(theatre.environment.variables.at("all").size() == 300);
}

TEST_CASE("a list that grows at the end of its page is read whole, however much stands below it",
          "[script][extract]") {
  Theatre theatre(R"(<!doctype html><ul id=list></ul><footer style="height:3000px">Imprint</footer><script>
    let count = 0;
    const more = () => {
      for (let i = 0; i < 10 && count < 30; ++i) list.insertAdjacentHTML('beforeend', `<li style="height:30px">n${++count}</li>`);
      if (count === 30 && !document.querySelector('.end')) list.insertAdjacentHTML('afterend', '<p class=end>The end</p>');
    };
    more();
    document.onscroll = () => { if (scrollY + innerHeight + 5 > document.documentElement.scrollHeight) more(); };
  </script>)");
  theatre.play(extract("li", "'scroll':[],'end':{'selectors':[['.end']]}"));
  CHECK(theatre.environment.variables.at("all").size() == 30);
}

TEST_CASE("a row at the end of a scrolled list that lacks a field ends the script", "[script][extract]") {
  Theatre theatre(
      R"(<!doctype html><div id=box style="height:120px;overflow:auto"><ul id=list></ul></div><script>
    let count = 0;
    const more = () => {
      for (let i = 0; i < 10 && count < 30; ++i) {
        ++count;
        list.insertAdjacentHTML('beforeend', `<li style="height:30px"><b>${count === 27 ? '' : `n${count}`}</b></li>`);
      }
      if (count === 30 && !document.querySelector('.end')) list.insertAdjacentHTML('afterend', '<p class=end>The end</p>');
    };
    more();
    box.onscroll = () => { if (box.scrollTop + 130 > list.scrollHeight) more(); };
  </script>)");
  const Error error = theatre.fails(
      "{'type':'customStep','name':'extract','timeout':1500,'parameters':{'rows':[['li']],"
      "'fields':{'n':{'selectors':[['b']]}},'into':'all','scroll':[['#box']],'end':{'selectors':[['.end']]}}"
      "}");
  CHECK(error.kind() == Kind::drift);
  CHECK_THAT(error.message(), Catch::Contains("row 27"));
  CHECK_FALSE(theatre.environment.variables.contains("all"));
}

TEST_CASE("a further page is read once it is ready again, not while it loads", "[script][extract]") {
  Theatre theatre(
      R"(<!doctype html><ul id=list></ul><p id=spin hidden>Loading</p><button id=next>Next</button><script>
    const row = (n) => list.insertAdjacentHTML('beforeend', `<li>n${n}</li>`);
    let page = 0;
    for (let i = 1; i <= 10; ++i) row(i);
    next.onclick = () => {
      const first = ++page * 10;
      next.disabled = true;
      setTimeout(() => {
        spin.hidden = false;
        list.replaceChildren();
        for (let i = 1; i <= 5; ++i) row(first + i);
        setTimeout(() => {
          for (let i = 6; i <= 10; ++i) row(first + i);
          spin.hidden = true;
          next.disabled = page === 2;
        }, 600);
      }, 60);
    };
  </script>)");
  theatre.play(extract("li", "'next':[['#next']],'ready':{'selectors':[['#spin']],'absent':true}"));
  CHECK(theatre.environment.variables.at("all").size() == 30);
}

TEST_CASE("a further page is read once its document has loaded", "[script][extract]") {
  Theatre theatre("<!doctype html>");
  PageServer& server = theatre.stage.server;
  const auto rows = [](int from, int to) {
    std::string html;
    for (int i = from; i <= to; ++i)
      html += "<li>n" + std::to_string(i) + "</li>";
    return html;
  };
  server.page("/1", "<!doctype html><ul>" + rows(1, 10) + "</ul><a id=next href=/2>Next</a>");
  // What comes behind the script stands in the document only when that has come.
  server.page("/2", "<!doctype html><ul>" + rows(11, 15) + "<script src=/slow.js></script>" + rows(16, 20) +
                        "</ul><a id=next href=/3>Next</a>");
  server.page("/3", "<!doctype html><ul>" + rows(21, 30) + "</ul>");
  server.handle("/slow.js", [](const auto&) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    return PageServer::Response{200, "", "text/javascript"};
  });
  theatre.stage.page.navigate(server.url("/1"), soon());
  theatre.play(extract("li", "'next':[['#next']]"));
  CHECK(theatre.environment.variables.at("all").size() == 30);
}

}  // namespace offstage::script_list_test
