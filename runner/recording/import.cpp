#include "recording/import.h"

#include <algorithm>
#include <array>
#include <libxml/uri.h>
#include <numeric>

#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "recording/exchange.h"

namespace offstage::recording {
namespace {

/// Chrome's words for what a request was for, as HAR exports and `Sec-Fetch-Dest` write them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> resource_types = {{
    {"document", "Document"},
    {"iframe", "Document"},
    {"frame", "Document"},
    {"xhr", "XHR"},
    {"fetch", "Fetch"},
    {"empty", "Fetch"},
    {"script", "Script"},
    {"stylesheet", "Stylesheet"},
    {"style", "Stylesheet"},
    {"image", "Image"},
    {"font", "Font"},
    {"media", "Media"},
    {"audio", "Media"},
    {"video", "Media"},
    {"manifest", "Manifest"},
    {"ping", "Ping"},
    {"preflight", "Preflight"},
    {"eventsource", "EventSource"},
}};

std::string foreign_resource_type(const JsonView& entry, const Exchange& exchange) {
  std::string word = ascii_lower(text_of(entry.json(), "_resourceType"));
  if (word.empty()) word = header(exchange.request_headers, "sec-fetch-dest").value_or("");
  const auto known = std::find_if(resource_types.begin(), resource_types.end(),
                                  [&word](const auto& each) { return each.first == word; });
  return std::string(known == resource_types.end() ? "Other" : known->second);
}

/// Header fields; one that several were joined into with new lines is taken apart again.
Headers foreign_headers(const JsonView& message, const std::vector<std::string_view>& without) {
  Headers headers;
  const auto list = message.find("headers");
  if (!list) return headers;
  for (const JsonView& each : list->elements()) {
    const std::string name = each.at("name").string();
    const bool unwanted = std::find(without.begin(), without.end(), ascii_lower(name)) != without.end();
    if (name.empty() || name.starts_with(':') || unwanted) continue;
    for (const std::string& value : split(each.at("value").string(), '\n'))
      headers.emplace_back(name, value);
  }
  return headers;
}

/// A file that is attached to the HAR; nothing outside of its folder is ever opened.
std::string attached_file(const JsonView& view, const BodyLookup& files) {
  const std::string name = view.string();
  const std::filesystem::path path(name);
  const bool leaves = path.is_absolute() || name.find('\0') != std::string::npos ||
                      std::find(path.begin(), path.end(), "..") != path.end();
  if (name.empty() || leaves) {
    throw view.error(fmt::format("\"{}\" is no file beside the HAR", printable(name, 100)),
                     "attached files stand in the folder of the HAR or below it");
  }
  try {
    return files(name);
  } catch (const Error& error) {
    throw view.error(fmt::format("the attached file is missing: {}", error.message()),
                     "put it beside the HAR, or export with the content embedded");
  }
}

/// The bytes of `content` or `postData`; nothing when neither a text nor a file is there.
std::optional<std::string> foreign_body(const JsonView& view, const BodyLookup& files) {
  if (const auto file = view.find("_file")) return attached_file(*file, files);
  const auto text = view.find("text");
  if (!text) return std::nullopt;
  const std::string encoding = view.string_or("encoding", "");
  if (encoding.empty()) return text->string();
  if (encoding != "base64") {
    throw view.at("encoding")
        .error(fmt::format("\"{}\" is an unknown encoding", printable(encoding, 40)), "known is base64");
  }
  try {
    return base64_decoded(text->string());
  } catch (const Error&) {
    throw text->error("is not base64, as its `encoding` says");
  }
}

/// A form that was exported as its fields only.
std::string form_of(const JsonView& params) {
  std::vector<std::string> fields;
  for (const JsonView& each : params.elements())
    fields.push_back(url_encoded(each.at("name").string()) + "=" + url_encoded(each.string_or("value", "")));
  return join(fields, "&");
}

