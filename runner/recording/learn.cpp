#include "recording/learn.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "recording/base64_runs.h"
#include "recording/entropy.h"
#include "recording/shapes.h"

namespace offstage::recording::redaction {
namespace {

constexpr int deepest_json = 100;

bool same_name(std::string_view one, std::string_view other) {
  return ascii_lower(one) == ascii_lower(other);
}

std::string without_quotes(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  return std::string(value);
}

/// A form's or an address's value: `+` is a space there.
std::string form_decoded(std::string_view value) {
  std::string out(value);
  std::replace(out.begin(), out.end(), '+', ' ');
  return url_decoded(out);
}

bool is_whole_address(std::string_view text) {
  const std::vector<Span> found = addresses_in(text);
  return found.size() == 1 && found[0].size == text.size();
}

}  // namespace

Learner::Learner(const TrafficRules& rules, Bindings& bindings, People& people)
    : names_(rules.tokens), bindings_(bindings), people_(people) {}

void Learner::learn(Recording& recording) {
  for_each_text(recording, [this](const Part& part, std::string& text) { named(part, text); });
  for_each_text(recording, [this](const Part& part, std::string& text) {
    if (part.content == Content::text) shapes(text);
    if (part.content == Content::code) code(text);
  });
}

/// Scripts name much after tokens that is none: a value must look like one as well.
void Learner::code(const std::string& text) {
  constexpr std::size_t longest = 4096;
  const std::string decoded = unescaped(text);
  for (const Span& span : web_tokens_in(decoded))
    bindings_.token("jwt", std::string(span.in(decoded)));
  for_each_pair(decoded, [this](std::string_view name, std::string_view value) {
    if (value.size() <= longest && names_.of(name) != TokenNames::Says::nothing && looks_random(value))
      field(name, value, false);
  });
}

void Learner::named(const Part& part, const std::string& text) {
  if (part.content != Content::text || text.empty()) return;
  if (!part.header.empty()) {
    header_named(part, text);
    return;
  }
  const bool body = part.exchange != nullptr && part.where.ends_with("body");
  if (part.where.ends_with("URL") || part.where.ends_with("url")) {
    const std::size_t query = text.find_first_of("?#");
    if (query != std::string::npos) pairs(std::string_view(text).substr(query + 1), part.request);
  } else if (body && part.request) {
    const std::string type = header(part.exchange->request_headers, "content-type").value_or("");
    if (ascii_lower(type).starts_with("multipart/")) {
      multipart(text);
    } else if (ascii_lower(type).find("json") == std::string::npos) {
      pairs(text, true);
    }
  }
  if (body) {
    for (const Json& json : json_in(text))
      json_named("", json, part.request, 0);
  }
  decoded_text(text, part.request && body);
}

void Learner::header_named(const Part& part, const std::string& value) {
  if (same_name(part.header, "set-cookie")) {
    const std::string pair = value.substr(0, value.find(';'));
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) return;
    const bool hidden = ascii_lower(value).find("httponly") != std::string::npos;
    cookie(trimmed(std::string_view(pair).substr(0, equals)),
           trimmed(std::string_view(pair).substr(equals + 1)), hidden);
  } else if (same_name(part.header, "cookie")) {
    for (const std::string& pair : split(value, ';')) {
      const std::size_t equals = pair.find('=');
      if (equals == std::string::npos) continue;
      cookie(trimmed(std::string_view(pair).substr(0, equals)),
             trimmed(std::string_view(pair).substr(equals + 1)), false);
    }
  } else if (same_name(part.header, "authorization") || same_name(part.header, "proxy-authorization")) {
    credentials(value);
  } else {
    field(part.header, value, part.request);
    const std::size_t query = value.find_first_of("?#");
    if (query != std::string::npos) pairs(std::string_view(value).substr(query + 1), false);
    decoded_text(value, false);
  }
}

void Learner::cookie(std::string_view name, std::string_view value, bool whole) {
  const std::string decoded = unescaped(without_quotes(value));
  // A page may read a cookie that is JSON: what is in it is replaced.
  if (!whole && !json_in(decoded).empty()) {
    for (const Json& json : json_in(decoded))
      json_named(std::string(name), json, false, 0);
    return;
  }
  const bool speaks = names_.of(name) != TokenNames::Says::nothing && decoded.size() >= 6 &&
                      is_token_value(decoded, TokenNames::Says::token, false);
  if (is_cookie_token(decoded) || speaks) bindings_.cookie(std::string(name), decoded);
}

void Learner::credentials(const std::string& value) {
  const std::string_view text = trimmed(value);
  const std::size_t space = text.find(' ');
  const std::string scheme = ascii_lower(text.substr(0, space));
  const std::string given(space == std::string_view::npos ? text : trimmed(text.substr(space + 1)));
  if (scheme == "basic") {
    const std::string pair = base64_bytes(given);
    const std::size_t colon = pair.find(':');
    if (colon != std::string::npos && is_readable(pair)) {
      // A token may stand in either place.
      const std::string user = pair.substr(0, colon);
      const std::string password = pair.substr(colon + 1);
      field("authorization", user, false);
      if (password.size() >= 4) bindings_.token("password", password);
      return;
    }
  }
  if (given.size() >= 4) bindings_.token("authorization", given);
}

