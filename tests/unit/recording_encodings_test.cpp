#include <algorithm>
#include <ctime>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "recording/encodings.h"
#include "recording/people.h"

namespace offstage::recording_encodings_test {

using namespace recording::redaction;

namespace {

/// `text` with these values bound as tokens named t.
std::string with_tokens(const std::vector<std::string>& values, std::string_view text,
                        Content content = Content::text) {
  Bindings bindings;
  for (const std::string& value : values)
    bindings.token("t", value);
  std::vector<bool> seen;
  return Rewriter(bindings.all()).rewritten(text, content, seen);
}

std::string with_people(const std::vector<std::string>& addresses, std::string_view text) {
  Bindings bindings;
  People people(bindings);
  for (const std::string& address : addresses)
    people.address(address);
  std::vector<bool> seen;
  return Rewriter(bindings.all()).rewritten(text, Content::text, seen);
}

constexpr const char* token = "a/b+c=d&e\"f'g<h> i%j\\k";
constexpr const char* placed = "[offstage-token-t-1]";

}  // namespace

TEST_CASE("a value is found in every encoding", "[redact]") {
  const auto text = GENERATE(as<std::string>{}, "a/b+c=d&e\"f'g<h> i%j\\k",
                             "a%2Fb%2Bc%3Dd%26e%22f%27g%3Ch%3E%20i%25j%5Ck",  // percent
                             "a%2fb%2bc%3dd%26e%22f%27g%3ch%3e+i%25j%5ck",    // a form's
                             "a\\/b+c=d&e\\\"f'g\\u003ch\\u003E i%j\\\\k",    // JSON
                             "a/b+c=d\\u0026e\\u0022f\\u0027g\\x3ch> i%j\\u005Ck",
                             "a&#47;b&plus;c&equals;d&amp;e&quot;f&#39;g&lt;h&gt; i%j\\k",  // HTML
                             "a&#x2F;b&#x2b;c&#61;d&#38e&quot;f&apos;g&#60;h&#62;&#32;i&percnt;j&bsol;k");
  CAPTURE(text);
  CHECK(with_tokens({token}, "[" + text + "]") == placed);
}

TEST_CASE("a value is found in encodings of encodings", "[redact]") {
  const std::string once = url_encoded(token);
  const std::string text = GENERATE_COPY(as<std::string>{}, url_encoded(once), url_encoded(url_encoded(once)),
                                         html_escaped(html_escaped(token)), url_encoded(html_escaped(token)),
                                         html_escaped(once), Json(Json(token).dump()).dump(),
                                         html_escaped(Json(token).dump()), url_encoded(Json(token).dump()));
  CAPTURE(text);
  CHECK(with_tokens({token}, text).find("offstage-token-t-1") != std::string::npos);
  CHECK(with_tokens({token}, text).size() < 50);
}

TEST_CASE("letters beyond ASCII are found however they are written", "[redact]") {
  const auto text =
      GENERATE(as<std::string>{}, "zoë-łuk-😀-secret", "zo%C3%AB-%C5%82uk-%f0%9f%98%80-secret",
               "zo\\u00eb-\\u0142uk-\\uD83D\\uDE00-secret", "zo&euml;-&#322;uk-&#x1F600;-secret");
  CAPTURE(text);
  CHECK(with_tokens({"zoë-łuk-😀-secret"}, "[" + text + "]") == placed);
}

TEST_CASE("a value in base64 is replaced in base64", "[redact]") {
  const std::string value = "k9?>kf~8Zq-long-token";
  const std::string now = "offstage-token-t-1";
  CHECK(with_tokens({value}, base64_encoded(value)) == base64_encoded(now));
  CHECK(with_tokens({value}, "Basic " + base64_encoded("ann:" + value)) ==
        "Basic " + base64_encoded("ann:" + now));
  CHECK(with_tokens({value}, "x=" + url_encoded(base64_encoded("abc" + value + "?>?")) + "&y") ==
        "x=" + url_encoded(base64_encoded("abc" + now + "?>?")) + "&y");
  CHECK(with_tokens({value}, base64_encoded(base64_encoded("a" + value))) ==
        base64_encoded(base64_encoded("a" + now)));
  CHECK(with_tokens({value}, base64_encoded(url_encoded(value))) == base64_encoded(now));
}

TEST_CASE("base64 of addresses without padding stays without, in its alphabet", "[redact]") {
  const std::string value = "k9?>kf~8Zq-long-token";
  std::string was = base64_encoded("{\"a\":\"?>~~?" + value + "\"}");
  std::string is = base64_encoded("{\"a\":\"?>~~?offstage-token-t-1\"}");
  for (std::string* each : {&was, &is}) {
    std::replace(each->begin(), each->end(), '+', '-');
    std::replace(each->begin(), each->end(), '/', '_');
    while (each->ends_with('='))
      each->pop_back();
  }
  REQUIRE(was.find_first_of("-_") != std::string::npos);
  CHECK(with_tokens({value}, "head." + was + ".tail") == "head." + is + ".tail");
  CHECK(with_tokens({value}, "/callback/" + was + "/then?x") == "/callback/" + is + "/then?x");
}

TEST_CASE("text around a value stays as it was written", "[redact]") {
  CHECK(with_tokens({"tok-12345"}, "%41&amp;tok-12345\\u0041+%2b&lt;") ==
        "%41&amp;offstage-token-t-1\\u0041+%2b&lt;");
  CHECK(with_tokens({"tok-12345"}, "nothing of it") == "nothing of it");
  CHECK(with_tokens({}, "100% & \\ +").size() == 10);
}

TEST_CASE("of values inside each other the longest is replaced", "[redact]") {
  CHECK(with_tokens({"abcdef-1", "abcdef-1-and-more", "more-x9"}, "abcdef-1 abcdef-1-and-more-x9 more-x9") ==
        "offstage-token-t-1 offstage-token-t-2-x9 offstage-token-t-3");
}

TEST_CASE("a longer value that begins inside of a shorter one comes first", "[redact]") {
  CHECK(with_tokens({"aaaa-bb", "bb-cccccccccc"}, "aaaa-bb-cccccccccc") == "aaaa-offstage-token-t-2");
}

TEST_CASE("a code is replaced only where no letter or digit stands beside it", "[redact]") {
  Bindings bindings;
  bindings.code("482913");
  bindings.code("00771234");
  std::vector<bool> seen;
  const Rewriter rewriter(bindings.all());
  const auto now = [&](const std::string& text) { return rewriter.rewritten(text, Content::text, seen); };
  CHECK(now("otp=482913&x") == "otp=000001&x");
  CHECK(now("00771234") == "00000002");
  CHECK(now("1482913 4829130 x482913 482913px") == "1482913 4829130 x482913 482913px");
  CHECK(now("a%3D482913%26") == "a%3D000001%26");
  CHECK(now("\"\\n482913\\u0026\"") == "\"\\n000001\\u0026\"");
  CHECK(now("482913\\u0041 482913%41") == "482913\\u0041 482913%41");
}

TEST_CASE("an address becomes a person's, its @ written as it was", "[redact]") {
  const std::vector<std::string> people{"dana@corp.io", "ben@corp.io"};
  CHECK(with_people(people, "ben@corp.io") == "person2@example.test");
  CHECK(with_people(people, "x=dana%40corp.io&") == "x=person1%40example.test&");
  CHECK(with_people(people, "dana\\u0040corp.io") == "person1\\u0040example.test");
  CHECK(with_people(people, "dana&#64;corp&#46;io") == "person1&#64;example.test");
  CHECK(with_people(people, "dana%2540corp.io") == "person1%2540example.test");
  CHECK(with_people(people, "%64ana@corp.io") == "person1@example.test");
}

TEST_CASE("an address in another case is the same person in another case", "[redact]") {
  CHECK(with_people({"Dana@Corp.io"}, "Dana@Corp.io dana@corp.io DANA@CORP.IO DANA@corp.io") ==
        "Person1@example.test person1@example.test PERSON1@EXAMPLE.TEST PERSON1@example.test");
}

TEST_CASE("the letter of an escape is no part of an address behind it", "[redact]") {
  CHECK(with_people({"nina@corp.io", "ina@corp.io"}, R"("a\nina@corp.io")") ==
        R"("a\nperson2@example.test")");
  CHECK(with_people({"3cdana@corp.io", "dana@corp.io"}, "%3Cdana@corp.io") == "%3Cperson2@example.test");
}

TEST_CASE("names that an address tells become the person's, in their case", "[redact]") {
  const std::vector<std::string> people{"dana.whitfield@corp.io"};
  CHECK(with_people(people, "Dana Whitfield, dana whitfield, DANA WHITFIELD") ==
        "Person 1, person 1, PERSON 1");
  CHECK(with_people(people, "/u/dana.whitfield/x?n=Dana+Whitfield&m=Dana%20Whitfield") ==
        "/u/person1/x?n=Person+1&m=Person%201");
  CHECK(with_people(people, "Dana&nbsp;Whitfield Danae Whitfields") ==
        "Dana&nbsp;Whitfield Danae Whitfields");
}

TEST_CASE("in binary data only the plain bytes of what is sensitive are replaced", "[redact]") {
  Bindings bindings;
  bindings.token("t", "tok-12345/x");
  bindings.address("dana@corp.io", "person1@example.test");
  std::vector<bool> seen;
  CHECK(Rewriter(bindings.all())
            .rewritten("\xff\xfetok-12345/x dana@corp.io tok-12345%2Fx", Content::binary, seen) ==
        "\xff\xfeoffstage-token-t-1 dana@corp.io tok-12345%2Fx");
  CHECK(seen == std::vector<bool>{true, false});
}

TEST_CASE("a value of many backslashes is found without trying each way to read them", "[redact]") {
  const auto value = [](std::size_t count) { return "x" + std::string(count, '\\') + "y"; };
  CHECK(with_tokens({value(60)}, value(60)) == "offstage-token-t-1");
  CHECK(with_tokens({value(60)}, value(120)) == "offstage-token-t-1");
  CHECK(with_tokens({value(60)}, value(119)) == "offstage-token-t-1");
  CHECK(with_tokens({value(60)}, value(500)) == value(500));
  // From each of many beginnings nearly to the end of the value.
  const std::string endless = std::string(800, '\\') + "z";
  CHECK(with_tokens({std::string(250, '\\') + "y"}, endless) == endless);
  // And to its end from nearly each of them.
  CHECK(with_tokens({std::string(250, '\\')}, endless) != endless);
}

TEST_CASE("five hundred values are replaced in twenty megabytes within seconds", "[redact][.slow]") {
  Bindings bindings;
  People people(bindings);
  for (int i = 0; i < 300; ++i)
    bindings.token("t", sha256(std::to_string(i)));
  for (int i = 0; i < 200; ++i)
    people.address(fmt::format("first{0}.last{0}@corp{0}.io", i));
  std::string text;
  for (int i = 0; text.size() < 20'000'000; ++i) {
    text += fmt::format(
        R"({{"id":{0},"href":"https:\/\/api.console.io\/teams\/{0}?page=2&amp;sort=name","title":"A row of the table number {0}",)"
        R"("token":"{1}","mail":"first{2}.last{2}\u0040corp{2}.io","data":"QWxsIHRoYXQgaXMgaGVyZSBpcyBub3RoaW5n"}})",
        i, i % 50 == 0 ? sha256(std::to_string(i % 300)) : "none", i % 200);
  }
  std::vector<bool> seen;
  const std::clock_t start = std::clock();
  const std::string now = Rewriter(bindings.all()).rewritten(text, Content::text, seen);
  const auto took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  CHECK(now.find("corp1.io") == std::string::npos);
  CHECK(took < 8);
}

}  // namespace offstage::recording_encodings_test
