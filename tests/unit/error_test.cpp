#include "base/error.h"

#include <set>

#include <catch2/catch.hpp>

namespace offstage::error_test {

TEST_CASE("every kind has an exit code of its own, and the documented one", "[base][error]") {
  std::set<int> codes;
  for (const offstage::KindInfo& row : offstage::kinds())
    codes.insert(row.exit_code);
  CHECK(codes.size() == offstage::kinds().size());
  CHECK(offstage::exit_code_of(Kind::failed) == 1);
  CHECK(offstage::exit_code_of(Kind::changes) == 2);
  CHECK(offstage::exit_code_of(Kind::partial) == 3);
  CHECK(offstage::exit_code_of(Kind::refused) == 4);
  CHECK(offstage::exit_code_of(Kind::usage) == 64);
  CHECK(offstage::exit_code_of(Kind::browser) == 69);
  CHECK(offstage::exit_code_of(Kind::drift) == 70);
  CHECK(offstage::exit_code_of(Kind::unknown) == 71);
  CHECK(offstage::exit_code_of(Kind::unreachable) == 75);
  CHECK(offstage::exit_code_of(Kind::busy) == 76);
  CHECK(offstage::exit_code_of(Kind::human) == 77);
  CHECK(offstage::exit_code_of(Kind::internal) == 125);
  CHECK(offstage::exit_code_of(Kind::interrupted) == 130);
  CHECK(offstage::exit_code_of(Kind::terminated) == 143);
}

TEST_CASE("a kind is found by its name, and an unknown name is a usage error", "[base][error]") {
  for (const offstage::KindInfo& row : offstage::kinds())
    CHECK(offstage::kind_named(row.name) == row.kind);
  CHECK_THROWS_AS(offstage::kind_named("no such kind"), Error);
}

TEST_CASE("an explained error holds its message, its causes and the nearest hint", "[base][error]") {
  const Error inner(Kind::unreachable, "the door is shut", "knock again");
  const Error outer(Kind::browser, "cannot get in", "", inner);
  CHECK(outer.explain() == "cannot get in\n  because: the door is shut\n  knock again");
  CHECK(Error(Kind::usage, "plain").explain() == "plain");
}

}  // namespace offstage::error_test
