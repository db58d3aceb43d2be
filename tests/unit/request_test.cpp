#include "offboarding/request.h"

#include <catch2/catch.hpp>

#include "error_of.h"

namespace offstage::request_test {

using namespace offboarding;

TEST_CASE("a request for something that is no address is a usage error", "[request]") {
  for (const char* bad : {"bob", "bob@", "bob@example.com, carol@example.com", "b\u043eb@example.com", ""}) {
    INFO(bad);
    const Error error = test::error_of([&] { check(RemoveUser{bad, {}}); });
    CHECK(error.kind() == Kind::usage);
  }
  CHECK_NOTHROW(check(RemoveUser{"bob+heroku@example.com", {"acme"}}));
}

TEST_CASE("a request without a team's name is a usage error", "[request]") {
  CHECK_THROWS_AS(check(RemoveTeam{" "}), Error);
  CHECK_THROWS_AS(check(RemoveUser{"bob@example.com", {""}}), Error);
}

TEST_CASE("a request for many people names each of them once, and at least one", "[request]") {
  CHECK_NOTHROW(check(RemoveUsers{{"bob@example.com", "eve@example.com"}, {}}));
  CHECK_THROWS_WITH(check(RemoveUsers{{"bob@example.com", "Bob@example.com"}, {}}),
                    Catch::Contains("named twice"));
  CHECK_THROWS_WITH(check(RemoveUsers{{"bob@example.com", "eve"}, {}}),
                    Catch::Contains("no e-mail address") || Catch::Contains("not an e-mail"));
  CHECK_THROWS_AS(check(RemoveUsers{{}, {}}), Error);
}

TEST_CASE("requests survive being written and read", "[request]") {
  for (const Request& request :
       {Request(RemoveUser{"bob@example.com", {"acme"}}), Request(RemoveTeam{"acme"}),
        Request(RemoveUsers{{"bob@example.com", "eve@example.com"}, {"acme"}})}) {
    const auto document = JsonDocument::parse(as_json(request).dump(), "request");
    CHECK(request_from(JsonView(document)) == request);
  }
}

}  // namespace offstage::request_test
