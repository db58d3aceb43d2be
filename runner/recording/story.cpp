#include "recording/story.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::recording {
namespace {

constexpr std::size_t story_width = 98;

/// Collects lines. Each is made printable and cut to the width here, and nowhere else.
class StoryLines {
 public:
  void title(std::string_view text) { out_ += printable(text, story_width) + "\n"; }
  void section(std::string_view heading) { out_ += "\n" + std::string(heading) + "\n"; }
  void line(std::string_view text, std::size_t indent = 2) {
    const std::string shown = printable(text, story_width - indent);
    out_ += std::string(indent, ' ') + shown.substr(0, shown.find_last_not_of(' ') + 1) + "\n";
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string size_text(std::size_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  const double kilo = static_cast<double>(bytes) / 1000;
  return kilo < 999.95 ? fmt::format("{:.1f} kB", kilo) : fmt::format("{:.1f} MB", kilo / 1000);
}

/// An address without what is the same for all of them.
std::string_view short_address(std::string_view url) {
  if (url.starts_with("https://")) url.remove_prefix(8);
  return url;
}

/// A value on one line; rows by their number.
std::string value_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array() && !value.empty() && value.front().is_object())
    return counted(value.size(), "row", "rows");
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void tell_values(const Json& values, StoryLines& out) {
  if (!values.is_object()) return;
  for (const auto& [name, value] : values.items())
    out.line(fmt::format("{}: {}", name, value_text(value)));
}

void tell_head(const Recording& recording, StoryLines& out) {
  out.title(recording.title.empty() ? "A recording without a title" : recording.title);
  out.line("made: " + recording.started_at +
           (recording.time_zone.empty() ? "" : " (" + recording.time_zone + ")"));
  if (!recording.origin_note.empty()) out.line("where: " + recording.origin_note);
  if (!recording.connector.empty()) out.line("connector: " + recording.connector);
  if (!recording.start_url.empty()) out.line("opened first: " + recording.start_url);
  if (!recording.scripts.empty()) out.section("Scripts");
  for (const RecordedScript& script : recording.scripts)
    out.line(fmt::format("{}  sha256 {}", script.file, script.sha256.substr(0, 12)));
  if (recording.arguments.is_object() && !recording.arguments.empty()) out.section("Arguments");
  tell_values(recording.arguments, out);
  if (!recording.placeholders.empty()) out.section("What stands for something else");
  std::map<std::string, std::size_t> many;
  for (const Placeholder& each : recording.placeholders) {
    // People and ids are all alike: how many there are is what a reviewer wants to know.
    if (each.kind == "address" || each.kind == "name" || each.kind == "id") {
      ++many[each.kind];
      continue;
    }
    out.line(fmt::format("{}: {} {}{}", each.text, each.kind, each.name,
                         each.from_page ? " (another in each replay)" : ""));
  }
  for (const auto& [kind, count] : many)
    out.line(fmt::format("{} of kind {}", count, kind));
}

std::string_view done_with_page(Snapshot::What what) {
  switch (what) {
    case Snapshot::What::target:
      return "acted";
    case Snapshot::What::expect:
      return "saw";
    case Snapshot::What::extract:
      return "read";
  }
  return "";
}

void tell_steps(const Recording& recording, StoryLines& out) {
  if (recording.snapshots.empty()) return;
  out.section("Steps");
  const std::string* script = nullptr;
  for (const Snapshot& snapshot : recording.snapshots) {
    if (script == nullptr || *script != snapshot.script) out.line(snapshot.script);
    script = &snapshot.script;
    std::string line =
        fmt::format("{} {} on {}", snapshot.step, done_with_page(snapshot.what), short_address(snapshot.url));
    if (snapshot.what == Snapshot::What::extract) line += ": " + counted(snapshot.seen.size(), "row", "rows");
    for (const browser::Within& row : snapshot.within)
      line += fmt::format(", in the row of \"{}\"", row.equals);
    out.line(line, 4);
  }
}

std::string status_text_of(const Exchange& exchange) {
  return exchange.status == 0 ? "-" : fmt::format("{}", exchange.status);
}

/// Whether two requests read the same in the story.
bool reads_alike(const Exchange& one, const Exchange& other) {
  return !one.mutation && !other.mutation && one.method == other.method && one.url == other.url &&
         one.status == other.status && one.epoch == other.epoch &&
         one.response_body.size() == other.response_body.size() && one.failure == other.failure;
}

void tell_requests(const Recording& recording, StoryLines& out) {
  if (recording.exchanges.empty()) return;
  out.section("Requests (* changes something)");
  const std::vector<Exchange>& exchanges = recording.exchanges;
  for (std::size_t at = 0; at < exchanges.size();) {
    const Exchange& exchange = exchanges[at];
    if (at == 0 || exchanges[at - 1].epoch != exchange.epoch) {
      out.line(exchange.epoch == 0 ? "before any change"
                                   : "after " + counted(static_cast<std::size_t>(std::max(0, exchange.epoch)),
                                                        "change", "changes"));
    }
    std::size_t next = at + 1;
    while (next < exchanges.size() && reads_alike(exchange, exchanges[next]))
      ++next;
    std::string line = fmt::format("{} {:<7} {:>3} {:>9}  ", exchange.mutation ? '*' : ' ', exchange.method,
                                   status_text_of(exchange), size_text(exchange.response_body.size()));
    if (next - at > 1) line += fmt::format("{} times ", next - at);
    if (!exchange.failure.empty()) line += exchange.failure + " ";
    out.line(line + std::string(short_address(exchange.url)), 4);
    at = next;
  }
}

void tell_changes(const Recording& recording, StoryLines& out) {
  out.section("What it changed");
  std::size_t count = 0;
  for (const Exchange& exchange : recording.exchanges) {
    if (!exchange.mutation) continue;
    const std::string answer =
        exchange.status == 0 ? "not answered" : fmt::format("{} {}", exchange.status, exchange.status_text);
    out.line(fmt::format("{}. {} {}: {}", ++count, exchange.method,
                         printable(short_address(exchange.url), 60), answer));
  }
  if (count == 0) out.line("nothing");
  if (!recording.ending.commits.is_array()) return;
  for (const Json& commit : recording.ending.commits) {
    if (!commit.is_object()) continue;
    out.line(fmt::format("commit {}: {} ({} {})", text_of(commit, "outcome"), text_of(commit, "target"),
                         text_of(commit, "script"), text_of(commit, "step")));
  }
}

void tell_rest(const Recording& recording, StoryLines& out) {
  if (!recording.dialogs.empty()) out.section("Dialogs");
  for (const DialogSeen& dialog : recording.dialogs)
    out.line(fmt::format("{}: {}", dialog.type, dialog.message));
  if (!recording.websockets.empty()) out.section("WebSockets, which are not replayed");
  for (const std::string& address : recording.websockets)
    out.line(address);
  out.section("Ending");
  out.line(recording.ending.kind + (recording.ending.message.empty() ? "" : ": " + recording.ending.message));
  for (const Json& each : recording.ending.variables) {
    if (each.is_object() && each.contains("set")) tell_values(each.at("set"), out);
  }
}

}  // namespace

std::string story(const Recording& recording) {
  StoryLines out;
  tell_head(recording, out);
  tell_steps(recording, out);
  tell_requests(recording, out);
  tell_changes(recording, out);
  tell_rest(recording, out);
  return out.take();
}

}  // namespace offstage::recording
