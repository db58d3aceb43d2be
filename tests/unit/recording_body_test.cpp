#include <catch2/catch.hpp>

#include "recording/body_fields.h"

namespace offstage::recording_body_test {

using namespace recording;
using Form = BodyFields::Form;
using Type = RequestField::Type;

namespace {

BodyFields json(std::string_view text, const std::vector<std::string>& left_out = {}) {
  return body_fields(text, "application/json; charset=utf-8", left_out);
}

/// A form in parts as a browser writes it: a field, a file, a field.
std::string parts(const std::string& boundary, const std::string& role, const std::string& file) {
  return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"role\"\r\n\r\n" + role + "\r\n--" +
         boundary + "\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a;b.png\"\r\n" +
         "Content-Type: image/png\r\n\r\n" + file + "\r\n--" + boundary +
         "\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nx\r\n--" + boundary + "--\r\n";
}

BodyFields multipart(const std::string& boundary, const std::string& role, const std::string& file,
                     const std::vector<std::string>& left_out = {}) {
  return body_fields(parts(boundary, role, file), "multipart/form-data; boundary=" + boundary, left_out);
}

}  // namespace

TEST_CASE("JSON is a scalar for each pointer, in any order of keys and with any spaces",
          "[recording][body]") {
  const BodyFields body = json(R"({ "b": [true, null, 1.5], "a/~": {"c": "text"} })");
  CHECK(body.form == Form::json);
  CHECK(body.fields == std::vector<RequestField>{{"/a~1~0/c", "text"},
                                                 {"/b/0", "true", Type::literal},
                                                 {"/b/1", "null", Type::literal},
                                                 {"/b/2", "1.5", Type::literal}});
  CHECK(body == json(R"({"a/~":{"c":"text"},"b":[true,null,1.50]})"));
}

TEST_CASE("JSON values of another type or another place are others", "[recording][body]") {
  CHECK(json(R"({"id":1})") != json(R"({"id":"1"})"));
  CHECK(json(R"({"id":null})") != json(R"({"id":"null"})"));
  CHECK(json(R"(["a","b"])") != json(R"(["b","a"])"));
  CHECK(json(R"({"a":[]})") != json(R"({"a":{}})"));
  CHECK(json(R"({"a":{}})") != json(R"({})"));
  CHECK(json("7").fields == std::vector<RequestField>{{"", "7", Type::literal}});
}

TEST_CASE("JSON lists count their objects and lists, empty ones and those with nothing that counts",
          "[recording][body]") {
  const BodyFields body = json(R"([{"a":1},[],[2],{"ts":3},4])", {"ts"});
  CHECK(body.fields == std::vector<RequestField>{{"/0/a", "1", Type::literal},
                                                 {"/1", "[]", Type::literal},
                                                 {"/2/0", "2", Type::literal},
                                                 {"/3", "{}", Type::literal},
                                                 {"/4", "4", Type::literal}});
}

TEST_CASE("every type that ends in +json is JSON", "[recording][body]") {
  CHECK(body_fields("{}", "application/vnd.example+json; version=3").form == Form::json);
  CHECK(body_fields("{}", "Application/JSON").form == Form::json);
}

TEST_CASE("text that says nothing of itself is JSON when it is an object or a list", "[recording][body]") {
  CHECK(body_fields(" {\"a\":1}", "text/plain;charset=UTF-8") == json(R"({"a":1})"));
  CHECK(body_fields("7", "text/plain;charset=UTF-8").form == Form::raw);
  CHECK(body_fields("{\"a\":1}", "").form == Form::raw);
}

TEST_CASE("a body that says it is JSON and is none counts byte by byte", "[recording][body]") {
  for (const char* text : {"{", "{} x", "{\"a\":1,}", "\xff", "{\"a\":1e999}", "[1 2]", "\"\xc0\x80\""}) {
    CAPTURE(text);
    CHECK(json(text).form == Form::raw);
  }
  CHECK(json("{ ") != json("{"));
}

TEST_CASE("JSON nested too deep, or with too many values, counts byte by byte", "[recording][body]") {
  const std::string open(deepest_json, '[');
  const std::string closed(deepest_json, ']');
  CHECK(json(open + closed).form == Form::json);
  CHECK(json("[" + open + closed + "]").form == Form::raw);
  CHECK(json(std::string(1000000, '[')).form == Form::raw);
  std::string many = "[0";
  for (std::size_t i = 1; i < most_fields; ++i)
    many += ",0";
  CHECK(json(many + "]").form == Form::json);
  CHECK(json(many + ",0]").form == Form::raw);
}

TEST_CASE("JSON whose long keys stand above many values counts byte by byte", "[recording][body]") {
  std::string text = "{\"" + std::string(100000, 'k') + "\":[0";
  for (int i = 0; i < 400; ++i)
    text += ",0";
  CHECK(json(text + "]}").form == Form::raw);
}

TEST_CASE("volatile JSON keys are left out with all that stands below them", "[recording][body]") {
  CHECK(json(R"({"a":1,"meta":{"ts":2,"x":[3,{}]}})", {"meta"}) == json(R"({"a":1})"));
  CHECK(json(R"([{"ts":1,"a":2},{"ts":3}])", {"ts"}) == json(R"([{"a":2},{}])"));
  CHECK(json(R"({"ts":1})", {"ts"}) == json("{}"));
}

TEST_CASE("a GraphQL request counts by operation and variables", "[recording][body]") {
  const auto ask = [](const std::string& operation, const std::string& id) {
    return json(R"({"operationName":")" + operation + R"(","query":"query Q { a }","variables":{"id":")" +
                id + R"("}})");
  };
  CHECK(ask("Members", "1") != ask("Members", "2"));
  CHECK(ask("Members", "1") != ask("Teams", "1"));
  CHECK(ask("Members", "1").fields.back() == RequestField{"/variables/id", "1"});
}

