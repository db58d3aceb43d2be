#include <catch2/catch.hpp>

#include "base/error.h"
#include "browser_support.h"
#include "error_of.h"
#include "queries.h"

namespace offstage::inpage_extract_test {

using namespace test;
using browser::Extraction;
using browser::Page;
using browser::Within;

namespace {

constexpr const char* members = R"html(<table id="one"><tbody>
  <tr class="m" data-id="7"><td><b> Ann
    Lee</b></td><td><a href="/users/17?x=1">ann@a.test</a></td><td>Admin</td><td><input value="note 1"></td></tr>
  <tr class="m" data-id="8"><td><b>Bob</b></td><td><a href="/users/18">bob@a.test</a></td><td>Member</td><td></td></tr>
  <tr class="m" hidden><td><b>Template</b></td></tr>
</tbody></table>
<section><h2>Other team</h2><p class="m"><b>Zoe</b></p></section>
<section><h2>Third team</h2><p class="m"><b>Yan</b></p></section>)html";

Extraction::Field field(const std::string& name, const std::string& selector,
                        const std::string& read = "text") {
  Extraction::Field result;
  result.name = name;
  if (!selector.empty()) result.selectors = {{selector}};
  result.read = read;
  return result;
}

Extraction of(std::vector<Extraction::Field> fields) {
  Extraction extraction;
  extraction.rows = {{"#one .m"}};
  extraction.fields = std::move(fields);
  return extraction;
}

std::string drift_of(Page& page, const Extraction& extraction) {
  const Error error = test::error_of([&] { page.extract({}, extraction, soon()); });
  CHECK(error.kind() == Kind::drift);
  return error.message();
}

}  // namespace

TEST_CASE("rows are read as they are seen, with text, values and attributes", "[extract]") {
  Stage stage;
  Page& page = stage.show(members);
  Extraction::Field id = field("id", "a", "@href");
  id.match = "/users/(\\d+)";
  Extraction::Field note = field("note", "input", "value");
  note.optional = true;
  Extraction::Field type = field("type", "");
  type.constant = "team";
  const Json rows =
      page.extract({}, of({field("name", "b"), id, note, type, field("row", "", "@data-id")}), soon());
  CHECK(rows == Json::parse(R"([
    {"name": "Ann Lee", "id": "17", "note": "note 1", "type": "team", "row": "7"},
    {"name": "Bob", "id": "18", "note": null, "type": "team", "row": "8"}])"));
}

TEST_CASE("a field that is missing names its row", "[extract]") {
  Stage stage;
  Page& page = stage.show(members);
  CHECK(drift_of(page, of({field("note", "input", "value")})).starts_with("row 2, field 'note': "));
}

TEST_CASE("a text that no map knows names its row, its field and itself", "[extract]") {
  Stage stage;
  Page& page = stage.show(members);
  Extraction::Field role = field("role", "td:nth-child(3)");
  role.map = {{"Admin", "admin"}};
  CHECK(drift_of(page, of({role})) == "row 2, field 'role': \"Member\" is none of \"Admin\"");
  role.map["*"] = "other";
  CHECK(page.extract({}, of({role}), soon()).at(1).at("role") == "other");
}

TEST_CASE("rows are looked for inside of the one that within means", "[extract]") {
  Stage stage;
  Page& page = stage.show(members);
  Extraction extraction = of({field("name", "b")});
  extraction.rows = {{".m"}};
  extraction.within = {Within{{{"section"}}, {{"h2"}}, "Third team"}};
  CHECK(page.extract({}, extraction, soon()) == Json::parse(R"([{"name": "Yan"}])"));
  extraction.within[0].equals = "No team";
  CHECK(drift_of(page, extraction).find("No team") != std::string::npos);
}

TEST_CASE("no rows are an empty list", "[extract]") {
  Stage stage;
  Page& page = stage.show("<p>No members</p>");
  CHECK(page.extract({}, of({field("name", "b")}), soon()) == Json::array());
}

TEST_CASE("a rule that cannot be is the script's fault", "[extract]") {
  Stage stage;
  Page& page = stage.show(members);
  Extraction::Field wrong = field("name", "b");
  wrong.match = "(";
  const Extraction pattern = of({wrong});
  const Extraction reading = of({field("name", "b", "colour")});
  for (const Extraction& extraction : {pattern, reading}) {
    const Error error = test::error_of([&] { page.extract({}, extraction, soon()); });
    CHECK(error.kind() == Kind::usage);
  }
}

TEST_CASE("ten thousand rows are read in one go", "[extract]") {
  Stage stage;
  Page& page = stage.show(R"html(<table id="one"></table><script>
    let rows = '';
    for (let i = 0; i < 10000; ++i)
      rows += `<tr class="m"><td class="n"><b>N</b> ${i}</td><td class="e"><a href="/u/${i}">u${i}@a.test</a></td></tr>`;
    one.innerHTML = rows;
  </script>)html");
  const Json rows = page.extract(
      {}, of({field("name", ".n"), field("email", ".e a"), field("path", ".e > a", "@href")}), soon());
  REQUIRE(rows.size() == 10'000);
  CHECK(rows.back() == Json::parse(R"({"name": "N 9999", "email": "u9999@a.test", "path": "/u/9999"})"));
}

TEST_CASE("half a character in a page does not break what is read", "[extract]") {
  Stage stage;
  Page& page = stage.show("<p></p><script>document.querySelector('p').textContent = 'a\\ud83d'</script>");
  CHECK(page.text({}, at("p"), soon()) == "a\xEF\xBF\xBD");
}

}  // namespace offstage::inpage_extract_test
