#include <catch2/catch.hpp>

#include "base/hash.h"
#include "browser_support.h"
#include "queries.h"

namespace offstage::inpage_evidence_test {

using namespace test;
using browser::Page;
using browser::ScreenshotOptions;

namespace {

/// Places of the page, one for each selector, that are wholly covered in the picture. The picture is looked
/// at in the browser itself.
std::string covered(Page& page, const ScreenshotOptions& options, const std::vector<std::string>& selectors) {
  const std::string picture = base64_encoded(page.screenshot(options, soon()));
  const std::string look = "(async () => { const image = new Image(); image.src = 'data:image/png;base64," +
                           picture + "'; await image.decode();" + R"js(
    const canvas = document.createElement('canvas');
    canvas.width = image.width; canvas.height = image.height;
    const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);
    const isCovered = (selector) => {
      const box = document.querySelector(selector).getBoundingClientRect();
      const { data } = context.getImageData(box.left + scrollX + 2, box.top + scrollY + 2, box.width - 4, box.height - 4);
      return data.every((value, index) => value === data[index % 4]);
    };
    window.covered = )js" + Json(selectors).dump() +
                           ".filter(isCovered).join(' '); return true; })()";
  REQUIRE(page.wait_for_expression({}, look, soon()));
  REQUIRE(page.wait_for_expression({}, "(document.title = 'covered: ' + window.covered, true)", soon()));
  return page.title(soon()).substr(std::string("covered:").size());
}

constexpr const char* people = R"html(
  <style>body { width: 700px } p, td, li, div { width: fit-content }</style>
  <p id="me">me@a.test</p><p id="other">ann@a.test</p>
  <table><tr id="mine"><td>Me</td><td>Me@A.test</td></tr><tr id="row"><td id="name">Ann Lee</td><td>ann@a.test</td></tr>
  <tr><td id="kept">me@a.test</td><td><span id="inviter">bob@a.test</span></td></tr></table>
  <ul><li id="item"><b id="label">Zoe</b> zoe@a.test</li></ul>
  <div id="split">joe@<b>a.test</b></div><div id="beside">Name<span>me@a.test</span></div>
  <input id="field" value="kim@a.test"><input id="password" type="password" value="hunter2">
  <img id="image" alt="lee@a.test" width="60" height="30"
    src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='60' height='30'%3E%3Crect width='30' height='30'/%3E%3C/svg%3E">
  <dialog id="dialog"><span id="shown">sue@a.test</span></dialog><script>dialog.showModal()</script>)html";

const std::vector<std::string> everything = {"#me",   "#other",   "#mine",     "#name",  "#row",
                                             "#kept", "#inviter", "#label",    "#split", "#beside",
                                             "#item", "#field",   "#password", "#image", "#shown"};

}  // namespace

TEST_CASE("a picture covers other people's rows and addresses, passwords and pictures of them", "[mask]") {
  Stage stage;
  Page& page = stage.show(people);
  ScreenshotOptions options;
  options.keep_addresses = {"ME@a.test"};
  CHECK(covered(page, options, everything) ==
        " #other #name #row #inviter #label #split #item #field #password #image #shown");
}

TEST_CASE("a picture of the full page is covered where it was out of view", "[mask]") {
  Stage stage;
  Page& page = stage.show(
      "<p>top</p><div style='height:3000px'></div><p id='far' style='width:fit-content'>ann@a.test</p>");
  ScreenshotOptions options;
  options.full_page = true;
  CHECK(covered(page, options, {"#far"}) == " #far");
}

TEST_CASE("a picture without a mask shows everything", "[mask]") {
  Stage stage;
  Page& page = stage.show(people);
  ScreenshotOptions options;
  options.mask = false;
  CHECK(covered(page, options, everything).empty());
}

TEST_CASE("nothing of the mask stays in the page", "[mask]") {
  Stage stage;
  Page& page = stage.show("<p>ann@a.test</p>");
  page.screenshot({}, soon());
  CHECK(page.wait_for_expression({}, "document.documentElement.children.length === 2", soon()));
}

