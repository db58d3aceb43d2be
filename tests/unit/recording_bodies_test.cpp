#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "har_support.h"
#include "memory_folder.h"
#include "recording/body_store.h"
#include "recording/har.h"
#include "recording/layout.h"

namespace offstage::recording_bodies_test {

using namespace recording;
using Catch::Matchers::Contains;

TEST_CASE("a body is named by its digest and by what it is", "[recording][bodies]") {
  const StoredBody stored = stored_body("abc", "text/css; charset=utf-8");
  CHECK(stored.file == "bodies/ba7816bf8f01cfea.css");
  CHECK(stored.sha256 == sha256("abc"));
  CHECK(stored.content == "abc");
}

TEST_CASE("the suffix of a body goes by its content type", "[recording][bodies]") {
  CHECK(body_suffix("application/json") == ".json");
  CHECK(body_suffix("Application/vnd.example+JSON; version=3") == ".json");
  CHECK(body_suffix("text/html;charset=utf-8") == ".html");
  CHECK(body_suffix("text/javascript") == ".js");
  CHECK(body_suffix("application/x-javascript") == ".js");
  CHECK(body_suffix("text/event-stream") == ".txt");
  CHECK(body_suffix("image/svg+xml") == ".txt");
  CHECK(body_suffix("application/x-www-form-urlencoded") == ".txt");
  CHECK(body_suffix("image/png") == ".bin");
  CHECK(body_suffix("") == ".bin");
}

TEST_CASE("a compact JSON body is laid out for reading, a member of a list on a line",
          "[recording][bodies]") {
  const std::string row = R"({"email":"user1@example.test","role":"admin","id":"00000000-0001"})";
  const StoredBody stored = stored_body("[" + row + "," + row + "]", "application/json");
  CHECK(stored.content == R"([
  { "email": "user1@example.test", "role": "admin", "id": "00000000-0001" },
  { "email": "user1@example.test", "role": "admin", "id": "00000000-0001" }
]
)");
}

TEST_CASE("a JSON body comes back with its exact bytes, laid out or not", "[recording][bodies]") {
  const std::string deep = std::string(500000, '[') + std::string(500000, ']');
  for (const std::string& body :
       {std::string(R"({"b":1,"a":[1.5,null,"ü"]})"), std::string(R"({"b": 1})"),
        std::string(R"({"a":1,"a":2})"), std::string("1e5"), std::string("1.0"),
        std::string("12345678901234567890123"), std::string("{\"a\":1}\n"), std::string("\xEF\xBB\xBF{}"),
        std::string("{\"a\":\"\\u00e9\"}"), std::string("{\"a\":\"caf\xe9\"}"), std::string("{"),
        std::string("null"), std::string("\"\""), std::string("1e999"), deep}) {
    const StoredBody stored = stored_body(body, "application/json");
    CHECK(restored_body(stored.file, stored.content, stored.sha256) == body);
  }
}

TEST_CASE("only a JSON body in its compact form is laid out", "[recording][bodies]") {
  for (const std::string body : {R"({"b": 1})", R"({"a":1,"a":2})", "1e5", "{\"a\":\"\\u00e9\"}", "{"})
    CHECK(stored_body(body, "application/json").content == body);
  CHECK(stored_body(R"({"a":[]})", "application/json").content == "{ \"a\": [] }\n");
  CHECK(stored_body(R"({"a":[]})", "text/plain").content == R"({"a":[]})");
}

TEST_CASE("a body that is not the one of the digest is not given", "[recording][bodies]") {
  const StoredBody stored = stored_body(R"({"a":1})", "application/json");
  CHECK_FALSE(restored_body(stored.file, R"({ "a": 2 })", stored.sha256).has_value());
  CHECK_FALSE(restored_body(stored.file, "", stored.sha256).has_value());
  CHECK_FALSE(restored_body("bodies/x.txt", R"({ "a": 1 })", stored.sha256).has_value());
}

TEST_CASE("only names made of the digest are names of bodies", "[recording][bodies]") {
  const std::string digest = sha256("abc");
  CHECK(is_body_file("bodies/ba7816bf8f01cfea.css", digest));
  CHECK_FALSE(is_body_file("bodies/ba7816bf8f01cfeb.css", digest));
  CHECK_FALSE(is_body_file("bodies/ba7816bf8f01cfea.exe", digest));
  CHECK_FALSE(is_body_file("bodies/ba7816bf8f01cfea/../../x.css", digest));
  CHECK_FALSE(is_body_file("/etc/passwd", digest));
  CHECK_FALSE(is_body_file("bodies/../.css", "../"));
}

TEST_CASE("JSON that fits on a line stands on one, the rest is taken apart", "[recording][bodies]") {
  CHECK(laid_out(Json::parse(R"({"a":{"b":[]},"c":[1,{}]})")) ==
        "{ \"a\": { \"b\": [] }, \"c\": [1, {}] }\n");
  const std::string longer(115, 'x');
  CHECK(laid_out(Json{{"a", longer}}) == "{\n  \"a\": \"" + longer + "\"\n}\n");
  CHECK(Json::parse(laid_out(Json{{"a\"b", longer}, {"c", {1, 2}}})) ==
        Json{{"a\"b", longer}, {"c", {1, 2}}});
}

TEST_CASE("bodies that no recording of the folder names are found", "[recording][bodies]") {
  const TemporaryFolder folder = test::memory_folder();
  Recording recording = test::awkward_recording();
  save(recording, folder.path() / "a.har");
  CHECK(unused_bodies(folder.path()).empty());
  const std::string gone = stored_body(recording.exchanges[1].response_body, "text/html").file;
  recording.exchanges[1].response_body = "another";
  save(recording, folder.path() / "a.har");
  write_file(folder.path() / "bodies/left.part-abc", "");
  CHECK(unused_bodies(folder.path()) ==
        std::vector<std::filesystem::path>{folder.path() / gone, folder.path() / "bodies/left.part-abc"});
}

TEST_CASE("no body counts as unused while a recording of the folder cannot be read", "[recording][bodies]") {
  const TemporaryFolder folder = test::memory_folder();
  save(test::awkward_recording(), folder.path() / "a.har");
  write_file(folder.path() / "b.har", "{\"log\"");
  CHECK_THROWS_WITH(unused_bodies(folder.path()), Contains("b.har:1"));
  CHECK_THROWS_WITH(unused_bodies(folder.path() / "none"), Contains("cannot read the folder"));
}

}  // namespace offstage::recording_bodies_test
