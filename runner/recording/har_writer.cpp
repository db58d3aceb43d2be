#include "recording/har_writer.h"

#include <algorithm>

#include "base/text.h"
#include "recording/exchange.h"
#include "recording/har_words.h"

namespace offstage::recording {
namespace {

constexpr std::size_t largest_text_shown = 1024;

/// Repeats a short text, for viewers and reviewers.
void show_text(Json& object, const std::string& body, const std::string& content_type) {
  const bool readable = body_suffix(content_type) != ".bin" && is_valid_utf8(body);
  if (!body.empty() && body.size() < largest_text_shown && readable) object["text"] = body;
}

/// Says where a body's file is. An empty body has none.
void refer_to_body(Json& object, const std::string& body, const std::string& content_type,
                   BodyBundle& bodies) {
  if (body.empty()) return;
  const StoredBody stored = bodies.add(body, content_type);
  object["_file"] = stored.file;
  object["_sha256"] = stored.sha256;
}

Json named_values(const Headers& values) {
  Json list = Json::array();
  for (const auto& [name, value] : values)
    list.push_back({{"name", name}, {"value", value}});
  return list;
}

/// A part of a query in clear, where that is text.
std::string query_text(std::string part) {
  std::replace(part.begin(), part.end(), '+', ' ');
  std::string decoded = url_decoded(part);
  return is_valid_utf8(decoded) ? decoded : part;
}

Headers query_of(const std::string& url) {
  Headers query;
  const std::size_t mark = url.find('?');
  if (mark == std::string::npos || mark + 1 == url.size()) return query;
  for (const std::string& pair : split(std::string_view(url).substr(mark + 1), '&')) {
    const std::size_t equals = pair.find('=');
    query.emplace_back(query_text(pair.substr(0, equals)),
                       equals == std::string::npos ? "" : query_text(pair.substr(equals + 1)));
  }
  return query;
}

std::pair<std::string, std::string> name_and_value(std::string_view pair) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return {std::string(trimmed(pair)), ""};
  return {std::string(trimmed(pair.substr(0, equals))), std::string(trimmed(pair.substr(equals + 1)))};
}

Json cookies_sent(const Headers& headers) {
  Headers cookies;
  for (const auto& [name, value] : headers) {
    if (ascii_lower(name) != "cookie") continue;
    for (const std::string& pair : split(value, ';'))
      cookies.push_back(name_and_value(pair));
  }
  return named_values(cookies);
}

Json cookies_set(const Headers& headers) {
  Json cookies = Json::array();
  for (const auto& [header, line] : headers) {
    if (ascii_lower(header) != "set-cookie") continue;
    const std::vector<std::string> parts = split(line, ';');
    const auto [name, value] = name_and_value(parts.front());
    Json cookie = {{"name", name}, {"value", value}};
    for (std::size_t at = 1; at < parts.size(); ++at) {
      const auto [attribute, setting] = name_and_value(parts[at]);
      const std::string known = ascii_lower(attribute);
      if (known == "path" || known == "domain") cookie[known] = setting;
      if (known == "httponly") cookie["httpOnly"] = true;
      if (known == "secure") cookie["secure"] = true;
    }
    cookies.push_back(std::move(cookie));
  }
  return cookies;
}

Json request_of(const Exchange& exchange, BodyBundle& bodies) {
  Json request = {{"method", exchange.method},
                  {"url", exchange.url},
                  {"httpVersion", "unknown"},
                  {"cookies", cookies_sent(exchange.request_headers)},
                  {"headers", named_values(exchange.request_headers)},
                  {"queryString", named_values(query_of(exchange.url))}};
  if (exchange.request_body) {
    const std::string type = header(exchange.request_headers, "content-type").value_or("");
    Json data = {{"mimeType", type}, {"text", ""}};
    show_text(data, *exchange.request_body, type);
    refer_to_body(data, *exchange.request_body, type, bodies);
    request["postData"] = std::move(data);
  }
  request["headersSize"] = -1;
  request["bodySize"] = exchange.request_body ? exchange.request_body->size() : 0;
  return request;
}

Json response_of(const Exchange& exchange, BodyBundle& bodies) {
  const std::string type = header(exchange.response_headers, "content-type").value_or("x-unknown");
  Json content = {{"size", exchange.response_body.size()}, {"mimeType", type}};
  show_text(content, exchange.response_body, type);
  refer_to_body(content, exchange.response_body, type, bodies);
  Json response = {{"status", exchange.status},
                   {"statusText", exchange.status_text},
                   {"httpVersion", "unknown"},
                   {"cookies", cookies_set(exchange.response_headers)},
                   {"headers", named_values(exchange.response_headers)},
                   {"content", std::move(content)},
                   {"redirectURL", header(exchange.response_headers, "location").value_or("")},
                   {"headersSize", -1},
                   {"bodySize", -1}};
  if (!exchange.failure.empty()) response["_error"] = exchange.failure;
  return response;
}

Json entry_of(const Exchange& exchange, BodyBundle& bodies) {
  Json ours = {{"type", exchange.resource_type}, {"mutation", exchange.mutation}, {"epoch", exchange.epoch}};
  if (exchange.redirected_from) ours["redirected_from"] = *exchange.redirected_from;
  return {{"pageref", har_page},
          {"startedDateTime", exchange.started_at},
          {"time", exchange.milliseconds},
          {"_resourceType", ascii_lower(exchange.resource_type)},
          {"request", request_of(exchange, bodies)},
          {"response", response_of(exchange, bodies)},
          {"cache", Json::object()},
          {"timings", {{"send", 0}, {"wait", exchange.milliseconds}, {"receive", 0}}},
          {"_offstage", std::move(ours)}};
}

Json snapshot_entry(const Snapshot& snapshot, BodyBundle& bodies) {
  Json within = Json::array();
  for (const browser::Within& row : snapshot.within)
    within.push_back({{"rows", row.rows}, {"field", row.field}, {"equals", row.equals}});
  Json page = {{"size", snapshot.html.size()}};
  refer_to_body(page, snapshot.html, "text/html", bodies);
  Json out = {{"what", snapshot_word(snapshot.what)},
              {"script", snapshot.script},
              {"step", snapshot.step},
              {"url", snapshot.url},
              {"html", std::move(page)},
              {"within", std::move(within)},
              {"variables", snapshot.variables}};
  if (!snapshot.seen.is_null()) out["seen"] = snapshot.seen;
  return out;
}

Json script_entry(const RecordedScript& script, BodyBundle& bodies) {
  Json text = {{"size", script.text.size()}};
  refer_to_body(text, script.text, "text/plain", bodies);
  return {
      {"file", script.file}, {"sha256", script.sha256}, {"played", script.played}, {"text", std::move(text)}};
}

template <typename List, typename Entry>
Json json_list(const List& list, Entry entry) {
  Json out = Json::array();
  for (const auto& each : list)
    out.push_back(entry(each));
  return out;
}

/// What HAR has no place for.
Json log_offstage(const Recording& recording, BodyBundle& bodies) {
  return {{"version", format_version},
          {"title", recording.title},
          {"connector", recording.connector},
          {"origin_note", recording.origin_note},
          {"started_at", recording.started_at},
          {"time_zone", recording.time_zone},
          {"start_url", recording.start_url},
          {"scripts", json_list(recording.scripts,
                                [&](const RecordedScript& script) { return script_entry(script, bodies); })},
          {"arguments", recording.arguments},
          {"secrets", json_list(recording.secrets,
                                [](const auto& secret) {
                                  return Json{{"name", secret.first}, {"placeholder", secret.second}};
                                })},
          {"codes", recording.codes},
          {"placeholders", json_list(recording.placeholders,
                                     [](const Placeholder& each) {
                                       return Json{{"text", each.text},
                                                   {"kind", each.kind},
                                                   {"name", each.name},
                                                   {"from_page", each.from_page}};
                                     })},
          {"websockets", recording.websockets},
          {"dialogs", json_list(recording.dialogs,
                                [](const DialogSeen& dialog) {
                                  return Json{{"type", dialog.type}, {"message", dialog.message}};
                                })},
          {"snapshots", json_list(recording.snapshots,
                                  [&](const Snapshot& each) { return snapshot_entry(each, bodies); })},
          {"ending",
           {{"kind", recording.ending.kind},
            {"message", recording.ending.message},
            {"variables", recording.ending.variables},
            {"commits", recording.ending.commits}}},
          {"versions", recording.versions}};
}

/// The browser as HAR names it, from "HeadlessChrome/120.0".
Json browser_of(const Json& versions) {
  const auto found = versions.is_object() ? versions.find("browser") : versions.end();
  const std::string product = found == versions.end() ? ""
                              : found->is_string()    ? found->get<std::string>()
                                                      : text_of(*found, "product");
  const std::size_t slash = product.find('/');
  return {{"name", product.empty() ? "Chrome" : product.substr(0, slash)},
          {"version", slash == std::string::npos ? "" : product.substr(slash + 1)}};
}

/// When the page began, in a form that every viewer takes.
std::string page_start(const Recording& recording) {
  if (moment_of(recording.started_at)) return recording.started_at;
  const bool known = !recording.exchanges.empty() && moment_of(recording.exchanges.front().started_at);
  return known ? recording.exchanges.front().started_at : moment_text(0);
}

}  // namespace

Json har_of(const Recording& recording, BodyBundle& bodies) {
  Json page = {{"startedDateTime", page_start(recording)},
               {"id", har_page},
               {"title", recording.title},
               {"pageTimings", Json::object()}};
  Json log = {{"version", "1.2"},
              {"creator", {{"name", "Offstage"}, {"version", text_of(recording.versions, "tool")}}},
              {"browser", browser_of(recording.versions)},
              {"pages", Json::array({std::move(page)})},
              {"_offstage", log_offstage(recording, bodies)},
              {"entries",
               json_list(recording.exchanges, [&](const Exchange& each) { return entry_of(each, bodies); })}};
  return {{"log", std::move(log)}};
}

}  // namespace offstage::recording
