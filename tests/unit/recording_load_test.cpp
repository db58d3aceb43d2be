#include <algorithm>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "error_of.h"
#include "har_support.h"
#include "memory_folder.h"
#include "recording/body_store.h"
#include "recording/har.h"
#include "recording/har_reader.h"

namespace offstage::recording_load_test {

using namespace recording;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

/// A saved recording that can be spoiled, and what loading it then says.
class Saved {
 public:
  Saved() : folder_(test::memory_folder()) { save(test::awkward_recording(), file()); }
  std::filesystem::path file() const { return folder_.path() / "a.har"; }
  std::filesystem::path body(std::string_view bytes, std::string_view type) const {
    return folder_.path() / stored_body(bytes, type).file;
  }
  /// Puts `to` in the place of the first `from`.
  void edit(const std::string& from, const std::string& to) const {
    std::string text = read_file(file());
    REQUIRE(text.find(from) != std::string::npos);
    write_file(file(), text.replace(text.find(from), from.size(), to));
  }
  /// The line on which a text stands first.
  long line_of(const std::string& what) const {
    const std::string text = read_file(file());
    return std::count(text.begin(), text.begin() + static_cast<long>(text.find(what)), '\n') + 1;
  }
  Error fault() const {
    return test::error_of([&] { static_cast<void>(load(file())); });
  }

 private:
  TemporaryFolder folder_;
};

const std::string page = "<p>one\r\ntwo</p>\n";

}  // namespace

TEST_CASE("a recording that was cut short is refused with line and what to do", "[recording][load]") {
  const Saved saved;
  const std::string text = read_file(saved.file());
  write_file(saved.file(), text.substr(0, text.size() / 2));
  const Error error = saved.fault();
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.message(), StartsWith(saved.file().string() + ":") && Contains("is not valid JSON"));
  CHECK_THAT(error.hint(), Contains("cut short"));
}

TEST_CASE("a recording whose body is missing is refused, naming the body", "[recording][load]") {
  const Saved saved;
  std::filesystem::remove(saved.body(page, "text/html"));
  const Error error = saved.fault();
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.message(), Contains("/log/entries/1/response/content/_file: the body is missing") &&
                                  Contains(saved.body(page, "text/html").filename().string()) &&
                                  Contains("No such file"));
  CHECK_THAT(error.hint(), Contains("bring it back"));
}

TEST_CASE("a body that was edited is refused", "[recording][load]") {
  const Saved saved;
  write_file(saved.body(page, "text/html"), "<p>three</p>");
  CHECK_THAT(saved.fault().message(), Contains("is not the body that was recorded"));
  CHECK_THAT(saved.fault().hint(), Contains("never edited by hand"));
}

TEST_CASE("a body that is no regular file is not opened", "[recording][load]") {
  const Saved saved;
  std::filesystem::remove(saved.body(page, "text/html"));
  std::filesystem::create_symlink("/dev/zero", saved.body(page, "text/html"));
  CHECK_THAT(saved.fault().message(), Contains("not a regular file"));
}

TEST_CASE("a recording names no file outside of its bodies", "[recording][load]") {
  const Saved saved;
  saved.edit(stored_body(page, "text/html").file, "../../../../etc/passwd");
  CHECK_THAT(saved.fault().message(), Contains("is not the name of a body"));
}

TEST_CASE("a text that differs from its body's file is refused", "[recording][load]") {
  const Saved saved;
  saved.edit("\"text\": \"<p>one", "\"text\": \"<p>two");
  CHECK_THAT(saved.fault().message(), Contains("/content/text: is not what the body's file says"));
}

TEST_CASE("a text without a body's file is refused", "[recording][load]") {
  const Saved saved;
  saved.edit("\"content\": { \"size\": 0", "\"content\": { \"text\": \"made up\", \"size\": 0");
  CHECK_THAT(saved.fault().message(), Contains("is not what the body's file says"));
}

