#include <cmath>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "script/members.h"
#include "script/script.h"
#include "script/selectors.h"
#include "script/step_types.h"

namespace offstage::script {
namespace {

using Document = std::shared_ptr<const JsonDocument>;

std::vector<Step> parse_steps(const Document& document, const Json& list, const std::string& pointer);
Step parse_step(const Document& document, const Json& entry, const std::string& pointer);

/// Ends parsing at the first thing that is not as it must be; keeps the nested steps that it passes.
class Parser : public ShapeVisitor {
 public:
  /// `what` is put before what is wrong: "navigate ".
  Parser(Document document, std::string base, std::string what)
      : document_(std::move(document)), base_(std::move(base)), what_(std::move(what)) {}

  void wrong(const std::string& pointer, const std::string& what) override {
    throw document_->error_at(pointer, pointer == base_ ? what_ + what : what);
  }

  void steps(const std::string& pointer, const Json& value) override {
    // The members of `parameters` that hold steps are known by their path from there: "cases/0/then".
    std::string member = pointer.substr(base_.size() + 1);
    if (value.is_array()) {
      nested.emplace_back(std::move(member), parse_steps(document_, value, pointer));
    } else {
      std::vector<Step> one;
      one.push_back(parse_step(document_, value, pointer));
      nested.emplace_back(std::move(member), std::move(one));
    }
  }

  std::vector<std::pair<std::string, std::vector<Step>>> nested;

 private:
  Document document_;
  std::string base_;
  std::string what_;
};

std::optional<int> parse_timeout(const Document& document, const Json& owner, const std::string& pointer) {
  const auto found = owner.find("timeout");
  if (found == owner.end() || found->is_null()) return std::nullopt;
  const std::string at = pointer + "/timeout";
  if (!found->is_number()) throw document->error_at(at, "is " + kind_word(*found) + ", not a number");
  const double value = found->get<double>();
  if (value <= 0 || value > 86'400'000) {
    throw document->error_at(at, "is not a number of milliseconds above 0 and up to a day");
  }
  return static_cast<int>(std::ceil(value));
}

StepType parse_type(const Document& document, const Json& entry, const std::string& pointer) {
  const auto found = entry.find("type");
  if (found == entry.end()) throw document->error_at(pointer, "is a step without a `type`");
  const std::string at = pointer + "/type";
  if (!found->is_string()) throw document->error_at(at, "is " + kind_word(*found) + ", not a string");
  const auto word = found->get<std::string>();
  if (const auto type = type_named(word)) return *type;
  const bool is_custom = parameters_of(word) != nullptr;
  const std::string near = nearest(word, type_words());
  throw document->error_at(
      at, fmt::format("step type \"{}\" is not supported", printable(word, 80)),
      is_custom ? fmt::format("write it as a custom step: \"type\": \"customStep\", \"name\": \"{}\"", word)
      : near.empty() ? "known types: " + join(type_words(), ", ")
                     : fmt::format("did you mean \"{}\"?", near));
}

void parse_common(const Document& document, const Json& entry, Step& step) {
  step.timeout = parse_timeout(document, entry, step.path);
  if (const auto target = entry.find("target"); target != entry.end() && target->is_string())
    step.target = target->get<std::string>();
  if (const auto frame = entry.find("frame"); frame != entry.end() && frame->is_array())
    step.frame = frame->get<std::vector<int>>();
  if (const auto events = entry.find("assertedEvents"); events != entry.end() && events->is_array())
    step.asserted_events = *events;
  if (const auto selectors = entry.find("selectors"); selectors != entry.end())
    step.selectors = parse_selectors(*selectors);
}

void parse_custom(const Document& document, const Json& entry, Step& step) {
  step.name = entry.at("name").get<std::string>();
  const Shape* shape = parameters_of(step.name);
  if (shape == nullptr) return;
  const auto found = entry.find("parameters");
  const std::string pointer = step.path + "/parameters";
  if (found == entry.end()) {
    throw document->error_at(step.path, fmt::format("`{}` is missing `parameters`", step.name));
  }
  Parser parser(document, pointer, fmt::format("of `{}` ", step.name));
  walk(*shape, *found, pointer, parser);
  if (step.name == "when" && has(*found, "test") == has(*found, "cases")) {
    throw document->error_at(pointer, "of `when` needs either `test` or `cases`");
  }
  step.nested = std::move(parser.nested);
}

Step parse_step(const Document& document, const Json& entry, const std::string& pointer) {
  if (!entry.is_object()) throw document->error_at(pointer, "is " + kind_word(entry) + ", not a step");
  Step step;
  step.path = pointer;
  step.line = document->line_of(pointer);
  step.type = parse_type(document, entry, pointer);
  Parser parser(document, pointer, fmt::format("{} ", word_of(step.type)));
  walk(shape_of(step.type), entry, pointer, parser);
  parse_common(document, entry, step);
  if (step.type == StepType::custom) parse_custom(document, entry, step);
  step.fields = entry;
  return step;
}

std::vector<Step> parse_steps(const Document& document, const Json& list, const std::string& pointer) {
  std::vector<Step> steps;
  steps.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i)
    steps.push_back(parse_step(document, list[i], fmt::format("{}/{}", pointer, i)));
  return steps;
}

}  // namespace

const std::vector<Step>* Step::children(std::string_view member) const {
  for (const auto& [path, steps] : nested) {
    if (path == member) return &steps;
  }
  return nullptr;
}

std::shared_ptr<const Script> parse(std::shared_ptr<const JsonDocument> document) {
  const Json& root = document->root();
  if (!root.is_object()) {
    throw document->error_at("", "a script is an object with `title` and `steps`, not " + kind_word(root),
                             "export the recording from Chrome's Recorder as JSON");
  }
  auto script = std::make_shared<Script>();
  if (const auto title = root.find("title"); title != root.end()) {
    // Fragments of recordings lack a title; Recorder itself would refuse them.
    if (!title->is_string()) throw document->error_at("/title", "is " + kind_word(*title) + ", not a string");
    script->title = title->get<std::string>();
  }
  script->timeout = parse_timeout(document, root, "");
  const auto steps = root.find("steps");
  if (steps == root.end()) {
    throw document->error_at("", "is missing `steps`", "export the recording from Chrome's Recorder as JSON");
  }
  if (!steps->is_array()) throw document->error_at("/steps", "is " + kind_word(*steps) + ", not a list");
  script->steps = parse_steps(document, *steps, "/steps");
  script->file = document->name();
  script->digest = sha256(document->text());
  script->document = std::move(document);
  return script;
}

std::shared_ptr<const Script> load(const std::filesystem::path& file) {
  return parse(JsonDocument::load(file));
}

std::shared_ptr<const Script> load_beside(const Script& script, const std::string& name) {
  const std::filesystem::path file = script.file.parent_path() / name;
  std::error_code fault;
  if (std::filesystem::exists(file, fault) && !std::filesystem::is_regular_file(file, fault))
    throw Error(Kind::usage, fmt::format("{} is no ordinary file", printable(file.string(), 300)));
  return load(file);
}

}  // namespace offstage::script
