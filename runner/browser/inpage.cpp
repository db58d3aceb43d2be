#include "browser/inpage.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "embedded/accessible_name_js.h"
#include "embedded/conditions_js.h"
#include "embedded/dom_js.h"
#include "embedded/entry_js.h"
#include "embedded/extract_js.h"
#include "embedded/fill_js.h"
#include "embedded/guard_js.h"
#include "embedded/html_js.h"
#include "embedded/mask_js.h"
#include "embedded/pointer_js.h"
#include "embedded/query_js.h"
#include "embedded/roles_js.h"
#include "embedded/selectors_js.h"
#include "embedded/text_js.h"
#include "embedded/visibility_js.h"

namespace offstage::browser::inpage {

namespace {

constexpr std::string_view missing = "missing";

std::string joined_source() {
  // One function, so that nothing but the entry's name is left in the world; each file uses those before it.
  std::string text = "(() => {\n'use strict';\nif (typeof offstageInpage !== 'undefined') return;\n";
  for (const std::string_view part :
       {embedded::dom_js, embedded::visibility_js, embedded::text_js, embedded::roles_js,
        embedded::accessible_name_js, embedded::selectors_js, embedded::query_js, embedded::conditions_js,
        embedded::pointer_js, embedded::guard_js, embedded::fill_js, embedded::extract_js, embedded::mask_js,
        embedded::html_js, embedded::entry_js}) {
    text += part;
    text += '\n';
  }
  text += "})();\n";
  return text;
}

/// A JavaScript string literal: JSON's is one.
std::string literal(std::string_view text) {
  return Json(text).dump(-1, ' ', true);
}

Json request(std::string_view operation, const Json& arguments) {
  std::string expression = "typeof offstageInpage === 'undefined' ? '";
  expression += missing;
  expression += "' : offstageInpage.run(" + literal(operation) + ", " + literal(arguments.dump()) + ")";
  return {{"expression", std::move(expression)}, {"awaitPromise", true}, {"returnByValue", true}};
}

/// What the operation answered, or its error thrown.
Json answer(const Json& reply) {
  if (const auto exception = reply.find("exceptionDetails"); exception != reply.end()) {
    throw Error(Kind::internal, "the in-page script failed: " + exception->dump());
  }
  const Json& value = member_of(member_of(reply, "result"), "value");
  if (!value.is_string() || !installed(reply)) {
    throw Error(Kind::internal, "the in-page script did not answer: " + reply.dump());
  }
  const auto& text = value.get_ref<const std::string&>();
  Json parsed = nested_deeper(text, deepest_nesting) ? Json() : Json::parse(text, nullptr, false);
  if (!parsed.is_object()) throw Error(Kind::internal, "the in-page script answered what is no JSON object");
  if (const auto error = parsed.find("error"); error != parsed.end()) {
    const std::string message = text_of(*error, "message");
    const std::string kind = text_of(*error, "kind");
    if (kind == "usage") throw Error(Kind::usage, message, "mend the selector or rule in the script");
    if (kind == "drift") {
      throw Error(Kind::drift, message, "compare the page with what the script expects to read");
    }
    throw Error(Kind::internal, "the in-page script failed: " + message);
  }
  return member_of(parsed, "ok");
}

/// What `read` makes of an answer; Error{internal} where that is not built as our script builds it.
template <typename Read>
auto understood(Read read) {
  try {
    return read();
  } catch (const Json::exception& error) {
    throw Error(Kind::internal,
                fmt::format("the in-page script did not answer as it does: {}", error.what()));
  }
}

/// A number that is whole and small, as all of ours are: others cannot be read as one.
int whole(const Json& json) {
  if (!json.is_number_integer() || !std::in_range<int>(json.get<std::int64_t>()))
    throw Error(Kind::internal, "the in-page script answered what is no number of ours");
  return json.get<int>();
}

Miss::Why why_named(const std::string& name) {
  using enum Miss::Why;
  static constexpr std::array names = {
      std::pair{std::string_view("absent"), absent},
      std::pair{std::string_view("ambiguous"), ambiguous},
      std::pair{std::string_view("hidden"), hidden},
      std::pair{std::string_view("unstable"), unstable},
      std::pair{std::string_view("disabled"), disabled},
      std::pair{std::string_view("covered"), covered},
      std::pair{std::string_view("guard"), guard},
      std::pair{std::string_view("not_editable"), not_editable},
      std::pair{std::string_view("no_option"), no_option},
      std::pair{std::string_view("condition"), condition},
      std::pair{std::string_view("frame"), frame},
  };
  for (const auto& [word, why] : names) {
    if (word == name) return why;
  }
  throw Error(Kind::internal, "the in-page script gave an unknown reason: " + name);
}

Miss miss_from(const Json& json) {
  Miss miss;
  miss.why = why_named(json.at("why"));
  miss.seen = json.at("seen");
  miss.matches = whole(json.at("matches"));
  miss.selector = json.at("selector");
  return miss;
}

std::optional<Miss> optional_miss(const Json& json) {
  const auto found = json.find("miss");
  if (found == json.end() || found->is_null()) return std::nullopt;
  return miss_from(*found);
}

Verdict verdict_from(const Json& json) {
  return {json.at("token"), optional_miss(json), json.at("reached"), json.at("last")};
}

std::string_view word(Button button) {
  switch (button) {
    case Button::left:
      return "left";
    case Button::middle:
      return "middle";
    case Button::right:
      return "right";
    case Button::back:
      return "back";
    case Button::forward:
      return "forward";
  }
  throw Error(Kind::internal, "there is no such button");
}

Json conditions_json(const std::vector<Condition>& conditions) {
  Json list = Json::array();
  for (const Condition& condition : conditions)
    list.push_back(condition.to_json());
  return list;
}

std::variant<Point, Miss> point_from(const Json& json) {
  if (const std::optional<Miss> miss = optional_miss(json)) return *miss;
  return Point{json.at("x"), json.at("y"), whole(json.at("alternative"))};
}

}  // namespace

std::string_view source() {
  static const std::string text = joined_source();
  return text;
}

bool installed(const Json& reply) {
  const auto result = reply.find("result");
  return result == reply.end() || member_of(*result, "value") != missing;
}

Json point_request(const Query& query, const ClickOptions& options, Gesture gesture, const std::string& token,
                   Milliseconds timeout, Milliseconds armed_for) {
  Json offset = nullptr;
  if (options.offset_x && options.offset_y) offset = {{"x", *options.offset_x}, {"y", *options.offset_y}};
  return request("point", {{"query", query.to_json()},
                           {"offset", std::move(offset)},
                           {"gesture", gesture == Gesture::click ? "click" : "hover"},
                           {"token", token},
                           {"guard", conditions_json(options.guard)},
                           {"count", options.count},
                           {"button", word(options.button)},
                           {"timeout", timeout.count()},
                           {"armedFor", armed_for.count()}});
}

std::variant<Point, Miss> parse_point(const Json& reply) {
  return understood([&]() -> std::variant<Point, Miss> { return point_from(answer(reply)); });
}

Verdict parse_verdict(const std::string& payload) {
  return understood([&]() -> Verdict {
    const Json json = Json::parse(payload, nullptr, false);
    if (!json.is_object() || !json.contains("token")) {
      throw Error(Kind::internal, "the page's guard reported what is no verdict");
    }
    return verdict_from(json);
  });
}

Json disarm_request(const std::string& token) {
  return request("disarm", {{"token", token}});
}

std::optional<Verdict> parse_disarm(const Json& reply) {
  return understood([&]() -> std::optional<Verdict> {
    const Json json = answer(reply);
    if (json.at("verdict").is_null()) return std::nullopt;
    return verdict_from(json.at("verdict"));
  });
}

Json frame_point_call(double x, double y) {
  std::string declaration = "function(x, y) { return typeof offstageInpage === 'undefined' ? '";
  declaration += missing;
  declaration += "' : offstageInpage.framePoint(this, x, y); }";
  return {{"functionDeclaration", std::move(declaration)},
          {"arguments", Json::array({{{"value", x}}, {{"value", y}}})},
          {"awaitPromise", true},
          {"returnByValue", true}};
}

std::variant<Point, Miss> parse_frame_point(const Json& reply) {
  return understood([&]() -> std::variant<Point, Miss> { return point_from(answer(reply)); });
}

Json fill_request(const Query& query, const std::string& value, bool secret, const std::string& token,
                  Milliseconds timeout) {
  return request("fill", {{"query", query.to_json()},
                          {"value", value},
                          {"secret", secret},
                          {"token", token},
                          {"timeout", timeout.count()}});
}

std::variant<FillStep, Miss> parse_fill(const Json& reply) {
  return understood([&]() -> std::variant<FillStep, Miss> {
    const Json json = answer(reply);
    if (const std::optional<Miss> miss = optional_miss(json)) return *miss;
    FillStep step;
    step.alternative = whole(json.at("alternative"));
    const std::string action = json.at("action");
    if (action == "type") {
      step.action = FillStep::Action::type;
      step.skip = static_cast<std::size_t>(std::max(0, whole(json.at("skip"))));
    } else if (action == "click") {
      step.action = FillStep::Action::click;
    }
    return step;
  });
}

Json filled_request(const std::string& token, std::size_t strokes, bool more) {
  return request("filled", {{"token", token}, {"strokes", strokes}, {"more", more}});
}

Outcome parse_filled(const Json& reply) {
  return understood([&] {
    const Json json = answer(reply);
    Outcome outcome;
    outcome.miss = optional_miss(json);
    outcome.reached = json.value("reached", false);
    return outcome;
  });
}

Json wait_request(const std::vector<Condition>& conditions, Milliseconds timeout) {
  return request("wait", {{"conditions", conditions_json(conditions)}, {"timeout", timeout.count()}});
}

std::variant<int, std::vector<Miss>> parse_wait(const Json& reply) {
  return understood([&]() -> std::variant<int, std::vector<Miss>> {
    const Json json = answer(reply);
    if (const auto index = json.find("index"); index != json.end()) return whole(*index);
    std::vector<Miss> misses;
    for (const Json& each : json.at("misses"))
      misses.push_back(miss_from(each));
    return misses;
  });
}

Json check_request(const Condition& condition) {
  return request("check", {{"condition", condition.to_json()}});
}

std::optional<Miss> parse_check(const Json& reply) {
  return understood([&]() -> std::optional<Miss> { return optional_miss(answer(reply)); });
}

Json text_request(const Query& query) {
  return request("text", {{"query", query.to_json()}});
}

std::optional<std::string> parse_text(const Json& reply) {
  return understood([&]() -> std::optional<std::string> {
    const Json json = answer(reply);
    if (json.at("text").is_null()) return std::nullopt;
    return json.at("text").get<std::string>();
  });
}

Json extract_request(const Extraction& extraction) {
  return request("extract", {{"extraction", extraction.to_json()}});
}

Json parse_extract(const Json& reply) {
  return understood([&]() -> Json {
    Json json = answer(reply);
    if (const std::optional<Miss> miss = optional_miss(json)) {
      throw Error(Kind::drift, "the rows are not ready: " + miss->explain());
    }
    return std::move(json.at("rows"));
  });
}

Json scroll_request(const std::optional<Query>& query, double x, double y, Milliseconds timeout) {
  return request(
      "scroll",
      {{"query", query ? query->to_json() : Json()}, {"x", x}, {"y", y}, {"timeout", timeout.count()}});
}

Json scroll_on_request(const std::optional<Query>& box, const Query& rows, Milliseconds timeout) {
  return request(
      "scrollOn",
      {{"box", box ? box->to_json() : Json()}, {"rows", rows.to_json()}, {"timeout", timeout.count()}});
}

Outcome parse_scroll(const Json& reply) {
  return understood([&]() -> Outcome {
    const Json json = answer(reply);
    Outcome outcome;
    outcome.miss = optional_miss(json);
    outcome.alternative = integer_of(json, "alternative");
    return outcome;
  });
}

Json mask_request(const ScreenshotOptions& options) {
  return request("mask", {{"keep", options.keep_addresses}, {"fullPage", options.full_page}});
}

Json unmask_request() {
  return request("unmask", Json::object());
}

int parse_mask(const Json& reply) {
  return understood([&]() -> int { return whole(answer(reply).at("boxes")); });
}

Json html_request() {
  return request("html", Json::object());
}

std::string parse_html(const Json& reply) {
  return understood([&]() -> std::string { return answer(reply).at("html"); });
}

}  // namespace offstage::browser::inpage
