#include "recording/bindings.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::recording::redaction {
namespace {

/// Shorter values are found by chance inside other words.
constexpr std::size_t shortest_anywhere = 6;

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool needs_bounds(std::string_view value) {
  return value.size() < shortest_anywhere || all_digits(value);
}

}  // namespace

std::string placeholder_name(std::string_view name) {
  constexpr std::size_t longest = 24;
  std::string out;
  for (const char c : ascii_lower(name)) {
    if (((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) && out.size() < longest) out += c;
  }
  return out.empty() ? "value" : out;
}

std::string Bindings::add(Binding binding) {
  const auto known = by_value_.find(binding.value);
  if (known != by_value_.end()) return all_[known->second].placeholder.text;
  by_value_.emplace(binding.value, all_.size());
  all_.push_back(std::move(binding));
  return all_.back().placeholder.text;
}

/// Whether a placeholder that is called by this name would tell a secret, a code or an address.
bool Bindings::holds_known(const std::string& name) const {
  const std::string called = placeholder_name(name);
  return std::any_of(all_.begin(), all_.end(), [&called](const Binding& each) {
    const std::string& kind = each.placeholder.kind;
    return (kind == "secret" || kind == "code" || kind == "address") &&
           called.find(placeholder_name(each.value)) != std::string::npos;
  });
}

std::string Bindings::numbered(const std::string& kind, const std::string& name, const std::string& value) {
  if (const Binding* known = find(value)) return known->placeholder.text;
  const std::string stem = "offstage-" + kind + "-" + placeholder_name(holds_known(name) ? "" : name);
  Binding binding;
  binding.value = value;
  binding.placeholder = {fmt::format("{}-{}", stem, ++numbers_[stem]), kind, name, false};
  binding.bounded = needs_bounds(value);
  binding.sensitive = true;
  return add(std::move(binding));
}

std::string Bindings::secret(const std::string& name, const std::string& value) {
  if (const Binding* known = find(value)) return known->placeholder.text;
  const std::string stem = "offstage-secret-" + placeholder_name(name);
  const int number = ++numbers_[stem];
  Binding binding;
  binding.value = value;
  binding.placeholder = {number == 1 ? stem : fmt::format("{}-{}", stem, number), "secret", name, false};
  binding.bounded = needs_bounds(value);
  binding.sensitive = true;
  return add(std::move(binding));
}

std::string Bindings::code(const std::string& value) {
  if (const Binding* known = find(value)) return known->placeholder.text;
  Binding binding;
  binding.value = value;
  binding.placeholder = {fmt::format("{:0{}}", ++numbers_["code"], value.size()), "code", {}, false};
  binding.bounded = needs_bounds(value);
  binding.sensitive = true;
  return add(std::move(binding));
}

std::string Bindings::cookie(const std::string& name, const std::string& value) {
  return numbered("cookie", name, value);
}

std::string Bindings::token(const std::string& name, const std::string& value) {
  return numbered("token", name, value);
}

std::string Bindings::id(const std::string& value) {
  const std::string key = ascii_lower(value);
  if (const Binding* known = find(key)) return known->placeholder.text;
  // The same value may be bound in the case in which it came, as a token.
  if (const Binding* known = find(value)) return known->placeholder.text;
  const int number = ++numbers_["id"];
  Binding binding;
  binding.value = key;
  binding.placeholder = {fmt::format("00000000-0000-4000-8000-{:012}", number), "id", {}, false};
  binding.folded = true;
  // Without its dashes it is the same id.
  Binding bare = binding;
  std::erase(bare.value, '-');
  bare.placeholder.text = fmt::format("00000000000040008000{:012}", number);
  add(std::move(bare));
  return add(std::move(binding));
}

void Bindings::address(const std::string& value, const std::string& text) {
  Binding binding;
  binding.value = value;
  binding.placeholder = {text, "address", {}, false};
  binding.folded = true;
  add(std::move(binding));
}

void Bindings::name(const std::string& value, const std::string& text, bool folded, bool word) {
  Binding binding;
  binding.value = value;
  binding.placeholder = {text, "name", {}, false};
  binding.folded = folded;
  binding.bounded = true;
  binding.word = word;
  add(std::move(binding));
}

void Bindings::rename(const std::string& value, const std::string& text) {
  const auto known = by_value_.find(value);
  if (known == by_value_.end()) return;
  Placeholder& placeholder = all_[known->second].placeholder;
  if (placeholder.kind == "name") placeholder.text = text;
}

const Binding* Bindings::find(const std::string& value) const {
  const auto known = by_value_.find(value);
  return known == by_value_.end() ? nullptr : &all_[known->second];
}

}  // namespace offstage::recording::redaction