TEST_CASE("a body without its digest, or a digest without its body, is refused", "[recording][load]") {
  const Saved one;
  one.edit("\"_sha256\"", "\"sha256\"");
  CHECK_THAT(one.fault().message(), Contains("is missing `_sha256`") || Contains("is not a known member"));
  const Saved other;
  other.edit("\"text\": \"<p>one\\r\\ntwo</p>\\n\",", "");
  other.edit(R"("_file": ")" + stored_body(page, "text/html").file + "\",", "");
  CHECK_THAT(other.fault().message(), Contains("/content: is missing `_file`"));
}

TEST_CASE("a size that is not the body's is refused", "[recording][load]") {
  const Saved saved;
  saved.edit("\"size\": 16", "\"size\": 17");
  CHECK_THAT(saved.fault().message(), Contains("is said to have 17 bytes and has 16"));
}

TEST_CASE("a version of the format that is not known is refused", "[recording][load]") {
  const Saved saved;
  saved.edit("\"_offstage\": {\n      \"version\": 1", "\"_offstage\": {\n      \"version\": 2");
  const Error error = saved.fault();
  CHECK_THAT(error.message(), Contains("/log/_offstage/version: is a version of the format that this"));
  CHECK_THAT(error.hint(), Contains("it reads version 1"));
}

TEST_CASE("a member that is missing is named with line and path", "[recording][load]") {
  const Saved saved;
  saved.edit("\"method\": \"POST\",", "");
  const Error error = saved.fault();
  CHECK_THAT(error.message(),
             StartsWith(saved.file().string() + ":" + std::to_string(saved.line_of("\"request\": {")) +
                        ": /log/entries/0/request: is missing `method`"));
  CHECK_THAT(error.hint(), Contains("record again"));
}

TEST_CASE("a member that no recording has is named, with the one that was meant", "[recording][load]") {
  const Saved saved;
  saved.edit("\"redirected_from\"", "\"redirected_form\"");
  CHECK_THAT(saved.fault().message(), Contains("`redirected_form` is not a known member"));
  CHECK_THAT(saved.fault().hint(), Contains("redirected_from"));
}

TEST_CASE("numbers that cannot be what they should are refused", "[recording][load]") {
  const Saved one;
  one.edit("\"redirected_from\": 0", "\"redirected_from\": -1");
  CHECK_THAT(one.fault().message(), Contains("is below 0"));
  const Saved other;
  other.edit("\"status\": 200", "\"status\": 20000000000");
  CHECK_THAT(other.fault().message(), Contains("is no number that can stand here"));
  const Saved third;
  third.edit("\"time\": 12.25", "\"time\": 1e999");
  CHECK_THAT(third.fault().message(), Contains("is not valid JSON"));
}

TEST_CASE("a HAR of another tool is refused by name, and told how to become a recording",
          "[recording][load]") {
  const TemporaryFolder folder = test::memory_folder();
  const auto file = folder.path() / "chrome.har";
  write_file(file, R"({"log": {"version": "1.2", "creator": {"name": "WebInspector"}, "entries": []}})");
  const Error error = test::error_of([&] { static_cast<void>(load(file)); });
  CHECK_THAT(error.message(), Contains("chrome.har:1: /log: is a HAR of another tool (WebInspector)"));
  CHECK_THAT(error.hint(), Contains("offstage recording import"));
}

TEST_CASE("what is no HAR at all is refused", "[recording][load]") {
  const TemporaryFolder folder = test::memory_folder();
  for (const char* text : {"", "[]", "null", "{}", "{\"log\": 1}", "{\"log\": {}}", "\"log\"",
                           "{\"log\": {\"_offstage\": 1}}", "{\"log\": {\"_offstage\": {}}}"}) {
    write_file(folder.path() / "a.har", text);
    CHECK_THROWS_AS(load(folder.path() / "a.har"), Error);
  }
  CHECK_THROWS_WITH(load(folder.path() / "none.har"), Contains("cannot read"));
}

}  // namespace offstage::recording_load_test
