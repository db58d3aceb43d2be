#include <catch2/catch.hpp>

#include "base/error.h"
#include "queries.h"
#include "recording/snapshot_clean.h"
#include "recording/snapshot_page.h"

namespace offstage::recording_snapshot_clean_test {

using namespace test;
using recording::cleaned;
using recording::SnapshotPage;

namespace {

bool holds_text(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string text_after_cleaning(const std::string& html, const std::string& selector) {
  return SnapshotPage(cleaned(html), "").text(at(selector)).value_or("(nothing)");
}

}  // namespace

TEST_CASE("a cleaned snapshot has one element a line, indented", "[snapshot-clean]") {
  CHECK(cleaned("<!DOCTYPE html><html><head></head><body>\n<ul>\n<li>one</li>\n<li>two "
                "<b>x</b></li>\n</ul></body>") ==
        "<!DOCTYPE html>\n<html\n ><head></head\n ><body>\n  <ul>\n   <li>one</li>\n   <li\n    >two\n    "
        "<b>x</b\n   "
        "></li>\n  </ul\n ></body\n></html\n>");
}

TEST_CASE("cleaning leaves out what runs and what is fetched", "[snapshot-clean]") {
  const std::string clean = cleaned(
      "<head><link href=x.css><style>p{}</style><script>a()</script></head><body onload=b()><!-- note -->"
      "<a href=' java\nscript:c()' onclick=d() nonce=n1>go</a><img src='data:image/png;base64,AAAA' alt=p>"
      "<noscript><p>off</p></noscript><iframe srcdoc='<p>in' src=/f></iframe><p "
      "style=\"background:url('data:image/x;q')\">"
      "<svg><script>e()</script></svg>");
  for (const char* gone : {"x.css", "p{}", "a()", "b()", "note", "script:", "c()", "d()", "n1", "AAAA", "off",
                           "srcdoc", "image", "e()"}) {
    INFO(gone << " in " << clean);
    CHECK_FALSE(holds_text(clean, gone));
  }
  CHECK(holds_text(clean, "<a href=\"#\">go</a"));
  CHECK(holds_text(clean, "<img src=\"data:,\" alt=\"p\""));
  CHECK(holds_text(clean, "<iframe src=\"/f\"></iframe"));
}

TEST_CASE("cleaning keeps structure, states of fields, marks and shadow trees", "[snapshot-clean]") {
  const std::string clean = cleaned(
      "<div id=a class='b c' data-offstage-hidden=''><input value='typed &amp; &quot;x&quot;' checked=''>"
      "<select><option selected>1</select></div><x-y><template "
      "shadowrootmode=open><slot></slot></template>in</x-y>"
      "<template><i>kept</i></template>");
  CHECK(holds_text(clean, "<div id=\"a\" class=\"b c\" data-offstage-hidden=\"\""));
  CHECK(holds_text(clean, "<input value=\"typed &amp; &quot;x&quot;\" checked=\"\""));
  CHECK(holds_text(clean, "<option selected=\"\">1</option"));
  CHECK(holds_text(clean, "><template shadowrootmode=\"open\""));
  CHECK(holds_text(clean, "<i>kept</i"));
}

TEST_CASE("cleaning changes no text and no place that a query sees", "[snapshot-clean]") {
  const std::string html =
      "<p id=a>ann<b>@a.</b><i>test</i></p><ul id=b><li>x</li><li>y</li></ul><script></script><div "
      "id=c>c</div>"
      "<pre id=d>\n\n  two\n lines <b> x </b></pre><textarea id=e>\n\n keep\n  it</textarea><p id=f> a "
      "&nbsp; b<br>c </p>";
  for (const char* selector : {"#a", "#b", "#c", "#d", "#f", "body"}) {
    INFO(selector);
    CHECK(text_after_cleaning(html, selector) == SnapshotPage(html, "").text(at(selector)));
  }
  CHECK(text_after_cleaning(html, "text/xy") == "x y");
  CHECK(text_after_cleaning(html, "body > :nth-child(4)") == "c");
  const auto exact = [&html](const std::string& selector) {
    return recording::snapshot::text_content(*SnapshotPage(cleaned(html), "").find(at(selector)).front());
  };
  CHECK(exact("#d") == "\n  two\n lines  x ");
  CHECK(exact("#e") == "\n keep\n  it");
}

TEST_CASE("cleaned HTML stays as it is", "[snapshot-clean]") {
  for (const char* html :
       {"", "text", "<p>a<div>b</p>c", "<table><p>x<tr><td>y", "<b><p>x</b>y", "<a href=1><table><a href=2>z",
        "<svg><title>t</title><foreignObject><p>x</foreignObject></svg>", "<pre>\n\nx", "<plaintext>a</b>",
        "<xmp><b></xmp>", "<form><form><input></form></form>", "<math><mi>x</mi></math>",
        "<select><p>x<option>y", "<body></body> <!-- x --> y", "<frameset><frame></frameset>", "<p a\"b=c>x",
        "<template><tr><td>x</template>", "&#13;x&#0;", "<pre></><odd>x"}) {
    INFO(html);
    const std::string once = cleaned(html);
    CHECK(cleaned(once) == once);
  }
}

TEST_CASE("HTML without bounds is not cleaned", "[snapshot-clean]") {
  std::string html;
  for (int i = 0; i < 5'000; ++i)
    html += "<b>";
  CHECK_THROWS_AS(cleaned(html), Error);
}

}  // namespace offstage::recording_snapshot_clean_test
