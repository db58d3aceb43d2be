#include "browser/inpage.h"

#include <functional>

#include <catch2/catch.hpp>

#include "error_of.h"

namespace offstage::inpage_test {

using test::error_of;
namespace inpage = browser::inpage;

namespace {

/// Chrome's reply to a question whose answer is `json`.
Json reply(const std::string& json) {
  return {{"result", {{"type", "string"}, {"value", json}}}};
}

}  // namespace

TEST_CASE("an answer that is not built as the in-page script builds it is a defect, and typed", "[inpage]") {
  for (const char* json :
       {"[1]", "5", "{}", R"({"ok":5})", R"({"ok":{"miss":{"why":"x"}}})", R"({"error":5})",
        R"({"ok":{"alternative":"x","action":1,"index":"x","verdict":5}})"}) {
    INFO(json);
    CHECK(error_of([&] { inpage::parse_point(reply(json)); }).kind() == Kind::internal);
    CHECK(error_of([&] { inpage::parse_fill(reply(json)); }).kind() == Kind::internal);
    CHECK(error_of([&] { inpage::parse_wait(reply(json)); }).kind() == Kind::internal);
    CHECK(error_of([&] { inpage::parse_disarm(reply(json)); }).kind() == Kind::internal);
  }
  CHECK(error_of([] { inpage::parse_html(Json::object()); }).kind() == Kind::internal);
  CHECK(error_of([] { inpage::parse_html({{"result", 5}}); }).kind() == Kind::internal);
  CHECK(error_of([] { inpage::parse_verdict(R"({"token":5})"); }).kind() == Kind::internal);
}

TEST_CASE("a number that is none of ours is a defect, and typed", "[inpage]") {
  for (const char* number : {"-3.5", "1e300", "4294967296", "\"3\"", "null"}) {
    INFO(number);
    const Json answer =
        reply(R"({"ok":{"alternative":0,"action":"type","skip":)" + std::string(number) + "}}");
    CHECK(error_of([&] { inpage::parse_fill(answer); }).kind() == Kind::internal);
  }
}

TEST_CASE("an answer nested deeply enough to exhaust the stack is a defect, and typed", "[inpage]") {
  const std::string deep = R"({"ok":)" + std::string(500'000, '[') + std::string(500'000, ']') + "}";
  CHECK(error_of([&] { inpage::parse_extract(reply(deep)); }).kind() == Kind::internal);
}

}  // namespace offstage::inpage_test
