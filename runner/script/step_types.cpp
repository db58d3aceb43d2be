#include "script/step_types.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace offstage::script {
namespace {

using ShapePtr = std::shared_ptr<const Shape>;
using Type = Shape::Type;

constexpr std::array<std::pair<StepType, std::string_view>, 14> words{{
    {StepType::click, "click"},
    {StepType::double_click, "doubleClick"},
    {StepType::hover, "hover"},
    {StepType::change, "change"},
    {StepType::key_down, "keyDown"},
    {StepType::key_up, "keyUp"},
    {StepType::navigate, "navigate"},
    {StepType::set_viewport, "setViewport"},
    {StepType::emulate_network, "emulateNetworkConditions"},
    {StepType::close, "close"},
    {StepType::scroll, "scroll"},
    {StepType::wait_for_element, "waitForElement"},
    {StepType::wait_for_expression, "waitForExpression"},
    {StepType::custom, "customStep"},
}};

ShapePtr of(Type type) {
  Shape shape;
  shape.type = type;
  return std::make_shared<const Shape>(std::move(shape));
}

ShapePtr text(Use use, std::vector<std::string> choices = {}) {
  Shape shape;
  shape.type = Type::text;
  shape.use = use;
  shape.choices = std::move(choices);
  return std::make_shared<const Shape>(std::move(shape));
}

ShapePtr any(Use use) {
  Shape shape;
  shape.use = use;
  return std::make_shared<const Shape>(std::move(shape));
}

ShapePtr list(ShapePtr element, bool single = false) {
  Shape shape;
  shape.type = Type::list;
  shape.element = std::move(element);
  shape.single = single;
  return std::make_shared<const Shape>(std::move(shape));
}

ShapePtr map(ShapePtr element) {
  Shape shape;
  shape.type = Type::map;
  shape.element = std::move(element);
  return std::make_shared<const Shape>(std::move(shape));
}

ShapePtr object(std::string word, std::vector<Member> members) {
  Shape shape;
  shape.type = Type::object;
  shape.word = std::move(word);
  shape.members = std::move(members);
  return std::make_shared<const Shape>(std::move(shape));
}

Member must(std::string name, ShapePtr shape) {
  return {std::move(name), std::move(shape), true};
}
Member may(std::string name, ShapePtr shape) {
  return {std::move(name), std::move(shape), false};
}

std::vector<Member> joined(std::vector<Member> first, const std::vector<Member>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// --- Recorder's own -----------------------------------------------------------------------------------

std::vector<Member> base_members() {
  const ShapePtr event = object("asserted event", {must("type", text(Use::fixed, {"navigation"})),
                                                   may("url", of(Type::text)), may("title", of(Type::text))});
  return {must("type", of(Type::text)), may("timeout", of(Type::number)), may("assertedEvents", list(event)),
          may("target", text(Use::address))};
}

std::vector<Member> framed_members() {
  return joined(base_members(), {may("frame", list(of(Type::integer)))});
}

std::vector<Member> selector_members() {
  return joined(framed_members(), {must("selectors", of(Type::selectors))});
}

std::vector<Member> click_members() {
  // An empty word is what some exports hold for "none".
  return joined(
      selector_members(),
      {may("offsetX", of(Type::number)), may("offsetY", of(Type::number)),
       may("deviceType", text(Use::fixed, {"mouse", "pen", "touch", ""})),
       may("button", text(Use::fixed, {"primary", "auxiliary", "secondary", "back", "forward", ""})),
       may("duration", of(Type::number))});
}

std::vector<Member> wait_members() {
  return joined(selector_members(),
                {may("operator", text(Use::fixed, {">=", "==", "<=", ""})), may("count", of(Type::integer)),
                 may("visible", of(Type::flag)), may("properties", map(any(Use::plain))),
                 may("attributes", map(text(Use::plain)))});
}

ShapePtr recorder_shape(StepType type) {
  switch (type) {
    case StepType::click:
    case StepType::double_click:
      return object("step", click_members());
    case StepType::hover:
      return object("step", selector_members());
    case StepType::change:
      return object("step", joined(selector_members(), {must("value", text(Use::value))}));
    case StepType::key_down:
    case StepType::key_up:
      // The recorder writes a frame and, after an autofill, no key.
      return object("step", joined(framed_members(), {may("key", text(Use::plain))}));
    case StepType::navigate:
      return object("step", joined(base_members(), {must("url", text(Use::address))}));
    case StepType::set_viewport:
      return object(
          "step",
          joined(base_members(), {must("width", of(Type::integer)), must("height", of(Type::integer)),
                                  may("deviceScaleFactor", of(Type::number)), may("isMobile", of(Type::flag)),
                                  may("hasTouch", of(Type::flag)), may("isLandscape", of(Type::flag))}));
    case StepType::emulate_network:
      return object("step", joined(base_members(),
                                   {must("download", of(Type::number)), must("upload", of(Type::number)),
                                    must("latency", of(Type::number))}));
    case StepType::close:
      return object("step", base_members());
    case StepType::scroll:
      return object("step", joined(framed_members(), {may("x", of(Type::number)), may("y", of(Type::number)),
                                                      may("selectors", of(Type::selectors))}));
    case StepType::wait_for_element:
      return object("step", wait_members());
    case StepType::wait_for_expression:
      return object("step", joined(framed_members(), {must("expression", text(Use::expression))}));
    case StepType::custom:
      return object("step", joined(framed_members(),
                                   {must("name", of(Type::text)), may("parameters", any(Use::fixed))}));
  }
  throw Error(Kind::internal, "a step type has no shape");
}

// --- Offstage's custom steps --------------------------------------------------------------------------

std::vector<Member> condition_members() {
  return {may("selectors", of(Type::selectors)),
          may("count", of(Type::integer)),
          may("operator", text(Use::fixed, {">=", "==", "<="})),
          may("visible", of(Type::flag)),
          may("absent", of(Type::flag)),
          may("text", text(Use::plain)),
          may("contains", text(Use::plain)),
          may("names", text(Use::plain)),
          may("attributes", map(text(Use::plain))),
          may("properties", map(any(Use::plain))),
          may("url", text(Use::pattern))};
}

std::vector<Member> variable_members() {
  return {may("variable", text(Use::reads)), may("equals", text(Use::plain))};
}

ShapePtr condition() {
  return object("condition", condition_members());
}

/// A condition, or a look at a variable.
ShapePtr test() {
  return object("test", joined(condition_members(), variable_members()));
}

ShapePtr field() {
  return object("field", {may("selectors", of(Type::selectors)), may("read", text(Use::fixed)),
                          may("optional", of(Type::flag)), may("match", text(Use::regex)),
                          may("map", map(text(Use::plain))), may("default", text(Use::plain)),
                          may("constant", text(Use::plain))});
}

ShapePtr extract_shape() {
  const ShapePtr total = object("total", {must("selectors", of(Type::selectors)),
                                          may("match", text(Use::regex)), may("optional", of(Type::flag))});
  return object("extract", {must("rows", of(Type::selectors)), must("fields", map(field())),
                            must("into", text(Use::sets)), may("append", of(Type::flag)),
                            may("ready", list(condition(), true)), may("empty", condition()),
                            may("next", of(Type::selectors)), may("scroll", of(Type::selectors)),
                            may("end", condition()), may("key", list(of(Type::text))), may("total", total)});
}

std::vector<Member> dialog_members() {
  return {may("type", text(Use::fixed, {"alert", "confirm", "prompt", "beforeunload"})),
          may("text", text(Use::plain)), may("contains", text(Use::plain)),
          may("action", text(Use::fixed, {"accept", "dismiss"})), may("prompt", text(Use::plain))};
}

ShapePtr commit_shape() {
  Shape status;
  status.type = Type::list;
  status.element = of(Type::integer);
  status.single = true;
  const ShapePtr response =
      object("response", {must("method", text(Use::fixed)), must("url", list(text(Use::pattern), true)),
                          may("status", std::make_shared<const Shape>(status)),
                          may("ignore", list(text(Use::pattern), true))});
  return object("commit", {must("target", text(Use::plain)), must("confirm", list(condition(), true)),
                           must("action", of(Type::step)), may("dialog", object("dialog", dialog_members())),
                           must("response", response), must("done", list(condition(), true)),
                           may("failed", of(Type::selectors))});
}

ShapePtr when_shape() {
  const ShapePtr cases = list(object("case", {must("test", test()), must("then", of(Type::steps))}));
  return object("when", {may("test", test()), may("then", of(Type::steps)), may("else", of(Type::steps)),
                         may("wait", of(Type::number)), may("cases", cases)});
}

std::vector<std::string> fail_kinds() {
  return {"refused", "usage", "drift", "unknown", "unreachable", "busy", "human"};
}

std::vector<std::pair<std::string, ShapePtr>> make_customs() {
  return {
      {"run", object("run", {must("script", text(Use::file)), may("with", any(Use::plain)),
                             may("take", list(text(Use::sets)))})},
      {"within", object("within", {must("rows", of(Type::selectors)), may("field", of(Type::selectors)),
                                   must("equals", text(Use::plain)), must("steps", of(Type::steps))})},
      {"extract", extract_shape()},
      {"expect", object("test", joined(joined(condition_members(), variable_members()),
                                       {may("message", text(Use::plain))}))},
      {"commit", commit_shape()},
      {"when", when_shape()},
      {"forEach", object("forEach", {must("of", text(Use::reads)), must("as", text(Use::item)),
                                     must("steps", of(Type::steps))})},
      {"capture", object("capture", {must("name", text(Use::plain))})},
      {"dialog", object("dialog", joined(dialog_members(), {must("steps", of(Type::steps))}))},
      {"fail",
       object("fail", {must("kind", text(Use::fixed, fail_kinds())), must("message", text(Use::plain)),
                       may("hint", text(Use::plain)), may("words", of(Type::selectors))})},
  };
}

const std::vector<std::pair<std::string, ShapePtr>>& customs() {
  static const std::vector<std::pair<std::string, ShapePtr>> table = make_customs();
  return table;
}

}  // namespace

std::string_view word_of(StepType type) {
  return std::find_if(words.begin(), words.end(), [type](const auto& row) { return row.first == type; })
      ->second;
}

std::optional<StepType> type_named(std::string_view word) {
  const auto* row =
      std::find_if(words.begin(), words.end(), [word](const auto& entry) { return entry.second == word; });
  if (row == words.end()) return std::nullopt;
  return row->first;
}

std::vector<std::string> type_words() {
  std::vector<std::string> out;
  out.reserve(words.size());
  for (const auto& row : words)
    out.emplace_back(row.second);
  return out;
}

bool takes_selectors(StepType type) {
  switch (type) {
    case StepType::click:
    case StepType::double_click:
    case StepType::hover:
    case StepType::change:
    case StepType::wait_for_element:
      return true;
    default:
      return false;
  }
}

const Shape& shape_of(StepType type) {
  static const std::vector<ShapePtr> table = [] {
    std::vector<ShapePtr> shapes;
    for (const auto& row : words)
      shapes.push_back(recorder_shape(row.first));
    return shapes;
  }();
  return *table[static_cast<std::size_t>(type)];
}

const Shape* parameters_of(std::string_view custom_name) {
  for (const auto& [name, shape] : customs()) {
    if (name == custom_name) return shape.get();
  }
  return nullptr;
}

std::vector<std::string> custom_names() {
  std::vector<std::string> out;
  for (const auto& [name, shape] : customs())
    out.push_back(name);
  return out;
}

}  // namespace offstage::script
