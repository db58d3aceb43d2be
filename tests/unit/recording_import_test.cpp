#include <catch2/catch.hpp>

#include "base/file.h"
#include "error_of.h"
#include "har_support.h"
#include "memory_folder.h"
#include "recording/har.h"
#include "recording/import.h"

namespace offstage::recording_import_test {

using namespace recording;
using Catch::Matchers::Contains;

namespace {

/// Imports a HAR with these entries (JSON text), with the files given beside it.
Recording imported(const std::string& entries, const std::map<std::string, std::string>& files = {},
                   const std::string& head = R"("creator": {"name": "WebInspector", "version": "537.36"})") {
  const auto document = JsonDocument::parse(
      R"({"log": {"version": "1.2", )" + head + R"(, "entries": [)" + entries + "]}}", "x.har");
  return imported_from(
      document,
      [&files](const std::string& file) {
        const auto found = files.find(file);
        if (found == files.end()) throw Error(Kind::usage, "there is no " + file);
        return found->second;
      },
      "x.har");
}

/// An entry as Chrome writes it.
std::string chrome_entry(const std::string& second, const std::string& request, const std::string& response,
                         const std::string& more = R"("_resourceType": "xhr")") {
  return R"({"startedDateTime": "2026-01-31T09:30:)" + second +
         R"(Z", "time": 10.5, "cache": {}, "timings": {}, )" + more +
         R"(, "request": {"httpVersion": "h2", "cookies": [], "queryString": [], )" + request +
         R"(}, "response": {"statusText": "", "httpVersion": "h2", "cookies": [], )" + response + "}}";
}

const std::string get_a = R"("method": "GET", "url": "https://a.test/", "headers": [])";
const std::string ok = R"("status": 200, "headers": [], "content": {"size": 0, "mimeType": ""})";

Error fault(const std::string& entries) {
  return test::error_of([&] { static_cast<void>(imported(entries)); });
}

}  // namespace

TEST_CASE("Chrome's export becomes a recording", "[recording][import]") {
  const Recording recording = imported(
      chrome_entry("00.000",
                   R"("method": "POST", "url": "https://a.test/x?y=1#frag",
                      "headers": [{"name": ":path", "value": "/x"}, {"name": "accept", "value": "*/*"}],
                      "postData": {"mimeType": "application/json", "text": "{\"a\": 1}"})",
                   R"("status": 201, "headers": [{"name": "content-encoding", "value": "br"},
                      {"name": "set-cookie", "value": "a=1"}, {"name": "set-cookie", "value": "b=2\nc=3"}],
                      "content": {"size": 3, "mimeType": "image/png", "text": "AAH/", "encoding": "base64"})",
                   R"("_initiator": {"type": "script"}, "_priority": "High", "_resourceType": "fetch")"));
  REQUIRE(recording.exchanges.size() == 1);
  const Exchange& exchange = recording.exchanges.front();
  CHECK(exchange.url == "https://a.test/x?y=1");
  CHECK(exchange.request_headers == Headers{{"accept", "*/*"}});
  CHECK(exchange.request_body == "{\"a\": 1}");
  CHECK(exchange.response_headers ==
        Headers{{"set-cookie", "a=1"}, {"set-cookie", "b=2"}, {"set-cookie", "c=3"}});
  CHECK(exchange.response_body == std::string("\0\1\xff", 3));
  CHECK(exchange.resource_type == "Fetch");
  CHECK(exchange.status == 201);
  CHECK(exchange.milliseconds == 10.5);
  CHECK(exchange.mutation);
  CHECK(recording.origin_note == "imported from x.har (WebInspector 537.36)");
  CHECK(recording.title == "x");
  CHECK(recording.scripts.empty());
}

TEST_CASE("Playwright's export becomes a recording, with its attached files", "[recording][import]") {
  const Recording recording = imported(
      chrome_entry(
          "00.000", get_a,
          R"("status": 200, "headers": [], "content": {"size": -1, "mimeType": "text/html", "_file": "ab.html"})") +
          "," +
          chrome_entry("01.000", get_a, R"("status": -1, "headers": [], "_failureText": "net::ERR_ABORTED")"),
      {{"ab.html", "<p>\xff</p>"}});
  REQUIRE(recording.exchanges.size() == 2);
  CHECK(recording.exchanges[0].response_body == "<p>\xff</p>");
  CHECK(recording.exchanges[1].status == 0);
  CHECK(recording.exchanges[1].failure == "net::ERR_ABORTED");
}

TEST_CASE("Firefox's export becomes a recording, with forms given as parameters", "[recording][import]") {
  const Recording recording = imported(
      R"({"startedDateTime": "2026-01-31T11:30:00.000+02:00", "time": 5, "request": {"method": "POST",
          "url": "https://a.test/", "headers": [{"name": "Sec-Fetch-Dest", "value": "document"}],
          "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "",
                       "params": [{"name": "user", "value": "a b@c"}, {"name": "x"}]}},
          "response": {"status": 200, "headers": []}})",
      {}, R"("creator": {"name": "Firefox", "version": "120"}, "pages": [{"title": "A page"}])");
  REQUIRE(recording.exchanges.size() == 1);
  CHECK(recording.exchanges[0].request_body == "user=a%20b%40c&x=");
  CHECK(recording.exchanges[0].started_at == "2026-01-31T09:30:00.000Z");
  CHECK(recording.exchanges[0].resource_type == "Document");
  CHECK(recording.title == "A page");
  CHECK(recording.start_url == "https://a.test/");
  CHECK(recording.started_at == "2026-01-31T09:30:00.000Z");
}

