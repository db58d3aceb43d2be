#include "recording/people.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::recording::redaction {
namespace {

/// Words in names of mailboxes and in fields called "name" that are nobody's.
constexpr std::array<std::string_view, 58> nobody{
    "admin",        "administrator", "member",    "members",       "owner",        "viewer",
    "collaborator", "collaborators", "manager",   "user",          "users",        "active",
    "pending",      "invited",       "guest",     "team",          "teams",        "no",
    "reply",        "noreply",       "support",   "info",          "help",         "sales",
    "billing",      "customer",      "customers", "service",       "services",     "dev",
    "ops",          "security",      "contact",   "notifications", "notification", "default",
    "none",         "unknown",       "anonymous", "true",          "false",        "null",
    "test",         "root",          "system",    "app",           "apps",         "name",
    "email",        "audit",         "do",        "not",           "donotreply",   "personal",
    "enterprise",   "everyone",      "public",    "private"};

bool is_nobody(std::string_view word) {
  return std::find(nobody.begin(), nobody.end(), ascii_lower(word)) != nobody.end();
}

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}

bool all_letters(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_letter);
}

/// The words of a local part, when it is made of two or three; a plus tag does not count.
std::vector<std::string> words_of_local(std::string_view local) {
  std::string plain(local.substr(0, local.find('+')));
  std::replace(plain.begin(), plain.end(), '_', '.');
  std::replace(plain.begin(), plain.end(), '-', '.');
  std::vector<std::string> words = split(plain, '.');
  const bool fit = (words.size() == 2 || words.size() == 3) &&
                   std::all_of(words.begin(), words.end(), [](const std::string& word) {
                     return all_letters(word) && word.size() >= 2 && !is_nobody(word);
                   });
  return fit ? words : std::vector<std::string>{};
}

}  // namespace

bool is_person_name(std::string_view text) {
  constexpr std::size_t longest = 80;
  if (text.size() < 3 || text.size() > longest || trimmed(text) != text) return false;
  const bool fit = std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || c == ' ' || c == '.' || c == '\'' || c == '-';
  });
  if (!fit || !is_letter(text[0])) return false;
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '-', ' ');
  const std::vector<std::string> words = split(spaced, ' ');
  return std::none_of(words.begin(), words.end(),
                      [](const std::string& word) { return word.empty() || is_nobody(word); });
}

std::string People::number(int person) const {
  return fmt::format("{:0{}}", person, digits_);
}

int People::tagged(const std::string& key, const std::string& plain) {
  const int person = address(plain);
  const int tag = ++tags_[plain];
  bindings_.address(key, fmt::format("person{}+tag{}@example.test", number(person), tag));
  // A person of its own: to a console it is another account.
  by_address_.emplace(key, ++count_);
  return count_;
}

int People::person_of(const std::string& name, const std::string& address) {
  if (!address.empty()) return this->address(address);
  const auto [place, is_new] = by_name_.emplace(ascii_lower(name), count_ + 1);
  if (is_new) ++count_;
  return place->second;
}

int People::address(const std::string& address) {
  const std::string key = email_key(address);
  const auto known = by_address_.find(key);
  if (known != by_address_.end()) return known->second;
  const std::size_t at = key.find('@');
  const std::string local = key.substr(0, at);
  if (const std::size_t plus = local.find('+'); plus != std::string::npos && plus > 0)
    return tagged(key, local.substr(0, plus) + key.substr(at));
  const std::vector<std::string> words = words_of_local(local);
  const std::string spaced = join(words, " ");
  // Somebody who was seen by this name only is this one.
  int person = 0;
  const auto named = by_name_.find(spaced);
  if (!words.empty() && named != by_name_.end()) {
    const bool taken = std::any_of(by_address_.begin(), by_address_.end(),
                                   [&named](const auto& each) { return each.second == named->second; });
    if (!taken) person = named->second;
  }
  if (person == 0) person = ++count_;
  by_address_.emplace(key, person);
  bindings_.address(key, fmt::format("person{}@example.test", number(person)));
  if (words.empty()) return person;
  by_name_.emplace(spaced, person);
  bind_name(person, spaced, fmt::format("Person {}", number(person)));
  for (const char* separator : {".", "_", "-"})
    bind_name(person, join(words, separator), fmt::format("person{}", number(person)));
  return person;
}

void People::bind_name(int person, const std::string& name, const std::string& text) {
  const bool word = name.find_first_of(" ._") == std::string::npos;
  by_name_.emplace(ascii_lower(name), person);
  // One word in another case is another word: "Mark" and "mark as read".
  bindings_.name(word ? name : ascii_lower(name), text, !word, word);
}

void People::name(const std::string& name, const std::string& address) {
  if (!is_person_name(name)) return;
  const bool word = name.find(' ') == std::string::npos;
  if (word && address.empty() && std::isupper(static_cast<unsigned char>(name[0])) == 0) return;
  const int person = person_of(name, address);
  bind_name(person, name, (word ? "Person" : "Person ") + number(person));
}

void People::name(const std::string& first, const std::string& last, const std::string& address) {
  const std::string whole = first.empty() ? last : last.empty() ? first : first + " " + last;
  if (whole.empty()) return;
  if (first.empty() || last.empty()) {
    name(whole, address);
    return;
  }
  if (!is_person_name(whole)) return;
  const int person = person_of(whole, address);
  // A page that puts the two together must come to what stands for the whole.
  if (is_person_name(first)) bind_name(person, first, fmt::format("Person{}", number(person)));
  if (is_person_name(last)) bind_name(person, last, fmt::format("Surname{}", number(person)));
  bind_name(person, whole, fmt::format("Person {}", number(person)));
  const Binding* one = bindings_.find(first);
  const Binding* other = bindings_.find(last);
  if (one != nullptr && other != nullptr)
    bindings_.rename(ascii_lower(whole), one->placeholder.text + " " + other->placeholder.text);
}

}  // namespace offstage::recording::redaction
