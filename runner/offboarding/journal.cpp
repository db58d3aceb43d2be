#include "offboarding/journal.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/deadline.h"
#include "base/hash.h"
#include "base/text.h"
#include "offboarding/rows.h"

namespace offstage::offboarding {
namespace {

constexpr std::array<std::string_view, 10> names{
    "run_started", "plan",     "action_started", "intent", "reported",
    "noted",       "verified", "already_absent", "failed", "run_finished"};

const std::string before_the_first(64, '0');

Event event_named(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw Error(Kind::usage, fmt::format("unknown event \"{}\"", printable(name)));
  return static_cast<Event>(found - names.begin());
}

Entry entry_from(const Json& json) {
  Entry entry;
  if (!json.at("n").is_number_integer()) throw Error(Kind::usage, "its number is none");
  entry.number = json.at("n").get<long>();
  entry.at = json.at("at").get<std::string>();
  entry.run = json.at("run").get<std::string>();
  entry.event = event_named(json.at("event").get<std::string>());
  entry.action = json.value("action", "");
  entry.data = json.at("data");
  if (!entry.data.is_object()) throw Error(Kind::usage, "its data is no object");
  return entry;
}

}  // namespace

std::string_view name_of(Event event) {
  return names.at(static_cast<std::size_t>(event));
}

Journal::Journal(std::string run, const std::vector<std::filesystem::path>& files)
    : run_(std::move(run)), last_(before_the_first) {
  for (const std::filesystem::path& file : files) {
    if (std::filesystem::exists(file))
      throw Error(Kind::usage, fmt::format("there is a journal already: {}", file.string()));
    files_.emplace_back(file);
  }
}

void Journal::write(Event event, const std::string& action, Json data) {
  Entry entry{static_cast<long>(entries_.size()) + 1, utc_now(), run_, event, action, std::move(data)};
  Json json{{"n", entry.number}, {"at", entry.at}, {"run", entry.run}, {"event", name_of(event)}};
  if (!action.empty()) json["action"] = action;
  json["data"] = entry.data;
  json["prev"] = last_;
  const std::string line = compact(json);
  if (broken_) throw *broken_;
  try {
    for (AppendFile& file : files_)
      file.append(line);
  } catch (const Error& error) {
    broken_ = error;
    throw;
  }
  last_ = sha256(line);
  entries_.push_back(std::move(entry));
}

std::string new_run_id(const std::string& at) {
  std::string text;  // 20260131T093000123Z
  std::copy_if(at.begin(), at.end(), std::back_inserter(text),
               [](char c) { return c != '-' && c != ':' && c != '.'; });
  return text + "-" + random_hex(4);
}

std::vector<Entry> read_journal(const std::filesystem::path& file) {
  std::vector<std::string> lines = split(read_file(file), '\n');
  lines.pop_back();  // "" after the last new line, or what a crash left of a line: never acted upon
  std::vector<Entry> entries;
  std::string last = before_the_first;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    // Nothing that is written here nests deep, and what reads it calls itself for every level.
    const Json json =
        nested_deeper(lines[i], deepest_nesting) ? Json() : Json::parse(lines[i], nullptr, false);
    const bool whole = json.is_object() && json.contains("prev");
    if (!whole && i + 1 == lines.size()) break;
    const auto fault = [&](std::string_view what) {
      return Error(
          Kind::usage, fmt::format("{}:{}: {}", file.string(), i + 1, what),
          "the journal was changed or damaged: keep it, look at the console, and move the file away");
    };
    if (!whole) throw fault("not a journal's line");
    if (json["prev"] != last) throw fault("does not follow the line before");
    try {
      entries.push_back(entry_from(json));
    } catch (const Json::exception& error) {
      throw fault(error.what());
    } catch (const Error& error) {
      throw fault(error.message());
    }
    last = sha256(lines[i]);
  }
  return entries;
}

std::vector<Unresolved> recover(const std::vector<Entry>& entries) {
  std::vector<Unresolved> open;
  for (const Entry& entry : entries) {
    const auto known = std::find_if(open.begin(), open.end(),
                                    [&](const Unresolved& one) { return one.action == entry.action; });
    const bool settled = entry.event == Event::verified || entry.event == Event::already_absent ||
                         (entry.event == Event::failed && flag_of(entry.data, "settled"));
    if (entry.event == Event::intent && known == open.end()) {
      open.push_back({entry.action, entry.run, entry.at});
    } else if (settled && known != open.end()) {
      open.erase(known);
    }
  }
  return open;
}

}  // namespace offstage::offboarding
