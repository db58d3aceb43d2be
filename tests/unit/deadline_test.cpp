#include "base/deadline.h"

#include <catch2/catch.hpp>

namespace offstage::deadline_test {

TEST_CASE("a deadline in the past leaves no time and never a negative one", "[base][deadline]") {
  const Deadline past = Deadline::in(Milliseconds(-5));
  CHECK(past.passed());
  CHECK(past.left() == Milliseconds(0));
}

TEST_CASE("narrowing a deadline never extends it", "[base][deadline]") {
  const Deadline soon = Deadline::in(Milliseconds(0));
  CHECK(soon.within(Milliseconds(10000)).at() == soon.at());
  CHECK(Deadline::never().within(Milliseconds(1)).at() < Deadline::never().at());
}

TEST_CASE("a wait is over when it is stopped", "[base][deadline]") {
  std::stop_source source;
  const Until until = Until::in(Milliseconds(100000), source.get_token());
  CHECK_FALSE(until.over());
  source.request_stop();
  CHECK(until.over());
}

TEST_CASE("the time of day is written as RFC 3339 in UTC", "[base][deadline]") {
  const std::string now = utc_now();
  REQUIRE(now.size() == 24);
  CHECK(now[10] == 'T');
  CHECK(now.back() == 'Z');
}

}  // namespace offstage::deadline_test
