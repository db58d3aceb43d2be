#include <algorithm>
#include <csignal>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/error.h"
#include "browser_support.h"
#include "cli_scene.h"

namespace offstage::bench_test {

/// How long things take: `./dev bench`. Hidden from the ordinary run, since it judges nothing.
namespace {

using namespace test;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// The middle and the slowest of what many runs of one thing measured, in milliseconds.
template <class Measure>
std::string measured(int times, const Measure& measure) {
  std::vector<double> took;
  for (int i = 0; i < times; ++i)
    took.push_back(measure());
  std::sort(took.begin(), took.end());
  return fmt::format("{:.2f} ms, slowest {:.1f} ms ({} times)", took[took.size() / 2], took.back(), times);
}

template <class Work>
std::string timed(int times, const Work& work) {
  return measured(times, [&] {
    const Clock::time_point start = Clock::now();
    work();
    return milliseconds_since(start);
  });
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

TEST_CASE("how long a run takes to end when it is told to", "[.bench]") {
  const CliScene scene({"slow-render=60000"});
  const std::vector<std::string> list{"list", "access", "--from", "heroku", "--team", "acme-data"};
  fmt::print("to end on SIGTERM  {}\n", measured(5, [&] {
               Program run(CliScene::words(list), scene.start());
               run.wait_for("listing");
               run.signal(SIGTERM);
               const Clock::time_point asked = Clock::now();
               CHECK(run.finish().exit_code == 128 + SIGTERM);
               return milliseconds_since(asked);
             }));
  std::vector<std::string> short_of_time = list;
  short_of_time.insert(short_of_time.end(), {"--timeout", "5s"});
  fmt::print("--timeout 5s, over {}\n", measured(5, [&] {
               const Clock::time_point start = Clock::now();
               CHECK(scene.run(short_of_time).exit_code == exit_code_of(Kind::unreachable));
               return milliseconds_since(start) - 5000;
             }));
}

}  // namespace

}  // namespace offstage::bench_test