void read_foreign_request(const JsonView& view, Exchange& exchange, const BodyLookup& files) {
  exchange.method = view.at("method").string();
  exchange.url = view.at("url").string();
  exchange.url.resize(std::min(exchange.url.find('#'), exchange.url.size()));
  exchange.request_headers = foreign_headers(view, {});
  const auto data = view.find("postData");
  if (!data) return;
  exchange.request_body = foreign_body(*data, files);
  const auto params = data->find("params");
  const bool has_text = exchange.request_body && !exchange.request_body->empty();
  if (!has_text && params && !params->json().empty()) exchange.request_body = form_of(*params);
}

int foreign_status(const JsonView& view) {
  const double status = view.number();
  if (status < -1 || status > 999) throw view.error("is no HTTP status");
  // Playwright writes -1 where Chrome and Firefox write 0: there was no answer.
  return std::max(0, static_cast<int>(status));
}

void read_foreign_response(const JsonView& view, Exchange& exchange, const BodyLookup& files) {
  exchange.status = foreign_status(view.at("status"));
  exchange.status_text = view.string_or("statusText", "");
  exchange.response_headers =
      foreign_headers(view, {"content-encoding", "content-length", "transfer-encoding"});
  const bool redirect = exchange.status >= 300 && exchange.status < 400;
  if (const auto content = view.find("content"); content && !redirect) {
    exchange.response_body = foreign_body(*content, files).value_or("");
  }
  if (exchange.status == 0) {
    exchange.failure = text_of(view.json(), "_error");
    if (exchange.failure.empty()) exchange.failure = text_of(view.json(), "_failureText");
    if (exchange.failure.empty()) exchange.failure = "net::ERR_FAILED";
  }
}

/// An exchange and when it began.
struct ForeignEntry {
  double moment = 0;
  Exchange exchange;
};

double foreign_moment(const JsonView& view) {
  const std::optional<double> moment = moment_of(view.string());
  if (!moment) {
    throw view.error(fmt::format("\"{}\" is no date and time", printable(view.string(), 60)),
                     "HAR wants RFC 3339: 2026-01-31T09:30:00.123Z");
  }
  return *moment;
}

ForeignEntry foreign_entry(const JsonView& view, const BodyLookup& files) {
  ForeignEntry entry;
  entry.moment = foreign_moment(view.at("startedDateTime"));
  Exchange& exchange = entry.exchange;
  exchange.started_at = moment_text(entry.moment);
  if (const auto time = view.find("time")) exchange.milliseconds = std::max(0.0, time->number());
  read_foreign_request(view.at("request"), exchange, files);
  read_foreign_response(view.at("response"), exchange, files);
  exchange.resource_type = foreign_resource_type(view, exchange);
  return entry;
}

/// Where a redirect leads, whole; empty when it is none.
std::string redirect_target(const Exchange& exchange) {
  constexpr std::array redirects = {301, 302, 303, 307, 308};
  const std::optional<std::string> location = header(exchange.response_headers, "location");
  if (!location || std::find(redirects.begin(), redirects.end(), exchange.status) == redirects.end())
    return {};
  const auto text = [](const std::string& part) { return reinterpret_cast<const xmlChar*>(part.c_str()); };
  const std::unique_ptr<xmlChar, decltype(xmlFree)> whole(xmlBuildURI(text(*location), text(exchange.url)),
                                                          xmlFree);
  if (whole == nullptr) return {};
  std::string target = reinterpret_cast<const char*>(whole.get());
  target.resize(std::min(target.find('#'), target.size()));
  return target;
}

/// Joins each redirect with the first request after it that goes where it leads.
void join_redirects(std::vector<Exchange>& exchanges) {
  for (std::size_t from = 0; from < exchanges.size(); ++from) {
    const std::string target = redirect_target(exchanges[from]);
    if (target.empty()) continue;
    for (std::size_t to = from + 1; to < exchanges.size(); ++to) {
      if (exchanges[to].url != target || exchanges[to].redirected_from) continue;
      exchanges[to].redirected_from = from;
      break;
    }
  }
}

