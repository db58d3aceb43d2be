#include "offboarding/report.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "embedded/report_css.h"
#include "embedded/report_html.h"
#include "offboarding/paint.h"
#include "offboarding/template.h"

namespace offstage::offboarding {
namespace {

using Outcome = ActionResult::Outcome;

std::string spaced(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

/// The digest of the style sheet as a Content-Security-Policy wants it.
std::string style_digest() {
  std::string bytes;
  const std::string hex = sha256(embedded::report_css);
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return base64_encoded(bytes);
}

std::string headline(const Result& result) {
  if (result.actions.empty()) return "Nothing to do";
  const auto kind = result.kind();
  if (!kind) {
    if (result.count(Outcome::verified) == 0) return "Already absent";
    return result.plan.deletes() ? "Deleted and verified" : "Removed and verified";
  }
  switch (*kind) {
    case Kind::partial:
      return "Partly removed";
    case Kind::unknown:
      return "Effect unknown";
    case Kind::refused:
      return "Refused";
    case Kind::interrupted:
    case Kind::terminated:
      return "Interrupted";
    default:
      return "Not removed";
  }
}

std::string tone(const Result& result) {
  const auto kind = result.kind();
  if (!kind) return "good";
  return *kind == Kind::partial || *kind == Kind::unknown ? "doubt" : "bad";
}

std::string tone(Outcome outcome) {
  switch (outcome) {
    case Outcome::verified:
    case Outcome::already_absent:
      return "good";
    case Outcome::unknown:
      return "doubt";
    case Outcome::not_tried:
      return "quiet";
    case Outcome::refused:
    case Outcome::failed:
      break;
  }
  return "bad";
}

std::string approval_words(const Approval& approval) {
  switch (approval.how) {
    case Approval::How::terminal:
      return approval.by + ", at a terminal";
    case Approval::How::digest:
      return approval.by + ", by naming the plan's digest";
    case Approval::How::policy:
      return "the policy, which allows it unattended";
    case Approval::How::not_needed:
      break;
  }
  return "not needed: there was nothing to do";
}

Json actions_of(const Result& result) {
  Json rows = Json::array();
  for (const ActionResult& one : result.actions) {
    const auto& grant = one.action.grant;
    const bool done = one.outcome == Outcome::verified || one.outcome == Outcome::already_absent;
    std::string before =
        grant ? grant->role + ", " + grant->state : fmt::format("{} people", one.action.people);
    rows.push_back({{"number", rows.size() + 1},
                    {"where", grant ? place(*grant) : label(one.action.resource)},
                    {"who", grant ? grant->user : std::string("the whole ") + one.action.resource.type},
                    {"marks", grant ? join(grant->marks, ", ") : std::string()},
                    {"before", one.outcome == Outcome::already_absent ? "absent" : before},
                    {"after", done                              ? "absent"
                              : one.outcome == Outcome::unknown ? "not known"
                                                                : "unchanged"},
                    {"outcome", spaced(name_of(one.outcome))},
                    {"tone", tone(one.outcome)},
                    {"text", one.text},
                    {"committed_at", moment(one.committed_at)},
                    {"verified_at", moment(one.verified_at)}});
  }
  return rows;
}

Json guards_of(const Plan& plan) {
  Json rows = Json::array();
  for (const Verdict& verdict : plan.verdicts) {
    rows.push_back(
        {{"rule", spaced(verdict.rule)}, {"verdict", name_of(verdict.judgement)}, {"text", verdict.text}});
  }
  return rows;
}

Json listings_of(const Observation& before, const std::vector<Listing>& after) {
  Json rows = Json::array();
  for (const Listing& was : before.listings) {
    const auto is = std::find_if(after.begin(), after.end(),
                                 [&](const Listing& other) { return same(other.resource, was.resource); });
    const bool seen = is != after.end();
    rows.push_back({{"where", label(was.resource)},
                    {"before_at", moment(was.taken_at)},
                    {"before_people", people_in(was)},
                    {"before_rows", was.grants.size()},
                    {"before_digest", digest_of(was).substr(0, 16)},
                    {"seen", seen},
                    {"after_at", seen ? moment(is->taken_at) : ""},
                    {"after_people", seen ? people_in(*is) : 0},
                    {"after_rows", seen ? is->grants.size() : 0},
                    {"after_digest", seen ? digest_of(*is).substr(0, 16) : ""}});
  }
  return rows;
}

std::string entry_words(const Entry& entry) {
  const auto text = [&](const char* key) { return entry.data.value(key, std::string()); };
  switch (entry.event) {
    case Event::run_started:
      return fmt::format("signed in as {}, run by {}", text("account"), text("by"));
    case Event::plan:
      return "plan " + text("digest");
    case Event::action_started:
      return text("why");
    case Event::intent:
      return fmt::format("about to commit: {} {} for {}", text("method"),
                         join(entry.data.value("urls", std::vector<std::string>()), " or "), text("target"));
    case Event::reported:
      return fmt::format("{}: {} {} answered {}. {} {}", spaced(text("outcome")), text("method"), text("url"),
                         entry.data.value("status", 0), text("seen"), text("words"));
    case Event::noted:
      return fmt::format("{} {} {}", spaced(text("what")), text("when"), text("why"));
    case Event::verified:
      return text("how");
    case Event::already_absent:
      return "it was gone before anything was sent";
    case Event::failed:
      return fmt::format("{}: {}", text("kind"), text("text"));
    case Event::run_finished:
      return text("message");
  }
  return {};
}

Json timeline_of(const std::vector<Entry>& journal, const Plan& plan) {
  Json rows = Json::array();
  for (const Entry& entry : journal) {
    const Action* action = plan.action(entry.action);
    rows.push_back({{"at", entry.at.size() > 23 ? entry.at.substr(11, 12) : entry.at},
                    {"event", spaced(name_of(entry.event))},
                    {"about", action == nullptr ? std::string() : action->describe()},
                    {"text", entry_words(entry)}});
  }
  return rows;
}

/// Objects and arrays as rows of a name and a value, the names joined with dots.
void flatten(const std::string& name, const Json& value, Json& rows) {
  if (!value.is_structured()) {
    rows.push_back({{"name", name}, {"value", value.is_string() ? value.get<std::string>() : value.dump()}});
    return;
  }
  for (const auto& [key, member] : value.items())
    flatten(name.empty() ? key : name + "." + key, member, rows);
}

Json screenshots_of(const Evidence& evidence, const Plan& plan) {
  Json rows = Json::array();
  for (const Screenshot& shot : evidence.screenshots()) {
    const Action* action = plan.action(shot.action);
    rows.push_back(
        {{"about", action == nullptr ? std::string() : action->describe()},
         {"when", shot.when == "before" || shot.when == "after" ? shot.when + " the commit" : shot.when},
         {"at", moment(shot.taken_at)},
         {"digest", shot.digest.substr(0, 16)},
         {"image", base64_encoded(read_file(evidence.folder() / shot.file))}});
  }
  return rows;
}

}  // namespace

std::string report(const Result& result, const Observation& before, const std::vector<Listing>& after,
                   const std::vector<Entry>& journal, const Json& versions, const Evidence& evidence) {
  Json version_rows = Json::array();
  flatten("", versions, version_rows);
  Json files = Json::array();
  for (const FileDigest& file : evidence.digests())
    files.push_back({{"file", file.file}, {"digest", file.digest}});
  const Plan& plan = result.plan;
  return render(embedded::report_html, {{"css", embedded::report_css},
                                        {"css_digest", style_digest()},
                                        {"headline", headline(result)},
                                        {"tone", tone(result)},
                                        {"message", result.message()},
                                        {"hint", result.hint()},
                                        {"request", describe(plan.request)},
                                        {"console", plan.title},
                                        {"account", plan.account},
                                        {"requested_by", plan.requested_by},
                                        {"by", result.by},
                                        {"reason", result.reason},
                                        {"approved", approval_words(result.approval)},
                                        {"approved_at", moment(result.approval.at)},
                                        {"observed_at", moment(plan.observed_at)},
                                        {"started_at", moment(result.started_at)},
                                        {"finished_at", moment(result.finished_at)},
                                        {"run", result.run},
                                        {"plan", plan.digest},
                                        {"exit_code", result.exit_code()},
                                        {"status", result.kind() ? name_of(*result.kind()) : "ok"},
                                        {"actions", actions_of(result)},
                                        {"guards", guards_of(plan)},
                                        {"listings", listings_of(before, after)},
                                        {"timeline", timeline_of(journal, plan)},
                                        {"screenshots_taken", !evidence.screenshots().empty()},
                                        {"screenshots", screenshots_of(evidence, plan)},
                                        {"versions", std::move(version_rows)},
                                        {"files", std::move(files)}});
}

}  // namespace offstage::offboarding
