#include "offboarding/verify.h"

#include <catch2/catch.hpp>

namespace offstage::verify_test {

using namespace offboarding;

namespace {

const Pace quick{Milliseconds(1), Milliseconds(2), Milliseconds(8)};

Waited wait(const std::function<bool()>& is_gone, const Pace& pace = quick,
            const Until& until = Until::in(Milliseconds(3'600'000))) {
  Progress silent;
  return wait_until_gone(is_gone, pace, "x", silent, until);
}

}  // namespace

TEST_CASE("what is gone at the first look is not waited for", "[verify]") {
  const Waited waited = wait([] { return true; });
  CHECK(waited.gone);
  CHECK(waited.looks == 1);
}

TEST_CASE("looking goes on until it is gone", "[verify]") {
  int looks = 0;
  const Waited waited =
      wait([&] { return ++looks == 4; }, {Milliseconds(1), Milliseconds(1), Milliseconds(50)});
  CHECK(waited.gone);
  CHECK(waited.looks == 4);
}

TEST_CASE("looking ends at the limit, but looks at least once", "[verify]") {
  CHECK_FALSE(wait([] { return false; }).gone);
  CHECK(wait([] { return false; }, {Milliseconds(1), Milliseconds(1), Milliseconds(0)}).looks == 1);
}

TEST_CASE("a look that cannot reach the console is tried again", "[verify]") {
  int looks = 0;
  const Waited waited = wait(
      [&]() -> bool {
        if (++looks < 3) throw Error(Kind::unreachable, "502");
        return true;
      },
      {Milliseconds(1), Milliseconds(1), Milliseconds(50)});
  CHECK(waited.gone);
  CHECK_FALSE(waited.trouble);
}

TEST_CASE("a look that fails for another reason ends the wait and says why", "[verify]") {
  int looks = 0;
  const Waited waited = wait([&]() -> bool {
    ++looks;
    throw Error(Kind::browser, "Chrome died");
  });
  CHECK(looks == 1);
  REQUIRE(waited.trouble);
  CHECK(waited.trouble->kind() == Kind::browser);
}

TEST_CASE("a stop request ends the wait after a look, and nobody knows", "[verify]") {
  std::stop_source stop;
  stop.request_stop();
  const Waited waited =
      wait([] { return false; }, {Milliseconds(60000), Milliseconds(60000), Milliseconds(60000)},
           Until::in(Milliseconds(60000), stop.get_token()));
  CHECK(waited.looks == 1);
  REQUIRE(waited.trouble);
  CHECK(waited.trouble->kind() == Kind::interrupted);
}

TEST_CASE("looks that take long themselves end once they and the pauses took too long together", "[verify]") {
  const Pace slow{Milliseconds(1), Milliseconds(1), Milliseconds(60000), Milliseconds(20)};
  const Waited waited = wait(
      []() -> bool {
        pause(Milliseconds(30), {});
        throw Error(Kind::unreachable, "the page did not answer in time");
      },
      slow);
  CHECK(waited.looks == 1);
  REQUIRE(waited.trouble);
}

TEST_CASE("the end of a run's time ends the wait after a look, and nobody knows", "[verify]") {
  const Waited waited =
      wait([] { return false; }, {Milliseconds(60000), Milliseconds(60000), Milliseconds(60000)},
           Until::in(Milliseconds(0)));
  CHECK(waited.looks == 1);
  REQUIRE(waited.trouble);
  CHECK(waited.trouble->kind() == Kind::unreachable);
}

TEST_CASE("what is still there at the end of its pace is known to be there, whatever time is left",
          "[verify]") {
  const Waited waited = wait([] { return false; }, {Milliseconds(1), Milliseconds(1), Milliseconds(0)},
                             Until::in(Milliseconds(0)));
  CHECK_FALSE(waited.gone);
  CHECK_FALSE(waited.trouble);
}

}  // namespace offstage::verify_test
