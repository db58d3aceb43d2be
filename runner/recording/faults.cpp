#include "recording/faults.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"
#include "recording/exchange.h"

namespace offstage::recording {
namespace {

/// Collects what is found, each with the place that is being looked at.
class FaultList {
 public:
  void at(std::string place) { place_ = std::move(place); }
  void error(std::string text) { list_.push_back({Fault::Level::error, place_, std::move(text)}); }
  void warning(std::string text) { list_.push_back({Fault::Level::warning, place_, std::move(text)}); }
  std::vector<Fault> take() { return std::move(list_); }

 private:
  std::string place_;
  std::vector<Fault> list_;
};

std::string file_name_in(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void find_in_head(const Recording& recording, FaultList& found) {
  found.at("the recording");
  if (recording.scripts.empty()) found.warning("has no script: it can be shown, not replayed");
  if (recording.exchanges.empty()) found.warning("has no request");
  if (!moment_of(recording.started_at)) {
    found.error(fmt::format("its start, \"{}\", is no date and time", printable(recording.started_at, 60)));
  }
  if (recording.time_zone.empty()) found.warning("says no time zone");
  if (!recording.arguments.is_object()) found.error("its arguments are no object");
  for (const RecordedScript& script : recording.scripts) {
    found.at("script " + printable(script.file, 80));
    if (!is_digest(script.sha256)) found.error("its digest is no SHA-256");
    if (script.file.empty() || script.file.starts_with('/')) {
      found.error("is not named by a path that another machine has");
    }
  }
}

void find_in_redirect(const Recording& recording, std::size_t index, FaultList& found) {
  const Exchange& exchange = recording.exchanges[index];
  const std::size_t from = exchange.redirected_from.value_or(0);
  if (!exchange.redirected_from) return;
  if (from >= recording.exchanges.size()) {
    found.error(fmt::format("was redirected from request {}, which is not there", from + 1));
  } else if (from >= index) {
    found.error(fmt::format("was redirected from request {}, which is not before it", from + 1));
  } else if (const int status = recording.exchanges[from].status; status < 300 || status > 399) {
    found.error(fmt::format("was redirected from request {}, which answered {}", from + 1, status));
  }
}

void find_in_answer(const Exchange& exchange, FaultList& found) {
  if (exchange.status == 0) {
    if (exchange.failure.empty()) found.error("was never answered, and nothing says why");
    if (exchange.mutation) found.warning("changes something and was never answered");
  } else if (exchange.status < 100 || exchange.status > 599) {
    found.error(fmt::format("{} is no HTTP status", exchange.status));
  }
  for (const char* name : {"Content-Encoding", "Content-Length"}) {
    if (header(exchange.response_headers, name)) {
      found.error(fmt::format("its answer keeps {}, and its body is decoded", name));
    }
  }
}

void find_in_exchanges(const Recording& recording, FaultList& found) {
  int mutations = 0;
  int epoch = 0;
  double latest = -std::numeric_limits<double>::infinity();
  for (std::size_t index = 0; index < recording.exchanges.size(); ++index) {
    const Exchange& exchange = recording.exchanges[index];
    found.at(fmt::format("request {} ({} {})", index + 1, printable(exchange.method, 10),
                         printable(exchange.url, 100)));
    const std::optional<double> moment = moment_of(exchange.started_at);
    if (!moment) {
      found.error(fmt::format("its start, \"{}\", is no date and time", printable(exchange.started_at, 60)));
    } else if (*moment < latest) {
      found.error("started before the request that stands before it");
    }
    latest = std::max(latest, moment.value_or(latest));
    if (exchange.milliseconds < 0) found.error("took less than no time");
    if (exchange.url.find('#') != std::string::npos)
      found.error("its address has a fragment, which is never sent");
    if (exchange.epoch < epoch) {
      found.error(fmt::format("is of epoch {}, and a request before it of epoch {}", exchange.epoch, epoch));
    } else if (exchange.epoch > mutations) {
      found.error(
          fmt::format("is of epoch {}, and only {} before it changed something", exchange.epoch, mutations));
    }
    epoch = std::max(epoch, exchange.epoch);
    const bool only_asks =
        exchange.method == "GET" || exchange.method == "HEAD" || exchange.method == "OPTIONS";
    if (exchange.mutation && only_asks) found.error("is said to change something, which its method cannot");
    find_in_redirect(recording, index, found);
    find_in_answer(exchange, found);
    if (exchange.mutation) ++mutations;
  }
}

void find_in_snapshots(const Recording& recording, FaultList& found) {
  for (std::size_t index = 0; index < recording.snapshots.size(); ++index) {
    const Snapshot& snapshot = recording.snapshots[index];
    found.at(fmt::format("snapshot {} ({} {})", index + 1, printable(snapshot.script, 60),
                         printable(snapshot.step, 60)));
    const bool listed = std::any_of(
        recording.scripts.begin(), recording.scripts.end(),
        [&](const auto& script) { return file_name_in(script.file) == file_name_in(snapshot.script); });
    // A script that another one runs is not listed.
    if (!listed) found.warning("its script is none of those that the recording plays");
    if (!snapshot.step.starts_with("/steps/")) found.error("names no step");
    if (snapshot.html.empty()) found.error("has no page");
    const bool extraction = snapshot.what == Snapshot::What::extract;
    if (extraction && !snapshot.seen.is_array()) found.error("was read from, and has no rows");
    if (!extraction && !snapshot.seen.is_null()) found.error("was not read from, and has rows");
  }
}

void find_in_ending(const Recording& recording, FaultList& found) {
  found.at("the ending");
  const auto table = kinds();
  if (recording.ending.kind != "ok" && std::none_of(table.begin(), table.end(), [&](const KindInfo& row) {
        return row.name == recording.ending.kind;
      })) {
    found.error(fmt::format("\"{}\" is no kind of ending", printable(recording.ending.kind, 40)));
  }
  if (!recording.ending.variables.is_array())
    found.error("its variables are no list of what each script set");
  if (!recording.ending.commits.is_array()) {
    found.error("its commits are no list");
    return;
  }
  for (const Json& commit : recording.ending.commits) {
    for (const char* member : {"script", "step", "target", "outcome", "method", "url", "status"}) {
      if (!commit.is_object() || !commit.contains(member)) {
        found.error(fmt::format("a commit does not say its {}", member));
      }
    }
  }
}

/// Whether a text stands anywhere that a replay meets it, as it is or encoded.
class OccurrenceSearch {
 public:
  explicit OccurrenceSearch(std::string_view text)
      : forms_{std::string(text), url_encoded(text), html_escaped(text), json_inside(text)} {}

  bool in(const Recording& recording) const {
    const auto in_exchange = [this](const Exchange& exchange) {
      return in(exchange.url) || in(exchange.request_headers) || in(exchange.request_body.value_or("")) ||
             in(exchange.response_headers) || in(exchange.response_body);
    };
    const auto in_snapshot = [this](const Snapshot& snapshot) {
      return in(snapshot.html) || in(snapshot.url) || in(snapshot.variables) || in(snapshot.seen) ||
             std::any_of(snapshot.within.begin(), snapshot.within.end(),
                         [this](const browser::Within& row) { return in(row.equals); });
    };
    const auto in_dialog = [this](const DialogSeen& dialog) { return in(dialog.message); };
    return in(recording.arguments) || in(recording.start_url) || in(recording.ending.variables) ||
           in(recording.ending.commits) || in(recording.ending.message) ||
           std::any_of(recording.exchanges.begin(), recording.exchanges.end(), in_exchange) ||
           std::any_of(recording.snapshots.begin(), recording.snapshots.end(), in_snapshot) ||
           std::any_of(recording.dialogs.begin(), recording.dialogs.end(), in_dialog);
  }

 private:
  static std::string json_inside(std::string_view text) {
    const std::string quoted = Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
    return quoted.substr(1, quoted.size() - 2);
  }
  bool in(const std::string& text) const {
    return std::any_of(forms_.begin(), forms_.end(),
                       [&text](const std::string& form) { return text.find(form) != std::string::npos; });
  }
  bool in(const Headers& headers) const {
    return std::any_of(headers.begin(), headers.end(), [this](const auto& each) { return in(each.second); });
  }
  bool in(const Json& value) const {
    if (value.is_string()) return in(value.get_ref<const std::string&>());
    return value.is_structured() &&
           std::any_of(value.begin(), value.end(), [this](const Json& member) { return in(member); });
  }

  std::vector<std::string> forms_;
};

void find_in_placeholders(const Recording& recording, FaultList& found) {
  const auto declared = [&](const std::string& text) {
    return std::any_of(recording.placeholders.begin(), recording.placeholders.end(),
                       [&](const Placeholder& each) { return each.text == text; });
  };
  for (const Placeholder& each : recording.placeholders) {
    found.at("placeholder " + printable(each.text, 80));
    if (each.text.empty()) {
      found.error("is empty");
    } else if (!OccurrenceSearch(each.text).in(recording)) {
      found.warning("occurs nowhere");
    }
  }
  for (const auto& [name, placeholder] : recording.secrets) {
    found.at("secret " + printable(name, 80));
    if (!declared(placeholder)) found.error("what stands in its place is not among the placeholders");
  }
  for (std::size_t index = 0; index < recording.codes.size(); ++index) {
    found.at(fmt::format("code {}", index + 1));
    if (!declared(recording.codes[index])) {
      found.error("what stands in its place is not among the placeholders");
    }
  }
}

}  // namespace

std::vector<Fault> faults(const Recording& recording) {
  FaultList found;
  find_in_head(recording, found);
  find_in_exchanges(recording, found);
  find_in_snapshots(recording, found);
  find_in_ending(recording, found);
  find_in_placeholders(recording, found);
  return found.take();
}

}  // namespace offstage::recording
