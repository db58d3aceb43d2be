#include "recording/parts.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "recording/tokens.h"

namespace offstage::recording::redaction {
namespace {

using Visit = std::function<void(const Part&, std::string&)>;

void visit_text(std::string where, std::string& text, const Visit& visit) {
  Part part;
  part.where = std::move(where);
  visit(part, text);
}

/// The strings of a JSON value, and the names of its members.
void visit_json(const std::string& where, Json& json, const Visit& visit, int depth = 0) {
  constexpr int deepest = 200;
  if (depth > deepest) {
    // Nobody writes such a thing: it goes.
    json = nullptr;
  } else if (json.is_string()) {
    visit_text(where, json.get_ref<std::string&>(), visit);
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i)
      visit_json(fmt::format("{}/{}", where, i), json[i], visit, depth + 1);
  } else if (json.is_object()) {
    Json changed = Json::object();
    for (auto& [key, value] : json.items()) {
      std::string name = key;
      visit_text(where + ", a member's name", name, visit);
      const std::string path = where + "/" + name;
      visit_json(path, value, visit, depth + 1);
      changed[name] = std::move(value);
    }
    json = std::move(changed);
  }
}

void visit_headers(Part part, const std::string& where, Headers& headers, const Visit& visit) {
  for (auto& [name, value] : headers) {
    part.where = fmt::format("{} header {}", where, name);
    part.header = name;
    visit(part, value);
  }
}

void visit_exchange(std::size_t index, Exchange& exchange, const Visit& visit) {
  const std::string where = fmt::format("exchange {}", index);
  Part part;
  part.exchange = &exchange;
  part.request = true;
  const auto text = [&](const char* what, std::string& value) {
    part.where = where + ", " + what;
    part.content = Content::text;
    visit(part, value);
  };
  text("request URL", exchange.url);
  visit_headers(part, where + ", request", exchange.request_headers, visit);
  if (exchange.request_body) {
    part.where = where + ", request body";
    part.content =
        content_of(header(exchange.request_headers, "content-type").value_or(""), "", *exchange.request_body);
    visit(part, *exchange.request_body);
  }
  part.request = false;
  text("status", exchange.status_text);
  visit_headers(part, where + ", response", exchange.response_headers, visit);
  part.where = where + ", response body";
  part.content = content_of(header(exchange.response_headers, "content-type").value_or(""),
                            exchange.resource_type, exchange.response_body);
  visit(part, exchange.response_body);
  text("failure", exchange.failure);
}

void visit_within(const std::string& where, std::vector<browser::Within>& within, const Visit& visit) {
  for (browser::Within& each : within) {
    visit_text(where + ", within", each.equals, visit);
    for (browser::Selectors* selectors : {&each.rows, &each.field}) {
      for (browser::SelectorChain& chain : *selectors) {
        for (std::string& selector : chain)
          visit_text(where + ", within", selector, visit);
      }
    }
  }
}

bool has_word(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

}  // namespace

void for_each_text(Recording& recording, const Visit& visit) {
  visit_text("title", recording.title, visit);
  visit_text("origin_note", recording.origin_note, visit);
  visit_json("arguments", recording.arguments, visit);
  visit_text("start_url", recording.start_url, visit);
  for (std::size_t i = 0; i < recording.exchanges.size(); ++i)
    visit_exchange(i, recording.exchanges[i], visit);
  for (std::string& address : recording.websockets)
    visit_text("websockets", address, visit);
  for (DialogSeen& dialog : recording.dialogs)
    visit_text("dialogs", dialog.message, visit);
  for (std::size_t i = 0; i < recording.snapshots.size(); ++i) {
    Snapshot& snapshot = recording.snapshots[i];
    const std::string where = fmt::format("snapshot {}", i);
    visit_text(where + ", url", snapshot.url, visit);
    visit_text(where + ", html", snapshot.html, visit);
    visit_within(where, snapshot.within, visit);
    visit_json(where + ", variables", snapshot.variables, visit);
    visit_json(where + ", seen", snapshot.seen, visit);
  }
  visit_text("ending, message", recording.ending.message, visit);
  visit_json("ending, variables", recording.ending.variables, visit);
  visit_json("ending, commits", recording.ending.commits, visit);
  visit_json("versions", recording.versions, visit);
}

void for_each_script(const Recording& recording,
                     const std::function<void(const Part&, const std::string&)>& visit) {
  for (const RecordedScript& script : recording.scripts) {
    Part part;
    part.where = "script " + script.file;
    part.script = true;
    visit(part, script.text);
  }
}

Content content_of(std::string_view type, std::string_view resource, std::string_view body) {
  const std::string what = ascii_lower(type);
  if (has_word(what, "javascript") || has_word(what, "ecmascript") || has_word(what, "text/css"))
    return Content::code;
  if (what.starts_with("image/svg")) return Content::code;
  if (what.starts_with("image/") || what.starts_with("font/") || has_word(what, "font-"))
    return Content::picture;
  const bool says_text =
      what.starts_with("text/") || has_word(what, "json") || has_word(what, "xml") || has_word(what, "form");
  if (says_text) return Content::text;
  if (what.empty() && (resource == "Script" || resource == "Stylesheet")) return Content::code;
  if (what.empty() && (resource == "Image" || resource == "Font")) return Content::picture;
  return is_valid_utf8(body) ? Content::text : Content::binary;
}

bool is_kept_header(std::string_view name, const TrafficRules& rules) {
  constexpr std::array<std::string_view, 27> kept{"accept",
                                                  "accept-ranges",
                                                  "authorization",
                                                  "cache-control",
                                                  "content-disposition",
                                                  "content-language",
                                                  "content-range",
                                                  "content-type",
                                                  "cookie",
                                                  "date",
                                                  "etag",
                                                  "if-match",
                                                  "if-none-match",
                                                  "if-range",
                                                  "last-event-id",
                                                  "link",
                                                  "location",
                                                  "next-range",
                                                  "origin",
                                                  "proxy-authorization",
                                                  "range",
                                                  "referer",
                                                  "retry-after",
                                                  "set-cookie",
                                                  "vary",
                                                  "x-requested-with",
                                                  "www-authenticate"};
  const std::string wanted = ascii_lower(name);
  if (std::find(kept.begin(), kept.end(), wanted) != kept.end()) return true;
  if (wanted.starts_with("access-control-")) return true;
  const auto same = [&wanted](const std::string& each) { return ascii_lower(each) == wanted; };
  if (std::any_of(rules.key_headers.begin(), rules.key_headers.end(), same)) return true;
  return TokenNames(rules.tokens).of(wanted) != TokenNames::Says::nothing;
}

void drop_headers(Recording& recording, const TrafficRules& rules) {
  for (Exchange& exchange : recording.exchanges) {
    for (Headers* headers : {&exchange.request_headers, &exchange.response_headers}) {
      std::erase_if(*headers, [&rules](const auto& each) { return !is_kept_header(each.first, rules); });
    }
  }
}

}  // namespace offstage::recording::redaction
