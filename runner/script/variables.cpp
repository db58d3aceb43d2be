#include "script/variables.h"

#include <algorithm>

#include "script/step_types.h"
#include "script/template.h"

namespace offstage::script {
namespace {

/// What one step uses and sets by itself, without the steps inside it.
class NameCollector : public ShapeVisitor {
 public:
  void text(const std::string& pointer, const std::string& value, Use use) override {
    switch (use) {
      case Use::fixed:
      case Use::file:
        return;
      case Use::reads:
        return used(pointer, value);
      case Use::sets:
        sets.push_back(value);
        return;
      case Use::item:
        items.push_back(value);
        return;
      default:
        return filled(pointer, value);
    }
  }

  void selectors(const std::string& pointer, const Json& value) override {
    for (const Json& entry : value) {
      for (const Json& part : entry.is_array() ? entry : Json::array({entry}))
        filled(pointer, part.get<std::string>());
    }
  }

  std::vector<NameUse> uses;
  std::vector<std::string> sets;
  std::vector<std::string> items;

 private:
  void used(const std::string& pointer, const std::string& name) {
    if (!is_secret_name(name)) uses.push_back({first_part(name), pointer});
  }

  void filled(const std::string& pointer, const std::string& value) {
    for (const Placeholder& placeholder : placeholders(value))
      used(pointer, placeholder.name);
  }
};

class NameWalk {
 public:
  explicit NameWalk(std::set<std::string> known) : known_(std::move(known)) {}

  void steps(const std::vector<Step>& list) {
    for (const Step& step : list)
      one(step);
  }

  std::vector<NameUse> unset;
  std::set<std::string> set;

 private:
  void one(const Step& step) {
    NameCollector collector;
    walk(shape_of(step.type), step.fields, step.path, collector);
    const Shape* parameters = step.type == StepType::custom ? parameters_of(step.name) : nullptr;
    if (parameters != nullptr)
      walk(*parameters, step.fields.at("parameters"), step.path + "/parameters", collector);
    for (NameUse& use : collector.uses) {
      if (!known_.contains(use.name)) unset.push_back(std::move(use));
    }
    std::vector<std::string> scoped;
    for (const std::string& item : collector.items) {
      if (known_.insert(item).second) scoped.push_back(item);
    }
    for (const auto& [member, list] : step.nested)
      steps(list);
    for (const std::string& item : scoped)
      known_.erase(item);
    known_.insert(collector.sets.begin(), collector.sets.end());
    set.insert(collector.sets.begin(), collector.sets.end());
  }

  std::set<std::string> known_;
};

}  // namespace

std::vector<NameUse> unset_names(const Script& script, const std::set<std::string>& arguments) {
  NameWalk walk(arguments);
  walk.steps(script.steps);
  return std::move(walk.unset);
}

std::set<std::string> names_set(const Script& script) {
  NameWalk walk({});
  walk.steps(script.steps);
  return std::move(walk.set);
}

std::vector<std::string> free_names(const Script& script) {
  std::vector<std::string> names;
  for (const NameUse& use : unset_names(script, {})) {
    if (std::find(names.begin(), names.end(), use.name) == names.end()) names.push_back(use.name);
  }
  return names;
}

}  // namespace offstage::script
