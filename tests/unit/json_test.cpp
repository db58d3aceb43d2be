#include "base/json.h"

#include <catch2/catch.hpp>

#include "error_of.h"

namespace offstage::json_test {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::string message_of(const std::function<void()>& act) {
  return test::error_of(act).explain();
}

JsonView view(std::string text) {
  return JsonView(JsonDocument::parse(std::move(text), "file.json"));
}

}  // namespace

TEST_CASE("a syntax error names file, line and column", "[base][json]") {
  CHECK_THAT(message_of([] { JsonDocument::parse("{\n  \"a\": 1,\n  oops\n}", "file.json"); }),
             StartsWith("file.json:3:"));
}

TEST_CASE("a number too large to read is a syntax error", "[base][json]") {
  CHECK_THAT(message_of([] { JsonDocument::parse("{\"a\": 1e999}", "file.json"); }),
             StartsWith("file.json: is not valid JSON: it holds a number too large"));
}

TEST_CASE("every value knows its line", "[base][json]") {
  const auto document = JsonDocument::parse("{\n\"a\": [\n1,\n{\"b/c\": \"x\\\"y\"}\n]}", "file.json");
  CHECK(document->line_of("") == 1);
  CHECK(document->line_of("/a") == 2);
  CHECK(document->line_of("/a/0") == 3);
  CHECK(document->line_of("/a/1") == 4);
  CHECK(document->line_of("/a/1/b~1c") == 4);
  CHECK(document->line_of("/a/1/missing/deeper") == 4);
}

TEST_CASE("a wrong type names line, path and what is there", "[base][json]") {
  const JsonView steps = view("{\n\"steps\": [\n  {\"type\": 7}\n]}").at("steps");
  CHECK(message_of([&] { static_cast<void>(steps.elements()[0].at("type").string()); }) ==
        "file.json:3: /steps/0/type: is a number, not a string");
  CHECK(message_of([&] { static_cast<void>(steps.elements()[0].at("url")); }) ==
        "file.json:3: /steps/0: is missing `url`");
}

TEST_CASE("an unknown member is refused with the nearest name", "[base][json]") {
  CHECK_THAT(message_of([] {
               view("{\"protcted\": []}").only({"protected", "limits"});
             }),
             Contains("did you mean `protected`?"));
}

TEST_CASE("nesting deep enough to exhaust the stack is refused", "[base][json]") {
  CHECK_THAT(message_of([] { JsonDocument::parse(std::string(100000, '['), "file.json"); }),
             Contains("nested deeper"));
}

TEST_CASE("brackets inside strings are not nesting", "[base][json]") {
  CHECK_NOTHROW(JsonDocument::parse("[\"" + std::string(1000, '[') + "\"]", "file.json"));
}

TEST_CASE("a byte order mark is not part of the text", "[base][json]") {
  CHECK(JsonDocument::parse("\xEF\xBB\xBF{}", "file.json")->root().is_object());
}

TEST_CASE("keys keep the order in which they were written", "[base][json]") {
  CHECK(JsonDocument::parse("{\"z\":1,\"a\":2}", "file.json")->root().dump() == "{\"z\":1,\"a\":2}");
}

TEST_CASE("a member that an object holds twice is refused where it comes again", "[base][json]") {
  const std::string text = "{\n\"a\": {\"b\": 1},\n\"list\": [{\"b\": 1,\n\"\\u0062\": 2}]\n}";
  CHECK_THAT(message_of([&] { JsonDocument::parse(text, "file.json"); }),
             StartsWith("file.json:4: /list/0: holds `b` twice"));
  CHECK_NOTHROW(JsonDocument::parse("{\"a\": {\"a\": [{\"a\": 1}, {\"a\": 1}]}, \"b\": 1}", "file.json"));
}

TEST_CASE("in what other programs wrote, the last of two members of one name counts", "[base][json]") {
  const auto document =
      JsonDocument::parse("{\"a\": [1],\n\"a\": [1,\n2]}", "x.har", JsonDocument::Twice::last_counts);
  CHECK(document->root().dump() == "{\"a\":[1,2]}");
  CHECK(document->line_of("/a/1") == 3);
}

}  // namespace offstage::json_test