std::string scheme_of(const std::string& url) {
  return ascii_lower(url.substr(0, std::min(url.find(':'), url.size())));
}

std::string tool_of(const JsonView& log, std::string_view member) {
  const auto tool = log.find(member);
  if (!tool) return {};
  const std::string version = text_of(tool->json(), "version");
  return text_of(tool->json(), "name") + (version.empty() ? "" : " " + version);
}

void read_foreign_log(const JsonView& log, Recording& recording, const std::string& file) {
  const std::string tool = tool_of(log, "creator");
  recording.origin_note = "imported from " + file + (tool.empty() ? "" : " (" + tool + ")");
  recording.title = std::filesystem::path(file).stem().string();
  if (const auto pages = log.find("pages"); pages && pages->json().is_array() && !pages->json().empty()) {
    if (std::string title = text_of(pages->json().front(), "title"); !title.empty()) recording.title = title;
  }
  if (!tool.empty()) recording.versions["creator"] = tool;
  if (std::string browser = tool_of(log, "browser"); !browser.empty())
    recording.versions["browser"] = browser;
  recording.time_zone = "UTC";
}

/// When the run began, and on which page.
void set_start(Recording& recording) {
  if (!recording.exchanges.empty()) recording.started_at = recording.exchanges.front().started_at;
  const auto document_request =
      std::find_if(recording.exchanges.begin(), recording.exchanges.end(),
                   [](const Exchange& exchange) { return exchange.resource_type == "Document"; });
  if (document_request != recording.exchanges.end()) recording.start_url = document_request->url;
}

Recording imported_in(const JsonView& root, const BodyLookup& files, const std::string& file) {
  if (!root.json().is_object() || !root.json().contains("log")) {
    throw root.error("is no HAR: a HAR is an object with the member `log`",
                     "export one from the Network panel of a browser's developer tools");
  }
  const JsonView log = root.at("log");
  if (log.find("_offstage")) {
    throw log.error("is a recording of Offstage already", "it needs no import; `offstage replay` takes it");
  }
  Recording recording;
  read_foreign_log(log, recording, file);
  std::vector<ForeignEntry> entries;
  for (const JsonView& view : log.at("entries").elements()) {
    const std::string url = view.at("request").at("url").string();
    const std::string scheme = scheme_of(url);
    if (scheme == "http" || scheme == "https") {
      entries.push_back(foreign_entry(view, files));
    } else if ((scheme == "ws" || scheme == "wss") &&
               std::find(recording.websockets.begin(), recording.websockets.end(), url) ==
                   recording.websockets.end()) {
      recording.websockets.push_back(url);
    }
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& one, const auto& other) { return one.moment < other.moment; });
  for (ForeignEntry& entry : entries)
    recording.exchanges.push_back(std::move(entry.exchange));
  join_redirects(recording.exchanges);
  number_epochs(recording.exchanges, TrafficRules{});
  set_start(recording);
  return recording;
}

}  // namespace

Recording imported_from(const std::shared_ptr<const JsonDocument>& document, const BodyLookup& files,
                        const std::string& file) {
  try {
    return imported_in(JsonView(document), files, file);
  } catch (const Error& error) {
    if (!error.hint().empty()) throw;
    throw Error(error.kind(), error.message(), "this is not as HAR 1.2 has it: export it again");
  }
}

Recording import_har(const std::filesystem::path& file) {
  std::string text = read_file(file);
  if (text.starts_with("PK\x03\x04")) {
    throw Error(Kind::usage, fmt::format("{}: is a zip archive", file.string()),
                "unpack it and import the .har that is in it");
  }
  const auto document = JsonDocument::parse(std::move(text), file.string(), JsonDocument::Twice::last_counts);
  return imported_from(document, files_below(file.parent_path()), file.filename().string());
}

}  // namespace offstage::recording
