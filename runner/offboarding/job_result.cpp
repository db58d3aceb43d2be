#include <algorithm>
#include <map>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "offboarding/evidence.h"
#include "offboarding/job.h"
#include "offboarding/rows.h"

namespace offstage::offboarding {
namespace {

using Outcome = ActionResult::Outcome;

/// What became of one target, from what became of each of its actions.
std::string_view combined(const std::vector<const ActionResult*>& actions) {
  const auto count = [&](Outcome outcome) {
    return std::count_if(actions.begin(), actions.end(),
                         [&](const ActionResult* each) { return each->outcome == outcome; });
  };
  if (count(Outcome::unknown) > 0) return name_of(Outcome::unknown);
  const auto done = count(Outcome::verified) + count(Outcome::already_absent);
  if (done == static_cast<std::ptrdiff_t>(actions.size()))
    return name_of(count(Outcome::verified) > 0 ? Outcome::verified : Outcome::already_absent);
  if (count(Outcome::verified) > 0) return "partial";
  for (const Outcome outcome : {Outcome::failed, Outcome::refused}) {
    if (count(outcome) > 0) return name_of(outcome);
  }
  return name_of(Outcome::not_tried);
}

bool is_of(const Action& action, const std::string& target) {
  if (action.grant) return same_email(action.grant->user, target);
  return action.resource.name == target || action.resource.id == target;
}

/// Of what was applied.
Json applied_target(const Result& result, const Json& actions, const std::string& target) {
  std::vector<const ActionResult*> own;
  std::vector<std::string> texts;
  Json documents = Json::array();
  for (std::size_t i = 0; i < result.actions.size(); ++i) {
    const ActionResult& one = result.actions[i];
    if (!is_of(one.action, target)) continue;
    own.push_back(&one);
    texts.push_back(label(one.action.resource) + ": " + one.text);
    documents.push_back(actions.at(i));
  }
  if (own.empty()) texts.emplace_back("nothing to take away: absent from all that was looked at");
  return {{"target", target},
          {"outcome", combined(own)},
          {"text", join(texts, "; ")},
          {"actions", std::move(documents)}};
}

/// Of a plan that was not applied, or not to its end: what it would do, why it is refused, or that nobody
/// knows.
Json planned_target(const Plan& plan, const std::optional<Error>& error, const std::string& target) {
  Json documents = Json::array();
  std::vector<Verdict> about;
  const std::vector<Verdict> all = refusals(plan.verdicts);
  for (const Action& action : plan.actions) {
    if (!is_of(action, target)) continue;
    documents.push_back(as_json(action));
    std::copy_if(all.begin(), all.end(), std::back_inserter(about),
                 [&action](const Verdict& verdict) { return verdict.about == action.id; });
  }
  std::vector<std::string> refused;
  for (const Verdict& verdict : told_refusals(about))
    refused.push_back(verdict.rule + ": " + printable(verdict.text));
  std::string_view outcome = error || !all.empty() ? name_of(Outcome::not_tried) : "planned";
  std::string text = all.empty() ? "" : "the plan is refused, so nothing was done";
  if (documents.empty() && plan.actions.size() + all.size() > 0) {
    outcome = name_of(Outcome::already_absent);
    text = "nothing to take away: absent from all that was looked at";
  }
  if (!refused.empty()) {
    outcome = name_of(Outcome::refused);
    text = join(refused, "; ");
  }
  if (error && error->kind() == Kind::unknown && !documents.empty()) {
    outcome = name_of(Outcome::unknown);
    text = "the run broke off after something had been sent: what of this took effect is not known";
  }
  if (documents.empty() && plan.actions.empty() && !error) {
    outcome = name_of(Outcome::already_absent);
    text = printable(plan.verdicts.empty() ? "" : plan.verdicts.front().text);
  }
  return {{"target", target}, {"outcome", outcome}, {"text", text}, {"actions", std::move(documents)}};
}

Json targets_json(const JobResult& result) {
  Json targets = Json::array();
  const Json actions = result.result ? as_json(*result.result).at("actions") : Json::array();
  for (const std::string& target : result.job->targets) {
    if (result.result) {
      targets.push_back(applied_target(*result.result, actions, target));
    } else if (result.plan) {
      targets.push_back(planned_target(*result.plan, result.error, target));
    } else {
      targets.push_back({{"target", target},
                         {"outcome", name_of(Outcome::not_tried)},
                         {"text", "the job ended before it was looked for"},
                         {"actions", Json::array()}});
    }
  }
  return targets;
}

std::string message_of(const JobResult& result) {
  if (result.error) return result.error->message();
  if (result.result) return result.result->message();
  const std::size_t many = result.plan ? result.plan->actions.size() : 0;
  if (many == 0) return "nothing to do";
  return std::to_string(many) + (result.plan->deletes() ? " to delete" : " to remove");
}

std::string hint_of(const JobResult& result) {
  if (result.error) return result.error->hint();
  return result.result ? result.result->hint() : "";
}

}  // namespace

std::optional<Kind> JobResult::kind() const {
  if (error) return error->kind();
  if (result) return result->kind();
  if (plan && plan->refused()) return Kind::refused;
  return {};
}

bool is_final(const JobResult& result) {
  const std::optional<Kind> kind = result.kind();
  return result.result && (!kind || *kind == Kind::partial);
}

Json as_json(const JobResult& result) {
  const std::optional<Kind> kind = result.kind();
  Json json{{"version", JobResult::version},
            {"command", "job"},
            {"status", kind ? name_of(*kind) : "ok"},
            {"exit_code", kind ? exit_code_of(*kind) : 0},
            {"try_again", kind ? info(*kind).try_again : "no"},
            {"message", printable(message_of(result))}};
  if (const std::string hint = hint_of(result); !hint.empty()) json["hint"] = printable(hint);
  json["started_at"] = result.started_at;
  json["finished_at"] = result.finished_at;
  if (!result.job) return json;
  const Job& job = *result.job;
  json["connector"] = job.connector;
  json["operation"] = operation_of(job.request);
  json["mode"] = job.mode == Job::Mode::plan ? "plan" : "apply";
  if (!job.key.empty()) json["idempotency_key"] = job.key;
  if (!job.requested_by.empty()) json["requested_by"] = job.requested_by;
  if (!job.reason.empty()) json["reason"] = job.reason;
  if (result.plan) json["plan"] = result.plan->digest;
  if (result.plan) json["listings"] = result.plan->listings.size();
  Json refused = Json::array();
  for (const Verdict& verdict : result.plan ? refusals(result.plan->verdicts) : std::vector<Verdict>{})
    refused.push_back(as_json(verdict));
  if (!refused.empty()) json["refusals"] = std::move(refused);
  Json targets = targets_json(result);
  std::map<std::string, int> counts;
  for (const Json& target : targets)
    ++counts[text_of(target, "outcome")];
  json["counts"] = Json::object();
  for (const auto& [outcome, count] : counts)
    json["counts"][outcome] = count;
  json["targets"] = std::move(targets);
  if (const auto& run = result.result) {
    json["run"] = run->run;
    json["evidence"] = run->evidence.string();
    json["evidence_digest"] = sha256(read_file(run->evidence / Evidence::manifest));
    json["report"] = run->report.string();
  }
  return json;
}

}  // namespace offstage::offboarding
