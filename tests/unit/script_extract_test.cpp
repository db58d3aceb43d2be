#include <catch2/catch.hpp>

#include "has.h"
#include "script_support.h"

namespace offstage::script_extract_test {

using namespace test;

namespace {

Json rows_of(const std::vector<std::string>& users) {
  Json rows = Json::array();
  for (const std::string& user : users)
    rows.push_back({{"user", user}});
  return rows;
}

template <class... Page>
std::vector<Json> pages_of(Page... page) {
  std::vector<Json> list;
  (list.push_back(std::move(page)), ...);
  return list;
}

std::string extract(const std::string& more = "") {
  return "{'type':'customStep','name':'extract','timeout':400,'parameters':{'rows':[['tr']],"
         "'fields':{'user':{},'state':{'optional':true,'default':'active'}},'into':'grants','key':['user']" +
         more + "}}";
}

/// A console whose list has these pages, with a button to the next one.
struct Pages : Playground {
  std::vector<Json> pages;
  std::size_t at = 0;
  std::string total;

  explicit Pages(std::vector<Json> list) : pages(std::move(list)) {
    page.on_extract = [this](const browser::Extraction& extraction) {
      if (extraction.fields.front().name != "total") return pages.at(at);
      return total.empty() ? Json::array() : Json::array({{{"total", total}}});
    };
    page.elements["#next"] = {"Next"};
    page.elements["#next"].properties = {{"disabled", pages.size() < 2}};
    page.on_click["#next"] = [this] {
      ++at;
      page.elements["#next"].properties = {{"disabled", at + 1 >= pages.size()}};
    };
  }
  const Json& grants() { return environment.variables.at("grants"); }
};

const std::string next = ",'next':[['#next']]";
const std::string total = ",'total':{'selectors':[['.count']],'match':'of (\\\\d+)'}";

}  // namespace

TEST_CASE("rows are read into a variable, with what is missing by default", "[script][extract]") {
  Pages ground(pages_of(rows_of({"a", "b"})));
  ground.play(extract());
  CHECK(ground.grants() ==
        Json::array({{{"user", "a"}, {"state", "active"}}, {{"user", "b"}, {"state", "active"}}}));
  ground.play(extract(",'append':true"));
  CHECK(ground.grants().size() == 4);
}

TEST_CASE("pages are followed to the end", "[script][extract]") {
  Pages ground(pages_of(rows_of({"a", "b"}), rows_of({"c", "d"}), rows_of({"e"})));
  ground.play(extract(next));
  CHECK(ground.grants().size() == 5);
  CHECK(ground.page.clicks.size() == 2);
}

TEST_CASE("a list that grows in place of a further page is read once", "[script][extract]") {
  Pages ground(pages_of(rows_of({"a", "b"}), rows_of({"a", "b", "c"})));
  ground.play(extract(next));
  CHECK(ground.grants().size() == 3);
}

TEST_CASE("the same address twice on one page stays twice", "[script][extract]") {
  Pages ground(pages_of(rows_of({"a", "a"})));
  ground.play(extract());
  CHECK(ground.grants().size() == 2);
}

TEST_CASE("a row that moves to another page while the list is read is no listing", "[script][extract]") {
  Pages ground(pages_of(rows_of({"a", "b"}), rows_of({"b", "c"})));
  const Error error = ground.fails(extract(next));
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "rows moved"));
  CHECK_FALSE(ground.environment.variables.contains("grants"));
}

TEST_CASE("pages that come round again end the script", "[script][extract]") {
  Pages ground(pages_of(rows_of({"a"}), rows_of({"b"}), rows_of({"a"})));
  CHECK(has(ground.fails(extract(next)).message(), "the same page of rows came a second time"));
}

TEST_CASE("a next page that does not come is no end of the list", "[script][extract]") {
  Pages ground(pages_of(rows_of({"a"}), rows_of({"a"})));
  const Error error = ground.fails(extract(next));
  CHECK(has(error.message(), "after 1 rows the next ones did not come"));
  CHECK_FALSE(ground.environment.variables.contains("grants"));
}

