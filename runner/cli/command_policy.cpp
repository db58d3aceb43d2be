#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/removal.h"
#include "offboarding/explain.h"
#include "offboarding/paint.h"

namespace offstage::cli {
namespace {

using offboarding::Explanation;
using offboarding::Verdict;

std::string decided_by(const Explanation& rule) {
  std::vector<std::string> parts;
  parts.reserve(rule.settings.size());
  for (const Explanation::Setting& setting : rule.settings)
    parts.push_back(fmt::format("{} ({})", printable(setting.value, 80), setting.from));
  return join(parts, ", ");
}

Json rule_json(const Explanation& rule) {
  Json settings = Json::array();
  for (const Explanation::Setting& setting : rule.settings)
    settings.push_back({{"member", setting.member}, {"value", setting.value}, {"from", setting.from}});
  return {{"rule", rule.rule},
          {"verdict", name_of(rule.says)},
          {"text", rule.text},
          {"settings", std::move(settings)}};
}

Output::Tone tone_of(bool refuses, bool notes) {
  if (refuses) return Output::Tone::bad;
  return notes ? Output::Tone::strong : Output::Tone::good;
}

void print_rules(Output& output, const std::vector<Explanation>& rules, const std::string& policy) {
  output.line(policy.empty() ? "What the policy says, there being no file but the defaults:"
                             : fmt::format("What the policy says ({}):", printable(policy)));
  Table table({"VERDICT", "RULE", "WHY", "DECIDED BY"});
  for (const Explanation& rule : rules) {
    table.add({{std::string(name_of(rule.says)),
                tone_of(rule.says == Explanation::Says::refuses, rule.says == Explanation::Says::notes)},
               rule.rule,
               rule.text,
               decided_by(rule)});
  }
  table.print(output);
}

void print_recorded(Output& output, const std::vector<Verdict>& recorded, const std::string& at) {
  if (recorded.empty()) return;
  output.line(fmt::format("\nWhat the other guards said, as recorded when the plan was made ({}):", at));
  Table table({"VERDICT", "GUARD", "WHY"});
  for (const Verdict& verdict : recorded) {
    const std::string_view word = verdict.judgement == Verdict::Judgement::refuse ? "refused"
                                  : verdict.judgement == Verdict::Judgement::note ? "noted"
                                                                                  : "passed";
    table.add({{std::string(word), tone_of(verdict.judgement == Verdict::Judgement::refuse,
                                           verdict.judgement == Verdict::Judgement::note)},
               verdict.rule,
               verdict.text});
  }
  table.print(output);
}

std::optional<Kind> explain_plan(Run& run, const std::string& file) {
  const offboarding::Plan plan = offboarding::load_plan(file);
  const offboarding::Policy policy = policy_of(run.settings);
  const std::vector<Explanation> rules = explain(plan, policy, offboarding::local_now());
  const std::vector<Verdict> recorded = recorded_guards(plan);
  const auto refusing =
      static_cast<std::size_t>(std::count_if(rules.begin(), rules.end(), [](const Explanation& rule) {
        return rule.says == Explanation::Says::refuses;
      }));
  const std::size_t refused = refusals(recorded).size();
  const bool allowed = refusing == 0 && refused == 0;
  if (run.output.json()) {
    Json document{{"version", 1},
                  {"command", "policy explain"},
                  {"plan", plan.digest},
                  {"request", as_json(plan.request)},
                  {"requested_by", plan.requested_by},
                  {"policy", run.settings.policy},
                  {"allowed", allowed},
                  {"rules", Json::array()},
                  {"recorded", Json::array()}};
    for (const Explanation& rule : rules)
      document["rules"].push_back(rule_json(rule));
    for (const Verdict& verdict : recorded)
      document["recorded"].push_back(as_json(verdict));
    run.output.document(document);
  } else {
    run.output.line(fmt::format("{}: {}, asked for by {}\n", printable(plan.title), describe(plan.request),
                                printable(plan.requested_by)));
    print_rules(run.output, rules, run.settings.policy);
    print_recorded(run.output, recorded, printable(offboarding::moment(plan.observed_at)));
    run.output.line(
        "\n" + (allowed ? run.output.toned("Nothing refuses the plan.", Output::Tone::good)
                        : run.output.toned(
                              fmt::format("Refused by {}: the plan cannot be applied.", refusing + refused),
                              Output::Tone::bad)));
  }
  if (allowed) return {};
  return Kind::refused;
}

}  // namespace

void add_policy(CommandLine& line) {
  CLI::App& group = line.group(line.root(), "policy", "Tell what the policy says");
  const auto file = std::make_shared<std::string>();
  CLI::App& command = line.command(
      group, "explain", "Tell which rule says what of a saved plan, and why; changes nothing",
      {"policy explain plan.json --policy policy.json", "policy explain plan.json --output json"},
      [file](Run& run) { return explain_plan(run, *file); });
  command.add_option("PLAN", *file, "A plan saved with \"plan … -o FILE\"")->type_name("FILE")->required();
}

}  // namespace offstage::cli
