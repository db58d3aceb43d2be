#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "offboarding/approve.h"
#include "offboarding/plan.h"
#include "offboarding/plan_table.h"

namespace offstage::offboarding {

/// What became of one action. A value.
struct ActionResult {
  enum class Outcome {
    verified,        ///< a fresh listing shows it gone
    already_absent,  ///< it was gone before anything was sent
    refused,         ///< a guard, looking again, said no; nothing was sent
    failed,          ///< nothing took effect; `kind` says why
    unknown,         ///< a commit was sent and its effect could not be seen
    not_tried,       ///< the run ended before it
  };

  Action action;
  Outcome outcome = Outcome::not_tried;
  std::optional<Kind> kind;     ///< for refused, failed and unknown
  std::string text;             ///< what was seen, for people; printable
  std::string hint;             ///< what to do next; may be empty
  std::string committed_at;     ///< when the commit was announced, or ""
  std::string verified_at;      ///< when it was seen to be gone, or ""
  std::size_t people_left = 0;  ///< in the listing that proved it
};

std::string_view name_of(ActionResult::Outcome outcome);

/// What a run came to. A value.
struct Result {
  static constexpr int version = 1;

  std::string run;
  Plan plan;
  Approval approval;
  std::string by;      ///< who ran Offstage; may be empty
  std::string reason;  ///< a ticket or reason, as given; may be empty
  std::string started_at;
  std::string finished_at;
  std::vector<ActionResult> actions;
  std::optional<Kind> stopped;  ///< interrupted or terminated, when a stop request ended the run
  std::filesystem::path evidence;
  std::filesystem::path report;

  std::size_t count(ActionResult::Outcome outcome) const;
  /// Nothing when the wanted state holds and was verified.
  std::optional<Kind> kind() const;
  int exit_code() const;
  /// One line for people: "3 of 3 verified".
  std::string message() const;
  /// What to do next, or "".
  std::string hint() const;
};

/// As connectors/schema/result.json says.
Json as_json(const Result& result);

/// The run as a person reads it at its end: what was verified, what was not and why, where the evidence is.
/// Pure.
std::string result_summary(const Result& result, const Layout& layout);

}  // namespace offstage::offboarding
