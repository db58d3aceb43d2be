#include "recording/redact.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "recording/bindings.h"
#include "recording/encodings.h"
#include "recording/learn.h"
#include "recording/parts.h"
#include "recording/people.h"
#include "recording/survivors.h"

namespace offstage::recording {

namespace {

constexpr std::size_t shortest_secret = 4;

using redaction::Binding;

/// Replaces everywhere; tells of each binding whether it occurred, and whether a page's request was the first
/// to hold it.
void rewrite_all(Recording& recording, const std::vector<Binding>& bindings, std::vector<bool>& seen,
                 std::vector<bool>& from_page) {
  const redaction::Rewriter rewriter(bindings);
  seen.assign(bindings.size(), false);
  from_page.assign(bindings.size(), false);
  std::vector<bool> here;
  redaction::for_each_text(recording, [&](const redaction::Part& part, std::string& text) {
    if (text.empty()) return;
    here.assign(bindings.size(), false);
    std::string now = rewriter.rewritten(text, part.content, here);
    for (std::size_t i = 0; i < here.size(); ++i) {
      if (!here[i] || seen[i]) continue;
      seen[i] = true;
      from_page[i] = part.request;
    }
    text = std::move(now);
  });
}

/// A person's address, name or known secret is not of a page's making, whoever shows it first.
bool can_come_from_page(const std::string& kind) {
  return kind == "cookie" || kind == "token" || kind == "id";
}

std::vector<Placeholder> placeholders_of(const std::vector<Binding>& bindings, const std::vector<bool>& seen,
                                         const std::vector<bool>& from_page) {
  std::vector<Placeholder> out;
  std::set<std::string> texts;
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    Placeholder placeholder = bindings[i].placeholder;
    const bool given = placeholder.kind == "secret" || placeholder.kind == "code";
    if (!(seen[i] || given) || !texts.insert(placeholder.text).second) continue;
    placeholder.from_page = from_page[i] && can_come_from_page(placeholder.kind);
    out.push_back(std::move(placeholder));
  }
  return out;
}

}  // namespace

Redactor::Redactor(TrafficRules rules) : rules_(std::move(rules)) {}

void Redactor::add_secret(const std::string& name, const Secret& value) {
  if (value.empty()) return;
  if (value.reveal().size() < shortest_secret) {
    throw Error(Kind::refused,
                fmt::format("the secret {} has fewer than {} bytes: it cannot be told from other text, so no "
                            "recording can be made with it",
                            printable(name, 60), shortest_secret),
                "record with an account that has a longer one");
  }
  secrets_.push_back({name, value});
}

void Redactor::add_code(const Secret& code) {
  if (!code.empty()) codes_.push_back(code);
}

void Redactor::add_person(const std::string& name) {
  people_.push_back(name);
}

Recording Redactor::redact(Recording raw) {
  redaction::Bindings bindings;
  redaction::People people(bindings);
  raw.secrets.clear();
  raw.codes.clear();
  // Pages sort their lists: fakes stand in the order of those whom they stand for.
  std::set<std::string> addresses = redaction::addresses_of(raw);
  for (const Given& each : secrets_) {
    if (each.name == "email" && is_email(each.value.reveal()))
      addresses.insert(email_key(each.value.reveal()));
  }
  people.expect(addresses.size());
  for (const std::string& address : addresses)
    people.address(address);
  for (const Given& each : secrets_) {
    const std::string& value = each.value.reveal();
    if (each.name == "email" && is_email(value)) {
      people.address(value);
      raw.secrets.emplace_back(each.name, bindings.find(email_key(value))->placeholder.text);
    } else {
      raw.secrets.emplace_back(each.name, bindings.secret(each.name, value));
    }
  }
  for (const Secret& code : codes_)
    raw.codes.push_back(bindings.code(code.reveal()));
  for (const std::string& name : people_)
    people.name(name, "");
  redaction::drop_headers(raw, rules_);
  redaction::Learner(rules_, bindings, people).learn(raw);

  const redaction::Survivors survivors(bindings.all(), rules_.public_values);
  redaction::refuse_survivors(survivors.find_divided(raw));
  std::vector<bool> seen;
  std::vector<bool> from_page;
  rewrite_all(raw, bindings.all(), seen, from_page);
  raw.placeholders = placeholders_of(bindings.all(), seen, from_page);
  // What a replay is given stands for something, also where the run came to its end before it was used.
  for (const auto& [name, text] : raw.secrets) {
    const bool known = std::any_of(raw.placeholders.begin(), raw.placeholders.end(),
                                   [&text = text](const Placeholder& each) { return each.text == text; });
    if (!known) raw.placeholders.push_back({text, "address", "", false});
  }
  // A field's or a cookie's name may hold a value itself.
  const redaction::Rewriter rewriter(bindings.all());
  for (Placeholder& placeholder : raw.placeholders)
    placeholder.name = rewriter.rewritten(placeholder.name, redaction::Content::text, seen);
  redaction::refuse_survivors(survivors.find(raw));
  return raw;
}

void check_scripts(const std::vector<RecordedScript>& scripts, const TrafficRules& rules) {
  Recording texts;
  texts.scripts = scripts;
  const std::vector<redaction::Binding> none;
  redaction::refuse_survivors(redaction::Survivors(none, rules.public_values).find(texts));
}

}  // namespace offstage::recording
