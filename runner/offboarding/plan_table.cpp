#include "offboarding/plan_table.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "offboarding/paint.h"

namespace offstage::offboarding {
namespace {

using Judgement = Verdict::Judgement;
using Row = std::array<std::string, 4>;

Row row_of(const Action& action) {
  if (!action.grant)
    return {label(action.resource), "the whole " + printable(action.resource.type),
            fmt::format("{} people", action.people), "is deleted, for good"};
  const Grant& grant = *action.grant;
  std::string state = printable(grant.state);
  for (const std::string& mark : grant.marks)
    state += ", " + printable(mark);
  return {place(grant), printable(grant.user), printable(grant.role) + (grant.privileged ? " *" : ""), state};
}

/// Whether each row is of the very address that was asked for.
bool all_are_asked_for(const Plan& plan) {
  const auto* user = std::get_if<RemoveUser>(&plan.request);
  return user != nullptr && std::all_of(plan.actions.begin(), plan.actions.end(), [&](const Action& action) {
           return action.grant && action.grant->user == user->email;
         });
}

std::string table_of(const Plan& plan, const Layout& layout, const Paint& paint) {
  const Row heads{"WHERE", "WHO", "ROLE", "STATE"};
  std::vector<Row> rows;
  for (const Action& action : plan.actions)
    rows.push_back(row_of(action));
  std::array<std::size_t, 4> widths{};
  for (std::size_t i = 0; i < widths.size(); ++i) {
    widths.at(i) = columns(heads.at(i));
    for (const Row& row : rows)
      widths.at(i) = std::max(widths.at(i), columns(row.at(i)));
  }
  const auto room =
      static_cast<std::size_t>(std::max(layout.width, 60)) - 12;  // two margins, the mark, three gaps
  const auto too_wide = [&] { return widths[0] + widths[1] + widths[2] + widths[3] > room; };
  // The heading of the plan has said who, letter for letter: that column goes first.
  if (too_wide() && all_are_asked_for(plan)) widths[1] = 0;
  // Then the widest column gives way until the line fits.
  while (too_wide())
    --*std::max_element(widths.begin(), widths.end());
  const auto line = [&](const Row& row) {
    std::string text;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (widths.at(i) > 0) text += fitted(row.at(i), widths.at(i)) + (i + 1 < widths.size() ? "  " : "");
    }
    return std::string(text.substr(0, text.find_last_not_of(' ') + 1));
  };
  std::string text = "      " + paint.dim(line(heads)) + "\n";
  for (const Row& row : rows)
    text += "  " + paint.red("-") + "   " + line(row) + "\n";
  return text;
}

std::string guard_lines(const Plan& plan, const Layout& layout, const Paint& paint) {
  const std::size_t width = layout.folds ? static_cast<std::size_t>(std::max(layout.width, 60)) : 0;
  const auto line = [&](const std::string& mark, const Verdict& verdict) {
    const std::string words = printable(verdict.rule) + ": " + printable(verdict.text);
    return "  " + mark + " " + folded(words, 4, width) + "\n";
  };
  std::string text;
  std::size_t passed = 0;
  for (const Verdict& verdict : plan.verdicts)
    passed += verdict.judgement == Judgement::pass ? 1 : 0;
  if (passed > 0) {
    text += fmt::format("  {} {} guard{} passed\n", paint.green("✓"), passed, passed == 1 ? "" : "s");
  }
  for (const Verdict& verdict : plan.verdicts) {
    if (verdict.judgement != Judgement::note) continue;
    text += line(paint.yellow("!"), verdict);
  }
  for (const Verdict& verdict : told_refusals(plan.verdicts))
    text += line(paint.red("✗"), verdict);
  return text;
}

std::string summary(const Plan& plan, const Paint& paint) {
  const std::size_t refused = told_refusals(plan.verdicts).size();
  std::string text;
  if (plan.actions.empty()) {
    text = paint.green("Nothing to do.") + " The console is already as asked for.";
  } else if (plan.deletes()) {
    text = paint.bold(fmt::format("{} to delete.", plan.actions.size()));
  } else {
    text = paint.bold(fmt::format("{} to remove.", plan.actions.size()));
  }
  if (refused > 0) {
    text += " " + paint.red(fmt::format("Refused by {} guard{}: nothing will be done.", refused,
                                        refused == 1 ? "" : "s"));
  }
  return text + paint.dim("  Plan " + short_digest(plan.digest)) + "\n";
}

}  // namespace

std::string plan_table(const Plan& plan, const Layout& layout) {
  const Paint paint(layout.colour);
  std::string text = paint.bold(printable(plan.title) + ": " + describe(plan.request)) + "\n";
  const std::string type = plan.listings.empty() ? "" : " " + printable(plan.listings[0].resource.type) + "s";
  text += paint.dim("  signed in as " + printable(plan.account)) + "\n";
  text += paint.dim(fmt::format("  {} of {}{} listed, {}", plan.listings.size(), plan.resources, type,
                                printable(moment(plan.observed_at)))) +
          "\n\n";
  if (!plan.actions.empty()) {
    text += table_of(plan, layout, paint) + "\n";
    const bool starred = std::any_of(plan.actions.begin(), plan.actions.end(), [](const Action& action) {
      return action.grant && action.grant->privileged;
    });
    if (starred) text += paint.dim("      * a role that can manage others") + "\n\n";
  }
  const std::string guards = guard_lines(plan, layout, paint);
  if (!guards.empty()) text += guards + "\n";
  return text + summary(plan, paint);
}

}  // namespace offstage::offboarding
