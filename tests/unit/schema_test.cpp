#include "base/schema.h"

#include <catch2/catch.hpp>

#include "error_of.h"

namespace offstage::schema_test {

using Catch::Matchers::StartsWith;

TEST_CASE("a document that keeps its schema passes", "[base][schema]") {
  CHECK_NOTHROW(validate(*JsonDocument::parse("{\"a\": [1]}", "f.json"),
                         R"({"properties": {"a": {"items": {"type": "integer"}}}})"));
}

TEST_CASE("a broken rule names file, line and path", "[base][schema]") {
  const Error error = test::error_of([&] {
    validate(*JsonDocument::parse("{\n\"a\": [\n1,\n\"x\"]}", "f.json"),
             R"({"properties": {"a": {"items": {"type": "integer"}}}})");
  });
  CHECK_THAT(error.message(), StartsWith("f.json:4: /a/1: "));
}

}  // namespace offstage::schema_test
