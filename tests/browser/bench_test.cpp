#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "browser_support.h"

namespace offstage::bench_test {

/// How long things take: `./dev bench`. Hidden from the ordinary run, since it judges nothing.
namespace {

using namespace test;

/// The middle and the slowest of many runs of one thing, in milliseconds.
template <class Work>
std::string timed(int times, const Work& work) {
  std::vector<double> took;
  for (int i = 0; i < times; ++i) {
    const Clock::time_point start = Clock::now();
    work();
    took.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  std::sort(took.begin(), took.end());
  return fmt::format("{:.2f} ms, slowest {:.1f} ms ({} times)", took[took.size() / 2], took.back(), times);
}

TEST_CASE("how long a browser takes", "[.bench]") {
  Stage stage;
  browser::Page& page = stage.show("<title>bench</title><button>Press</button><p id=p>text</p>");
  browser::Query button;
  button.selectors = {{"aria/Press"}};
  browser::Query text;
  text.selectors = {{"#p"}};
  fmt::print("a round trip       {}\n", timed(500, [&] {
               shared_browser().client().root().call("Browser.getVersion", Json::object(), soon());
             }));
  fmt::print("a guarded click    {}\n",
             timed(200, [&] { REQUIRE(page.click({}, button, {}, soon()).ok()); }));
  fmt::print("reading a text     {}\n", timed(200, [&] { REQUIRE(page.text({}, text, soon()) == "text"); }));
  fmt::print("a navigation       {}\n", timed(20, [&] { page.navigate(stage.server.url("/"), soon()); }));
  fmt::print("a new context      {}\n",
             timed(20, [&] { shared_browser().new_context(soon())->new_page(soon()); }));
  fmt::print("starting Chrome    {}\n", timed(5, [&] { launch(); }));
}

}  // namespace

}  // namespace offstage::bench_test