TEST_CASE("no rows are only believed when the page says that there are none", "[script][extract]") {
  Pages ground(pages_of(rows_of({})));
  CHECK(has(ground.fails(extract()).message(), "does not say how an empty list looks"));
  const std::string empty = ",'empty':{'selectors':[['.none']]}";
  CHECK(has(ground.fails(extract(empty)).message(), "nothing on the page says that there are none"));
  ground.page.elements[".none"] = {"Nobody"};
  ground.play(extract(empty));
  CHECK(ground.grants().empty());
}

TEST_CASE("rows that still change are waited for", "[script][extract]") {
  Pages ground(pages_of(rows_of({"a"})));
  int looks = 0;
  ground.page.on_extract = [&](const browser::Extraction&) {
    return ++looks < 3 ? rows_of({"a"}) : rows_of({"a", "b"});
  };
  ground.pages = {};
  looks = 1;
  ground.play(extract());
  CHECK(ground.grants().size() == 2);
}

TEST_CASE("a row that cannot be read yet is waited for, one that never can is an error",
          "[script][extract]") {
  Pages ground(pages_of(rows_of({"a"})));
  int looks = 0;
  int bad = 2;
  ground.page.on_extract = [&](const browser::Extraction&) {
    if (++looks <= bad) throw Error(Kind::drift, "row 1 has no user");
    return rows_of({"a"});
  };
  ground.play(extract());
  CHECK(ground.grants().size() == 1);
  bad = 1'000'000;
  CHECK(has(ground.fails(extract()).message(), "row 1 has no user"));
}

TEST_CASE("the console's own total must be what was read", "[script][extract]") {
  Pages ground(pages_of(rows_of({"a", "b"}), rows_of({"c"})));
  ground.total = "3";
  ground.play(extract(next + total));
  CHECK(ground.grants().size() == 3);
  Pages lacking(pages_of(rows_of({"a", "b"})));
  lacking.total = "1,204";
  const Error error = lacking.fails(extract(next + total));
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "2 rows were read, but the console counts 1204"));
  CHECK_FALSE(lacking.environment.variables.contains("grants"));
}

TEST_CASE("a total that changes while the list is read is no listing", "[script][extract]") {
  Pages ground(pages_of(rows_of({"a"}), rows_of({"b"})));
  ground.total = "3";
  const auto click = ground.page.on_click["#next"];
  ground.page.on_click["#next"] = [&] {
    click();
    ground.total = "2";
  };
  CHECK(ground.fails(extract(next + total)).kind() == Kind::unreachable);
}

TEST_CASE("rows that move while the total changes are somebody else's doing, to be tried again",
          "[script][extract]") {
  Pages ground(pages_of(rows_of({"a", "b"}), rows_of({"b", "c"})));
  ground.total = "3";
  const auto click = ground.page.on_click["#next"];
  ground.page.on_click["#next"] = [&] {
    click();
    ground.total = "4";
  };
  const Error error = ground.fails(extract(next + total));
  CHECK(error.kind() == Kind::unreachable);
  CHECK(has(error.message(), "total went from 3 to 4"));
}

TEST_CASE("a total that is not shown is an error unless it is optional", "[script][extract]") {
  Pages ground(pages_of(rows_of({"a"})));
  CHECK(has(ground.fails(extract(total)).message(), "total is not on the page"));
  ground.play(extract(",'total':{'selectors':[['.count']],'optional':true}"));
  CHECK(ground.grants().size() == 1);
}

