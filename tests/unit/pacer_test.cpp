#include "connector/pacer.h"

#include <catch2/catch.hpp>

namespace offstage::pacer_test {

using namespace std::chrono_literals;
using connector::Pace;
using connector::Pacer;

TEST_CASE("the first action need not wait", "[pacer]") {
  const Clock::time_point now = Clock::now();
  CHECK(Pacer(Pace{1, 60s}).next(now) == now);
}

TEST_CASE("an action waits for the interval since the one before it", "[pacer]") {
  const Clock::time_point start = Clock::now();
  Pacer pacer(Pace{100, 500ms});
  pacer.started(start);
  CHECK(pacer.next(start + 100ms) == start + 500ms);
  CHECK(pacer.next(start + 700ms) == start + 700ms);
}

TEST_CASE("no minute has more actions than allowed", "[pacer]") {
  const Clock::time_point start = Clock::now();
  Pacer pacer(Pace{2, 0ms});
  pacer.started(start);
  pacer.started(start + 10s);
  CHECK(pacer.next(start + 11s) == start + 60s);
  pacer.started(start + 60s);
  CHECK(pacer.next(start + 61s) == start + 70s);
}

}  // namespace offstage::pacer_test