TEST_CASE("a field that was filled with a secret is covered, also when it is drawn anew", "[mask]") {
  Stage stage;
  Page& page = stage.show(
      "<div id='box'><input id='code'></div><script>code.onchange = () => {"
      " const value = code.value; box.innerHTML = '<input id=code>'; code.value = value; }</script>");
  REQUIRE(page.fill({}, at("#code"), Secret("839201"), soon()).ok());
  REQUIRE(page.wait_for_expression({}, "(code.blur(), code.value === '839201')", soon()));
  CHECK(covered(page, {}, {"#code"}) == " #code");
  CHECK(page.html({}, soon()).find("839201") == std::string::npos);
}

TEST_CASE("the HTML says what is typed and chosen, and no passwords", "[html]") {
  Stage stage;
  Page& page = stage.show(
      "<!DOCTYPE html><input id='a' value='old'><input type='password' value='hunter2'><textarea "
      "id='t'>x</textarea>"
      "<input type='checkbox' id='b'><select><option>1<option selected>2</select><br>"
      "<script>a.value = 'a \"new\" &'; t.value = '</textarea>'; b.checked = true; x = '<b>' && 1</script>"
      "<template><i>in template</i></template><!-- note -->");
  const std::string html = page.html({}, soon());
  CHECK(html.starts_with("<!DOCTYPE html><html>"));
  CHECK(html.find("<input id=\"a\" value=\"a &quot;new&quot; &amp;\">") != std::string::npos);
  CHECK(html.find("hunter2") == std::string::npos);
  CHECK(html.find("<textarea id=\"t\">&lt;/textarea&gt;</textarea>") != std::string::npos);
  CHECK(html.find("<input type=\"checkbox\" id=\"b\" checked=\"\">") != std::string::npos);
  CHECK(html.find("<option>1</option><option selected=\"\">2</option>") != std::string::npos);
  CHECK(html.find("x = '<b>' && 1") != std::string::npos);
  CHECK(html.find("<template><i>in template</i></template><!-- note -->") != std::string::npos);
  CHECK(html.find("<br></br>") == std::string::npos);
}

TEST_CASE("the HTML holds open shadow trees", "[html]") {
  Stage stage;
  Page& page = stage.show(
      "<div id='host'>slotted</div><script>"
      "host.attachShadow({ mode: 'open' }).innerHTML = '<b>inside</b><slot></slot>'</script>");
  CHECK(page.html({}, soon())
            .find("<div id=\"host\"><template "
                  "shadowrootmode=\"open\"><b>inside</b><slot></slot></template>slotted"
                  "</div>") != std::string::npos);
}

TEST_CASE("the HTML marks what cannot be seen, once for all that is in it", "[html]") {
  Stage stage;
  Page& page = stage.show(
      "<!DOCTYPE html><style>.none { display: none } .un { visibility: hidden } .vis { visibility: visible }"
      " .flex { display: flex }</style><body><p id='a' class='none'>a <b>in it</b></p>"
      "<p id='b' class='un'>b <i class='vis'>seen</i></p><i id='c'></i><p id='d'>d</p><b hidden>e</b>"
      "<div class='flex'><span>f</span></div><details><summary>g</summary><u>h</u></details><br>");
  const std::string html = page.html({}, soon());
  const auto holds = [&html](const char* text) {
    INFO(text << " in " << html);
    CHECK(html.find(text) != std::string::npos);
  };
  holds("<head data-offstage-hidden=\"\">");
  holds("<p id=\"a\" class=\"none\" data-offstage-hidden=\"\">a <b>in it</b></p>");
  holds(
      "<p id=\"b\" class=\"un\" data-offstage-hidden=\"unseen\">b <i class=\"vis\" "
      "data-offstage-hidden=\"seen\">seen");
  holds("<i id=\"c\" data-offstage-hidden=\"empty\"></i>");
  holds("<p id=\"d\">d</p><b hidden=\"\" data-offstage-hidden=\"\">e</b>");
  holds("<div class=\"flex\"><span data-offstage-display=\"block\">f</span></div>");
  holds("<summary>g</summary><u data-offstage-hidden=\"\">h</u></details><br>");
}

}  // namespace offstage::inpage_evidence_test
