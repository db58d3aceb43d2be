#include "secret_search.h"

#include <cstdlib>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "program.h"

/// The search for leaked secrets finds what was planted: where it finds nothing, there is nothing.
namespace offstage::secret_search_test {

namespace {

using namespace test;

const std::string marked = R"(Zq7!"vT&w\k+9/hP%x<Y>2= uJ)";

SecretSearch search_for(const std::string& value) {
  SecretSearch search;
  search.add("key", value);
  return search;
}

bool finds(const SecretSearch& search, const std::string& bytes) {
  return !search.in(bytes).empty();
}

std::string utf16(const std::string& text) {
  std::string out;
  for (const char c : text)
    out.append({c, '\0'});
  return out;
}

}  // namespace

TEST_CASE("a secret is found plain, and its like is not", "[secret-search]") {
  const SecretSearch search = search_for(marked);
  CHECK(search.in("before " + marked + " after") == std::set<std::string>{"key (plain)"});
  CHECK(search.in(marked) == std::set<std::string>{"key (plain)"});
  CHECK_FALSE(finds(search, "before " + marked.substr(1) + " after"));
  CHECK_FALSE(finds(search, marked.substr(0, marked.size() - 1)));
  CHECK_FALSE(finds(search, ""));
}

TEST_CASE("a secret is found percent-encoded, as addresses and as forms have it", "[secret-search]") {
  const SecretSearch search = search_for(marked);
  CHECK(finds(search, "?q=" + url_encoded(marked) + "&r=1"));
  CHECK(finds(search, "?q=Zq7!%22vT%26w%5ck%2b9%2fhP%25x%3cY%3e2%3d%20uJ"));
  CHECK(finds(search, "q=Zq7%21%22vT%26w%5Ck%2B9%2FhP%25x%3CY%3E2%3D+uJ"));
}

TEST_CASE("a secret is found in base64 at each alignment, in either alphabet", "[secret-search]") {
  const std::string before = GENERATE("", "a", "ab", "abc", "abcd");
  const std::string value =
      GENERATE_COPY(as<std::string>{}, marked, "\xfb\xff\xbf\xfe\xff\xfb\xef\xbe", "314159");
  const SecretSearch search = search_for(value);
  std::string encoded = base64_encoded(before + value + "!?");
  CHECK(finds(search, "x:" + encoded + ";"));
  for (char& c : encoded)
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  CHECK(finds(search, encoded));
  CHECK_FALSE(finds(search, base64_encoded(before + "something else altogether")));
}

TEST_CASE("a secret is found in hexadecimal and in UTF-16LE", "[secret-search]") {
  const SecretSearch search = search_for("Zq7!x");
  CHECK(search.in("5a71372178") == std::set<std::string>{"key (hexadecimal)"});
  CHECK(finds(search, "<5A71372178>"));
  CHECK(search.in(utf16("aZq7!xb")) == std::set<std::string>{"key (UTF-16LE)"});
}

TEST_CASE("a secret is found escaped as in JSON and in HTML", "[secret-search]") {
  const SecretSearch search = search_for(marked);
  CHECK(finds(search, Json(marked).dump()));
  CHECK(finds(search, R"("Zq7!\u0022vT\u0026w\u005ck+9\/hP%x\u003cY\u003E2= uJ")"));
  CHECK(finds(search, "<td>" + html_escaped(marked) + "</td>"));
}

TEST_CASE("a one-time code is found as a number of its own, and not in a longer one", "[secret-search]") {
  const SecretSearch search = search_for("314159");
  CHECK(finds(search, "code=314159&"));
  CHECK(finds(search, "314159"));
  CHECK_FALSE(finds(search, "2314159"));
  CHECK_FALSE(finds(search, "3141592"));
}

TEST_CASE("a secret is found in a file, in the name of one, and in what a link leads to", "[secret-search]") {
  const SecretSearch search = search_for("Zq7!vT");
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "deep");
  write_file(folder.path() / "deep/.hidden", std::string(100'000, '\0') + "Zq7!vT");
  write_file(folder.path() / "a Zq7!vT name", "");
  std::filesystem::create_symlink("nowhere/Zq7!vT", folder.path() / "link");
  Findings findings;
  search.search_folder(folder.path(), findings);
  CHECK(findings.found.size() == 3);
  CHECK(findings.places == 7);  // four names, two files, one link
  CHECK(findings.unreadable.empty());
}

TEST_CASE("a secret is found on a command line and in an environment, also a grandchild's",
          "[secret-search]") {
  const Sandbox sandbox;
  Start start;
  start.folder = sandbox.path();
  start.terminal = true;  // at which it waits
  start.variables["PLANTED"] = "Zq7!vT";
  Program program({"/bin/sh", "-c", "sh -c 'echo up >&2; read line; : Xw3?uR'; :"}, start);
  program.wait_for("up");
  SecretSearch search = search_for("Zq7!vT");
  search.add("argument", "Xw3?uR");
  Findings findings;
  search.search_family(program.pid(), findings);
  std::size_t environments = 0;
  std::size_t arguments = 0;
  for (const std::string& each : findings.found) {
    environments += each.find("environ: key") != std::string::npos ? 1U : 0U;
    arguments += each.find("cmdline: argument") != std::string::npos ? 1U : 0U;
  }
  CHECK(environments >= 2);
  CHECK(arguments >= 2);
}

}  // namespace offstage::secret_search_test