TEST_CASE("a list is scrolled until its end is seen, and rows that vanish are kept", "[script][extract]") {
  Playground ground;
  std::vector<Json> views{rows_of({"a", "b"}), rows_of({"b", "c"}), rows_of({"c", "d"})};
  std::size_t at = 0;
  ground.page.on_extract = [&](const browser::Extraction&) {
    at = std::min<std::size_t>(ground.page.done.size(), 2);
    return views.at(at);
  };
  ground.page.before_look = [&](const browser::Condition&) {
    if (at == 2) ground.page.elements[".end"] = {"That is all"};
  };
  ground.play(extract(",'scroll':[],'end':{'selectors':[['.end']]}"));
  CHECK(ground.environment.variables.at("grants").size() == 4);
  CHECK(ground.page.done.size() == 2);
}

TEST_CASE("windows of a scrolled list that share no row are no listing", "[script][extract]") {
  Playground ground;
  std::vector<Json> views{rows_of({"a", "b"}), rows_of({"c", "d"})};
  ground.page.on_extract = [&](const browser::Extraction&) {
    return views.at(std::min<std::size_t>(ground.page.done.size(), 1));
  };
  ground.page.before_look = [&](const browser::Condition&) {
    if (!ground.page.done.empty()) ground.page.elements[".end"] = {"That is all"};
  };
  const Error error = ground.fails(extract(",'scroll':[],'end':{'selectors':[['.end']]}"));
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "share no row"));
  CHECK_FALSE(ground.environment.variables.contains("grants"));
}

TEST_CASE("a row that cannot be read at the end of a scrolled list is no end", "[script][extract]") {
  Playground ground;
  ground.page.on_extract = [&](const browser::Extraction&) {
    if (ground.page.done.empty()) return rows_of({"a", "b"});
    ground.page.elements[".end"] = {"That is all"};
    throw Error(Kind::drift, "row 3 has no user");
  };
  const Error error = ground.fails(extract(",'scroll':[],'end':{'selectors':[['.end']]}"));
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "row 3 has no user"));
  CHECK_FALSE(ground.environment.variables.contains("grants"));
}

TEST_CASE("the last rows of a scrolled list that come with the sign of its end are read",
          "[script][extract]") {
  Playground ground;
  ground.page.on_extract = [&](const browser::Extraction&) {
    return ground.page.elements.contains(".end") ? rows_of({"a", "b", "c"}) : rows_of({"a", "b"});
  };
  ground.page.before_look = [&](const browser::Condition&) {
    if (!ground.page.done.empty()) ground.page.elements[".end"] = {"That is all"};
  };
  ground.play(extract(",'scroll':[],'end':{'selectors':[['.end']]}"));
  CHECK(ground.environment.variables.at("grants").size() == 3);
}

TEST_CASE("rows are believed only in a look that finds the page ready", "[script][extract]") {
  Pages ground(pages_of(rows_of({"a", "b"}), rows_of({"c"}), rows_of({"c", "d"})));
  ground.page.elements["#next"].properties = {{"disabled", false}};
  int looks = 0;
  ground.page.on_click["#next"] = [&] {
    ground.at = 1;
    ground.page.elements["#next"].properties = {{"disabled", true}};
    looks = 0;
  };
  // The spinner shows up late, and stays for longer than half a page seems to be at rest.
  ground.page.before_look = [&](const browser::Condition&) {
    if (ground.at != 1) return;
    if (++looks == 2) ground.page.elements["#spin"] = {"Loading"};
    if (looks <= 6) return;
    ground.page.elements.erase("#spin");
    ground.at = 2;
  };
  std::string step = extract(next + ",'ready':{'selectors':[['#spin']],'absent':true}");
  step.replace(step.find("400"), 3, "9000");
  ground.play(step);
  CHECK(ground.grants().size() == 4);
}

TEST_CASE("scrolling that brings nothing more without an end is no listing", "[script][extract]") {
  Playground ground;
  ground.page.on_extract = [&](const browser::Extraction&) { return rows_of({"a"}); };
  const Error error = ground.fails(extract(",'scroll':[],'end':{'selectors':[['.end']]}"));
  CHECK(has(error.message(), "the next ones did not come"));
  CHECK_FALSE(ground.environment.variables.contains("grants"));
}

}  // namespace offstage::script_extract_test
