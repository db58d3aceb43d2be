#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"

namespace offstage::offboarding {

/// What a journal's line is about.
enum class Event {
  run_started,
  plan,
  action_started,
  intent,    ///< a commit is about to be sent: on disk before it is
  reported,  ///< what the page and the network showed of it
  noted,     ///< nothing that changes the outcome: a screenshot that could not be taken
  verified,  ///< a fresh listing shows it gone
  already_absent,
  failed,  ///< the action ended without proof; `kind` says why
  run_finished,
};

std::string_view name_of(Event event);

/// One line of a journal. A value.
struct Entry {
  long number = 0;
  std::string at;  ///< RFC 3339
  std::string run;
  Event event = Event::noted;
  std::string action;  ///< an action's id, or ""
  Json data = Json::object();
};

/// The append-only record of one run: JSON lines, each with the SHA-256 of the one before, each on the disk
/// before `write` returns. Written to every file given, so that the evidence can leave while the state stays.
/// One thread.
class Journal {
 public:
  /// Files must not exist yet. Throws Error{usage}.
  Journal(std::string run, const std::vector<std::filesystem::path>& files);

  /// Throws Error{usage} when the disk does not take it, and from then on each time: what has been written
  /// may end in the middle of a line, and nothing may follow that.
  void write(Event event, const std::string& action = {}, Json data = Json::object());

  const std::string& run() const { return run_; }
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::string run_;
  std::vector<AppendFile> files_;
  std::vector<Entry> entries_;
  std::string last_;
  std::optional<Error> broken_;
};

/// An id for a run that starts `at` (RFC 3339): its time, so that ids sort as time does, and something
/// random.
std::string new_run_id(const std::string& at);

/// Reads a journal back. A torn last line, which a crash can leave, is left out. Throws Error{usage} with the
/// line when another line is not JSON, or does not follow the one before.
std::vector<Entry> read_journal(const std::filesystem::path& file);

/// A commit that was announced and of which no end is known.
struct Unresolved {
  std::string action;  ///< its id
  std::string run;
  std::string at;  ///< when it was announced
};

/// The actions whose last intent has no outcome: nothing verified it, found it absent, or settled that it had
/// no effect. `entries` of one or more runs, oldest first.
std::vector<Unresolved> recover(const std::vector<Entry>& entries);

}  // namespace offstage::offboarding