TEST_CASE("imported exchanges stand in the order in which they started, with their epochs",
          "[recording][import]") {
  const std::string remove = R"("method": "DELETE", "url": "https://a.test/1", "headers": [])";
  const Recording recording =
      imported(chrome_entry("02.000", get_a, ok) + "," + chrome_entry("01.000", remove, ok) + "," +
               chrome_entry("00.000", get_a, ok));
  REQUIRE(recording.exchanges.size() == 3);
  CHECK(recording.exchanges[0].epoch == 0);
  CHECK(recording.exchanges[1].method == "DELETE");
  CHECK(recording.exchanges[2].epoch == 1);
}

TEST_CASE("an imported redirect leads to the request that followed it", "[recording][import]") {
  const Recording recording = imported(
      chrome_entry("00.000", R"("method": "GET", "url": "https://a.test/x/y", "headers": [])",
                   R"("status": 302, "headers": [{"name": "location", "value": "../z?q=1#f"}],
                      "content": {"size": 2, "mimeType": "", "text": "no"})") +
      "," + chrome_entry("01.000", get_a, ok) + "," +
      chrome_entry("02.000", R"("method": "GET", "url": "https://a.test/z?q=1", "headers": [])", ok));
  REQUIRE(recording.exchanges.size() == 3);
  CHECK(recording.exchanges[2].redirected_from == 0U);
  CHECK_FALSE(recording.exchanges[1].redirected_from.has_value());
  CHECK(recording.exchanges[0].response_body.empty());
}

TEST_CASE("what no server answers is left out of an import, WebSockets are named", "[recording][import]") {
  const auto at = [](const std::string& url) {
    return chrome_entry("00.000", R"("method": "GET", "url": ")" + url + R"(", "headers": [])", ok);
  };
  const Recording recording =
      imported(at("data:text/plain,x") + "," + at("blob:https://a.test/1") + "," +
               at("chrome-extension://x/y") + "," + at("wss://a.test/live") + "," + at("wss://a.test/live"));
  CHECK(recording.exchanges.empty());
  CHECK(recording.websockets == std::vector<std::string>{"wss://a.test/live"});
}

TEST_CASE("an import can be saved and loaded as any recording", "[recording][import]") {
  const TemporaryFolder folder = test::memory_folder();
  write_file(folder.path() / "foreign.har",
             R"({"log": {"entries": [)" + chrome_entry("00.000", get_a, ok) + "]}}");
  const Recording recording = import_har(folder.path() / "foreign.har");
  save(recording, folder.path() / "a.har");
  CHECK(load(folder.path() / "a.har") == recording);
  CHECK(recording.origin_note == "imported from foreign.har");
}

TEST_CASE("an attached file outside of the HAR's folder is not opened", "[recording][import]") {
  for (const char* name : {"/etc/passwd", "../x", "a/../../x", ""}) {
    const Error error = fault(
        chrome_entry("00.000", get_a,
                     std::string(R"("status": 200, "headers": [], "content": {"_file": ")") + name + "\"}"));
    CHECK_THAT(error.message(), Contains("is no file beside the HAR"));
  }
  CHECK_THAT(
      fault(chrome_entry("00.000", get_a, R"("status": 200, "content": {"_file": "gone.html"})")).message(),
      Contains("/log/entries/0/response/content/_file: the attached file is missing"));
}

TEST_CASE("what a HAR says wrongly is named with line and path", "[recording][import]") {
  CHECK_THAT(fault(chrome_entry("00.000", get_a,
                                R"("status": 200, "content": {"text": "%%", "encoding": "base64"})"))
                 .message(),
             Contains("x.har:1: /log/entries/0/response/content/text: is not base64"));
  CHECK_THAT(
      fault(chrome_entry("00.000", get_a, R"("status": 200, "content": {"text": "", "encoding": "rot13"})"))
          .message(),
      Contains("\"rot13\" is an unknown encoding"));
  CHECK_THAT(fault(chrome_entry("xx.000", get_a, ok)).message(), Contains("is no date and time"));
  CHECK_THAT(fault(chrome_entry("00.000", get_a, R"("status": "200")")).message(),
             Contains("is a string, not a number"));
  CHECK_THAT(fault(chrome_entry("00.000", get_a, R"("status": 1e300)")).message(),
             Contains("is no HTTP status"));
  CHECK_THAT(fault("{}").message(), Contains("/log/entries/0: is missing `request`"));
  CHECK_FALSE(fault("{}").hint().empty());
}

TEST_CASE("what cannot be imported says what it is", "[recording][import]") {
  const TemporaryFolder folder = test::memory_folder();
  const auto file = folder.path() / "a.har";
  write_file(file, "PK\x03\x04...");
  CHECK_THROWS_WITH(import_har(file), Contains("is a zip archive"));
  write_file(file, "[]");
  CHECK_THROWS_WITH(import_har(file), Contains("is no HAR"));
  save(test::awkward_recording(), file);
  CHECK_THROWS_WITH(import_har(file), Contains("is a recording of Offstage already"));
}

}  // namespace offstage::recording_import_test