TEST_CASE("a form counts by its fields, as a query does", "[recording][body]") {
  const std::string type = "application/x-www-form-urlencoded";
  CHECK(body_fields("b=2&a=x+y", type) == body_fields("a=x%20y&b=2", type));
  CHECK(body_fields("a=1&csrf=9", type, {"csrf"}) == body_fields("a=1", type));
  CHECK(body_fields("a=1", type).fields == std::vector<RequestField>{{"a", "1"}});
  CHECK(body_fields("a=1", type) != body_fields("a=1", "text/x"));
}

TEST_CASE("a form in parts counts without its boundary", "[recording][body]") {
  const BodyFields body = multipart("----One", "admin", "PNG");
  CHECK(body.form == Form::multipart);
  CHECK(body == multipart("----Two", "admin", "PNG"));
  CHECK(body != multipart("----One", "member", "PNG"));
  CHECK(body.fields.size() == 3);
  CHECK(body.fields.back() == RequestField{"role", "admin"});
  CHECK(body_fields(parts("a b", "admin", "PNG"), "multipart/form-data; charset=x; Boundary=\"a b\"") ==
        body);
}

TEST_CASE("a file in a form counts by its name, its file's name and its content", "[recording][body]") {
  const RequestField file = multipart("B", "admin", "PNG").fields.front();
  CHECK(file.name == "avatar");
  CHECK(file.type == Type::file);
  CHECK(file.value == "a;b.png (image/png, " + digest_text("PNG") + ")");
  CHECK(multipart("B", "admin", "PNG") != multipart("B", "admin", "GIF"));
}

TEST_CASE("a volatile part of a form is left out", "[recording][body]") {
  CHECK(multipart("B", "admin", "PNG", {"csrf", "avatar"}).fields ==
        std::vector<RequestField>{{"role", "admin"}});
}

TEST_CASE("what is no form in parts with its own boundary counts byte by byte", "[recording][body]") {
  const std::string good = parts("B", "admin", "PNG");
  CHECK(body_fields(good, "multipart/form-data; boundary=C").form == Form::raw);
  CHECK(body_fields(good, "multipart/form-data").form == Form::raw);
  CHECK(body_fields(good, "multipart/form-data; boundary=").form == Form::raw);
  CHECK(body_fields(good.substr(0, good.size() - 4), "multipart/form-data; boundary=B").form == Form::raw);
  CHECK(body_fields("--B\r\n\r\nno name\r\n--B--", "multipart/form-data; boundary=B").form == Form::raw);
}

TEST_CASE("any other body counts byte by byte, and none is as an empty one", "[recording][body]") {
  CHECK(body_fields("abc", "application/octet-stream").fields ==
        std::vector<RequestField>{
            {"", "3 bytes, SHA-256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}});
  CHECK(body_fields("abc", "image/png") != body_fields("abd", "image/png"));
  CHECK(body_fields("", "application/json") == BodyFields{});
}

TEST_CASE("a header's parameters are read with and without quotes", "[recording][body]") {
  CHECK(header_parameter("form-data; name=a; filename=\"x; name=b\"", "name") == "a");
  CHECK(header_parameter("form-data; filename=\"x; name=b\"; name=c", "name") == "c");
  CHECK(header_parameter(R"(form-data; NAME = "say \"hi\"")", "name") == "say \"hi\"");
  CHECK(header_parameter("form-data; flag; name=d", "name") == "d");
  CHECK_FALSE(header_parameter("form-data; name", "name"));
  CHECK_FALSE(header_parameter("name=a", "name"));
  CHECK(header_parameter("form-data; name=\"open", "name") == "open");
}

}  // namespace offstage::recording_body_test
