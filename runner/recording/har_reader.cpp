#include "recording/har_reader.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"
#include "recording/har_words.h"
#include "recording/har_writer.h"

namespace offstage::recording {
namespace {

constexpr const char* no_editing =
    "bring back the version that was recorded, or record again; a recording is never edited by hand";

std::size_t count_in(const JsonView& view) {
  const long count = view.integer();
  if (count < 0) throw view.error("is below 0");
  return static_cast<std::size_t>(count);
}

int int_in(const JsonView& view) {
  const long value = view.integer();
  if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) {
    throw view.error("is no number that can stand here");
  }
  return static_cast<int>(value);
}

/// Reads what `entry` reads from each element.
template <typename Entry>
auto list_in(const JsonView& view, Entry entry) {
  std::vector<decltype(entry(view))> out;
  for (const JsonView& element : view.elements())
    out.push_back(entry(element));
  return out;
}

Headers headers_in(const JsonView& view) {
  return list_in(view, [](const JsonView& each) {
    return std::pair{each.at("name").string(), each.at("value").string()};
  });
}

/// The body that an object refers to, exactly as it was recorded.
std::string body_in(const JsonView& object, std::size_t size, const BodyLookup& bodies) {
  std::string body;
  const auto file = object.find("_file");
  if (!file) {
    if (size != 0 || object.find("_sha256")) throw object.error("is missing `_file`");
  } else {
    const std::string name = file->string();
    const std::string digest = object.at("_sha256").string();
    if (!is_body_file(name, digest)) {
      throw file->error(
          fmt::format("\"{}\" is not the name of a body with the digest `_sha256`", printable(name, 100)));
    }
    std::string content;
    try {
      content = bodies(name);
    } catch (const Error& error) {
      throw file->error(fmt::format("the body is missing: {}", error.message()),
                        "bring it back (it belongs to the recording), or record again");
    }
    const std::optional<std::string> restored = restored_body(name, content, digest);
    if (!restored) {
      throw file->error(fmt::format("{} is not the body that was recorded: its digest differs", name));
    }
    body = *restored;
  }
  if (const auto text = object.find("text"); text && !text->string().empty() && text->string() != body) {
    throw text->error("is not what the body's file says");
  }
  if (size != body.size()) {
    throw object.error(fmt::format("is said to have {} bytes and has {}", size, body.size()));
  }
  return body;
}

void read_request(const JsonView& view, Exchange& exchange, const BodyLookup& bodies) {
  exchange.method = view.at("method").string();
  exchange.url = view.at("url").string();
  exchange.request_headers = headers_in(view.at("headers"));
  const std::size_t size = count_in(view.at("bodySize"));
  if (const auto data = view.find("postData")) {
    exchange.request_body = body_in(*data, size, bodies);
  } else if (size != 0) {
    throw view.error("is missing `postData`");
  }
}

void read_response(const JsonView& view, Exchange& exchange, const BodyLookup& bodies) {
  exchange.status = int_in(view.at("status"));
  exchange.status_text = view.at("statusText").string();
  exchange.response_headers = headers_in(view.at("headers"));
  const JsonView content = view.at("content");
  exchange.response_body = body_in(content, count_in(content.at("size")), bodies);
  exchange.failure = view.string_or("_error", "");
}

Exchange exchange_in(const JsonView& view, const BodyLookup& bodies) {
  Exchange exchange;
  exchange.started_at = view.at("startedDateTime").string();
  exchange.milliseconds = view.at("time").number();
  read_request(view.at("request"), exchange, bodies);
  read_response(view.at("response"), exchange, bodies);
  const JsonView ours = view.at("_offstage");
  ours.only({"type", "mutation", "epoch", "redirected_from"});
  exchange.resource_type = ours.at("type").string();
  exchange.mutation = ours.at("mutation").boolean();
  exchange.epoch = int_in(ours.at("epoch"));
  if (const auto from = ours.find("redirected_from")) exchange.redirected_from = count_in(*from);
  return exchange;
}

browser::Selectors selectors_in(const JsonView& view) {
  return list_in(view, [](const JsonView& chain) { return chain.strings(); });
}

Snapshot snapshot_in(const JsonView& view, const BodyLookup& bodies) {
  view.only({"what", "script", "step", "url", "html", "within", "variables", "seen"});
  Snapshot snapshot;
  const JsonView what = view.at("what");
  const std::string word = what.string();
  const auto known = std::find_if(snapshot_words.begin(), snapshot_words.end(),
                                  [&word](const auto& each) { return each.second == word; });
  if (known == snapshot_words.end()) {
    throw what.error(fmt::format("\"{}\" is nothing that a step does", printable(word, 40)),
                     "it is target, expect or extract");
  }
  snapshot.what = known->first;
  snapshot.script = view.at("script").string();
  snapshot.step = view.at("step").string();
  snapshot.url = view.at("url").string();
  const JsonView html = view.at("html");
  html.only({"size", "_file", "_sha256"});
  snapshot.html = body_in(html, count_in(html.at("size")), bodies);
  snapshot.within = list_in(view.at("within"), [](const JsonView& row) {
    row.only({"rows", "field", "equals"});
    return browser::Within{selectors_in(row.at("rows")), selectors_in(row.at("field")),
                           row.at("equals").string()};
  });
  snapshot.variables = view.at("variables").json();
  if (const auto seen = view.find("seen")) snapshot.seen = seen->json();
  return snapshot;
}

void read_placeholders(const JsonView& ours, Recording& recording) {
  recording.secrets = list_in(ours.at("secrets"), [](const JsonView& each) {
    each.only({"name", "placeholder"});
    return std::pair{each.at("name").string(), each.at("placeholder").string()};
  });
  recording.codes = ours.at("codes").strings();
  recording.placeholders = list_in(ours.at("placeholders"), [](const JsonView& each) {
    each.only({"text", "kind", "name", "from_page"});
    return Placeholder{each.at("text").string(), each.at("kind").string(), each.at("name").string(),
                       each.at("from_page").boolean()};
  });
}

void read_log(const JsonView& ours, Recording& recording, const BodyLookup& bodies) {
  ours.only({"version", "title", "connector", "origin_note", "started_at", "time_zone", "start_url",
             "scripts", "arguments", "secrets", "codes", "placeholders", "websockets", "dialogs", "snapshots",
             "ending", "versions"});
  recording.title = ours.at("title").string();
  recording.connector = ours.at("connector").string();
  recording.origin_note = ours.at("origin_note").string();
  recording.started_at = ours.at("started_at").string();
  recording.time_zone = ours.at("time_zone").string();
  recording.start_url = ours.at("start_url").string();
  recording.scripts = list_in(ours.at("scripts"), [&](const JsonView& each) {
    each.only({"file", "sha256", "played", "text"});
    const JsonView text = each.at("text");
    text.only({"size", "_file", "_sha256"});
    return RecordedScript{each.at("file").string(), each.at("sha256").string(),
                          body_in(text, count_in(text.at("size")), bodies), each.at("played").boolean()};
  });
  recording.arguments = ours.at("arguments").json();
  read_placeholders(ours, recording);
  recording.websockets = ours.at("websockets").strings();
  recording.dialogs = list_in(ours.at("dialogs"), [](const JsonView& each) {
    each.only({"type", "message"});
    return DialogSeen{each.at("type").string(), each.at("message").string()};
  });
  recording.snapshots =
      list_in(ours.at("snapshots"), [&](const JsonView& each) { return snapshot_in(each, bodies); });
  const JsonView ending = ours.at("ending");
  ending.only({"kind", "message", "variables", "commits"});
  recording.ending = {ending.at("kind").string(), ending.at("message").string(),
                      ending.at("variables").json(), ending.at("commits").json()};
  recording.versions = ours.at("versions").json();
}

/// What is ours in the log; refuses what was written by others, or by an Offstage that writes otherwise.
JsonView our_part(const JsonView& log) {
  const auto ours = log.find("_offstage");
  if (!ours) {
    const std::string maker = log.json().contains("creator") ? text_of(log.json().at("creator"), "name") : "";
    throw log.error(
        fmt::format("is a HAR of another tool{}, not a recording of Offstage: it has no `_offstage`",
                    maker.empty() ? "" : " (" + printable(maker, 60) + ")"),
        "`offstage recording import` makes a recording of it");
  }
  const JsonView version = ours->at("version");
  if (version.json() != format_version) {
    throw version.error(
        "is a version of the format that this Offstage does not know",
        fmt::format("it reads version {}: record again, or use the Offstage that made it", format_version));
  }
  return *ours;
}

Recording recording_in(const JsonView& root, const BodyLookup& bodies) {
  if (!root.json().is_object() || !root.json().contains("log")) {
    throw root.error("is no recording: a HAR is an object with the member `log`",
                     "recordings are made by `offstage record`");
  }
  const JsonView log = root.at("log");
  Recording recording;
  read_log(our_part(log), recording, bodies);
  recording.exchanges =
      list_in(log.at("entries"), [&](const JsonView& each) { return exchange_in(each, bodies); });
  return recording;
}

}  // namespace

std::shared_ptr<const JsonDocument> recording_document(std::string text, const std::string& name) {
  try {
    return JsonDocument::parse(std::move(text), name);
  } catch (const Error& error) {
    throw Error(error.kind(), error.message(),
                "the file is damaged or cut short: bring it back from where it was kept, or record again");
  }
}

Recording recording_from(const std::shared_ptr<const JsonDocument>& document, const BodyLookup& bodies) {
  try {
    return recording_in(JsonView(document), bodies);
  } catch (const Error& error) {
    if (!error.hint().empty()) throw;
    throw Error(error.kind(), error.message(), no_editing);
  }
}

}  // namespace offstage::recording