void Learner::pairs(std::string_view text, bool sent) {
  if (text.find('=') == std::string_view::npos) return;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of("&#", begin), text.size());
    const std::string_view pair = text.substr(begin, end - begin);
    const std::size_t equals = pair.find('=');
    begin = end + 1;
    if (equals == std::string_view::npos || equals > 200) continue;
    const std::string name = form_decoded(pair.substr(0, equals));
    if (names_.of(name) == TokenNames::Says::nothing) continue;
    const std::string value = form_decoded(pair.substr(equals + 1));
    field(name, value, sent);
    // Base64 whose `+` was not encoded: the page meant a `+`.
    field(name, url_decoded(pair.substr(equals + 1)), sent);
  }
}

void Learner::multipart(std::string_view body) {
  constexpr std::string_view mark = "name=\"";
  for (std::size_t at = body.find("Content-Disposition:"); at != std::string_view::npos;
       at = body.find("Content-Disposition:", at + 1)) {
    const std::size_t line = body.find("\r\n", at);
    const std::size_t blank = body.find("\r\n\r\n", at);
    const std::size_t name = body.find(mark, at);
    if (line == std::string_view::npos || blank == std::string_view::npos || name == std::string_view::npos ||
        name > line) {
      continue;
    }
    const std::size_t name_end = body.find('"', name + mark.size());
    const std::size_t end = body.find("\r\n--", blank + 2);
    if (name_end == std::string_view::npos || end == std::string_view::npos || end < blank + 4) continue;
    field(body.substr(name + mark.size(), name_end - name - mark.size()),
          body.substr(blank + 4, end - blank - 4), true);
  }
}

void Learner::json_named(const std::string& name, const Json& json, bool sent, int depth) {
  if (depth > deepest_json) return;
  if (json.is_string()) {
    const auto& value = json.get_ref<const std::string&>();
    field(name, value, sent);
    for (const Json& inner : json_in(value))
      json_named(name, inner, sent, depth + 10);
  } else if (json.is_array()) {
    for (const Json& each : json)
      json_named(name, each, sent, depth + 1);
  } else if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      // {"csrf": {"value": "…"}}
      const bool inherits = key == "value" && names_.of(name) != TokenNames::Says::nothing;
      json_named(inherits ? name : key, value, sent, depth + 1);
    }
  }
}

void Learner::field(std::string_view name, std::string_view value, bool sent) {
  constexpr std::size_t longest = 1 << 20;
  const TokenNames::Says says = names_.of(name);
  if (says == TokenNames::Says::nothing || value.size() > longest) return;
  const std::string decoded = unescaped(value);
  if (is_token_value(decoded, says, sent)) bindings_.token(std::string(name), decoded);
}

void Learner::decoded_text(std::string_view text, bool sent) {
  const std::string decoded = unescaped(text);
  const auto take = [this, sent](std::string_view name, std::string_view value) { field(name, value, sent); };
  for_each_pair(decoded, take);
  for_each_named_tag(decoded, take);
}

std::set<std::string> addresses_of(Recording& recording) {
  std::set<std::string> found;
  const auto look = [&found](const std::string& decoded) {
    for (const Span& span : addresses_in(decoded))
      found.insert(email_key(span.in(decoded)));
  };
  for_each_text(recording, [&](const Part& part, std::string& text) {
    if (text.empty() || part.content == Content::picture || part.content == Content::binary) return;
    const std::string decoded = unescaped(text);
    look(decoded);
    for (const std::string& each : base64_texts(decoded))
      look(unescaped(each));
  });
  return found;
}

void Learner::shapes(const std::string& text) {
  const auto look = [this](const std::string& decoded) {
    for (const Span& span : web_tokens_in(decoded))
      bindings_.token("jwt", std::string(span.in(decoded)));
    for (const Span& span : uuids_in(decoded))
      bindings_.id(std::string(span.in(decoded)));
    for (const Span& span : addresses_in(decoded))
      people_.address(std::string(span.in(decoded)));
  };
  const std::string decoded = unescaped(text);
  look(decoded);
  for (const std::string& each : base64_texts(decoded))
    look(unescaped(each));
  for (const Json& json : json_in(text))
    json_people("", json, 0);
}

void Learner::json_people(const std::string& name, const Json& json, int depth) {
  constexpr std::array<std::string_view, 14> holders{
      "user",      "member", "owner", "invitedby", "person", "collaborator",  "inviter",
      "createdby", "author", "users", "members",   "owners", "collaborators", "people"};
  const auto key_of = [](std::string_view text) {
    std::string out;
    for (const char c : ascii_lower(text)) {
      if (c != '_' && c != '-') out += c;
    }
    return out;
  };
  if (depth > deepest_json) return;
  if (json.is_array()) {
    for (const Json& each : json)
      json_people(name, each, depth + 1);
    return;
  }
  if (!json.is_object()) return;
  std::string address;
  std::string full;
  std::string display;
  std::string first;
  std::string last;
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) continue;
    const std::string& text = value.get_ref<const std::string&>();
    const std::string what = key_of(key);
    if (is_whole_address(text) && (address.empty() || what == "email")) address = text;
    if (what == "name" || what == "fullname") full = text;
    if (what == "displayname" || what == "realname") display = text;
    if (what == "firstname" || what == "givenname") first = text;
    if (what == "lastname" || what == "familyname" || what == "surname") last = text;
  }
  const bool holds = std::find(holders.begin(), holders.end(), key_of(name)) != holders.end();
  if (!address.empty() || holds) {
    people_.name(first, last, address);
    for (const std::string& each : {full, display})
      if (!each.empty()) people_.name(each, address);
  }
  for (const auto& [key, value] : json.items())
    json_people(key, value, depth + 1);
}

}  // namespace offstage::recording::redaction
