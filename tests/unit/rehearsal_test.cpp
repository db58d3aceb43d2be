#include <catch2/catch.hpp>

#include "base/file.h"
#include "rehearsal/patch.h"
#include "rehearsal/reports.h"
#include "rehearsal/similarity.h"
#include "rehearsal/suite.h"

namespace offstage::rehearsal_test {

using namespace rehearsal;

namespace {

Result result(const std::string& name, std::vector<std::string> faults = {}) {
  Result out;
  out.name = name;
  out.verdict.faults = std::move(faults);
  return out;
}

/// The element of a page that a selector finds.
const recording::snapshot::Node* element(const recording::SnapshotPage& page, const std::string& selector) {
  browser::Query query;
  query.selectors = {{selector}};
  const auto found = page.find(query);
  REQUIRE(found.size() == 1);
  return found.front();
}

}  // namespace

TEST_CASE("arguments with a dot in their names make objects", "[rehearsal]") {
  const Json arguments = arguments_from({"user=a=b@example.com", "resource.id=acme", "resource.name=Acme"});
  CHECK(arguments == Json{{"user", "a=b@example.com"}, {"resource", {{"id", "acme"}, {"name", "Acme"}}}});
}

TEST_CASE("an argument that is given twice, or without a value, is refused", "[rehearsal]") {
  CHECK_THROWS_AS(arguments_from({"user=a", "user=b"}), Error);
  CHECK_THROWS_AS(arguments_from({"user"}), Error);
  CHECK_THROWS_AS(arguments_from({"=x"}), Error);
  CHECK_THROWS_AS(arguments_from({"team=x", "team.id=y"}), Error);
}

TEST_CASE("the first difference of two values names its place and both sides", "[rehearsal]") {
  CHECK(first_difference({{"a", 1}, {"b", {1, 2}}}, {{"b", {1, 2}}, {"a", 1}}).empty());
  CHECK(first_difference({{"a", {1, 2}}}, {{"a", {1, 3}}}) == "/a/1: recorded 2, now 3");
  CHECK(first_difference({{"a", {1, 2}}}, {{"a", {1}}}) == "/a: recorded 2 entries, now 1");
  CHECK(first_difference({{"a", 1}}, Json::object()) == "/a: recorded 1, now missing");
  CHECK(first_difference(Json::object(), {{"a", 1}}) == "/a: not recorded, now 1");
}

TEST_CASE("shards share all cases out, each to one", "[rehearsal]") {
  const std::vector<int> all{1, 2, 3, 4, 5};
  CHECK(shard(all, 1, 2) == std::vector<int>{1, 3, 5});
  CHECK(shard(all, 2, 2) == std::vector<int>{2, 4});
  CHECK(shard(all, 6, 6).empty());
}

TEST_CASE("JUnit XML counts failures and errors apart and escapes what was found", "[rehearsal]") {
  Result broken = result("c.har");
  broken.error = Error(Kind::usage, "no \x1b[31mfile");
  const std::string xml = junit_xml({result("a.har"), result("b.har", {"<i>& more"}), broken});
  CHECK(xml.find("tests=\"3\" failures=\"1\" errors=\"1\"") != std::string::npos);
  CHECK(xml.find("<failure message=\"&lt;i&gt;&amp; more\">") != std::string::npos);
  CHECK(xml.find('\x1b') == std::string::npos);
}

TEST_CASE("TAP tells what passed and what did not, with the faults", "[rehearsal]") {
  const std::string text = tap({result("a.har"), result("b #1.har", {"it \"broke\""})});
  CHECK(text ==
        "TAP version 13\n1..2\nok 1 - a.har\nnot ok 2 - b \\#1.har\n  ---\n  faults:\n"
        "    - \"it \\\"broke\\\"\"\n  ...\n");
}

TEST_CASE("the place of a value in a JSON text is found by its pointer", "[rehearsal]") {
  const std::string json = R"({"a": [1, {"b \"c": [["x", "]"], "y"]}], "d": true})";
  const auto at = [&](const std::string& pointer) -> std::string {
    const auto span = span_of(json, pointer);
    return span ? json.substr(span->first, span->second - span->first) : "none";
  };
  CHECK(at("/a/0") == "1");
  CHECK(at("/a/1/b \"c") == R"([["x", "]"], "y"])");
  CHECK(at("/d") == "true");
  CHECK(at("/a/2") == "none");
  CHECK(at("/e") == "none");
}

TEST_CASE("an element is most alike to itself with other words, not to its neighbour", "[rehearsal]") {
  const recording::SnapshotPage then(
      "<main><p>Danger</p><button class='hk-button danger' type='submit'>Delete org...</button>"
      "<button class='hk-button' type='button'>Cancel</button></main>",
      "https://a.test/");
  const recording::SnapshotPage now(
      "<main><p>Danger</p><section><button class='hk-button' type='button'>Cancel</button>"
      "<button class='hk-button danger' type='submit'>Delete team...</button></section></main>",
      "https://a.test/");
  const Fingerprint meant = fingerprint_of(then.document(), *element(then, "button.danger"));
  const std::vector<Candidate> best = best_candidates(meant, now);
  REQUIRE(best.size() == 2);
  CHECK(best[0].element == element(now, "button.danger"));
  CHECK(best[0].score > 0.6);
  CHECK(best[0].score - best[1].score > 0.15);
}

TEST_CASE("an element that is as it was is as alike as can be", "[rehearsal]") {
  const recording::SnapshotPage page("<main><a href='/x' id='one'>One</a><a href='/y'>Two</a></main>",
                                     "https://a.test/");
  const Fingerprint print = fingerprint_of(page.document(), *element(page, "#one"));
  CHECK(similarity(print, print) == Approx(1));
}

TEST_CASE("a patch is shown as a unified diff of the lines it changes", "[rehearsal]") {
  Patch patch;
  patch.file = "/scripts/a.json";
  patch.before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  patch.after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n";
  CHECK(unified_diff(patch) ==
        "--- a.json\n+++ a.json\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("a change to a script that is named without its folder is tried like any other", "[rehearsal]") {
  namespace fs = std::filesystem;
  struct Inside {
    explicit Inside(const fs::path& folder) { fs::current_path(folder); }
    ~Inside() { fs::current_path(before); }
    fs::path before = fs::current_path();
  };
  const TemporaryFolder folder("offstage-test-");
  const Inside inside(folder.path());
  write_file("a.json", "{}");
  CHECK(disproofs({{"a.json", "{}", "{} ", {}}}, {}, connector::Registry({}), {},
                  Until::in(Milliseconds(5000))) ==
        std::vector<std::string>{"no recording plays these scripts: nothing proves the change"});
}

}  // namespace offstage::rehearsal_test
