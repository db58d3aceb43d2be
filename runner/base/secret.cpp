#include "base/secret.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <memory>

#include <fmt/format.h>
#include <liboath/oath.h>
#include <openssl/crypto.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace offstage {
namespace {

/// Who signs in is given with the secrets, but is none: every plan and report names the account.
constexpr std::string_view account_name = "email";
constexpr std::string_view otpauth = "otpauth://";

void wipe(std::string& text) {
  if (!text.empty()) OPENSSL_cleanse(text.data(), text.size());
}

bool same_word(std::string_view one, std::string_view other) {
  return ascii_lower(one) == ascii_lower(other);
}

/// The parameter `name` of an address; nothing when it has none.
std::optional<std::string> parameter_of(std::string_view address, std::string_view name) {
  const std::size_t query = address.find('?');
  if (query == std::string_view::npos) return std::nullopt;
  for (const std::string& pair : split(address.substr(query + 1), '&')) {
    const std::size_t equals = pair.find('=');
    if (equals != std::string::npos && same_word(pair.substr(0, equals), name))
      return pair.substr(equals + 1);
  }
  return std::nullopt;
}

/// Whether an otpauth:// address asks for the codes that are made here.
bool asks_for_usual_codes(std::string_view address) {
  const auto is = [&](std::string_view name, std::string_view value) {
    return same_word(parameter_of(address, name).value_or(std::string(value)), value);
  };
  const std::string_view rest = address.substr(otpauth.size());
  return same_word(rest.substr(0, rest.find_first_of("/?")), "totp") && is("digits", "6") &&
         is("period", "30") && is("algorithm", "SHA1");
}

/// The key of an otpauth:// address, or the text itself, without spaces.
std::string base32_key(const std::string& text) {
  std::string key = text.starts_with(otpauth) ? parameter_of(text, "secret").value_or("") : text;
  std::erase_if(key, [](char c) { return c == ' ' || c == '-'; });
  return key;
}

struct OathFree {
  void operator()(char* bytes) const { std::free(bytes); }  // NOLINT: liboath allocates with malloc
};

}  // namespace

// Copied and wiped: moving a short string would leave its bytes behind.
Secret::Secret(Secret&& other) noexcept : text_(other.text_) {  // NOLINT(performance-move-constructor-init)
  wipe(other.text_);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(text_);
    text_ = other.text_;
    wipe(other.text_);
    other.text_.clear();
  }
  return *this;
}

Secret::~Secret() {
  wipe(text_);
}

void SecretStore::add(const std::string& name, const SecretSource& source, const Until& until) {
  std::string content;
  try {
    content = source.read(until);
  } catch (const Error& error) {
    const bool wrong = error.kind() == Kind::usage;
    throw Error(error.kind(), fmt::format("cannot read the secret \"{}\"", name),
                wrong ? "give it as --secret NAME=file:PATH, NAME=fd:N or NAME=command:CMD" : "", error);
  }
  if (content.ends_with('\n')) content.pop_back();
  if (content.ends_with('\r')) content.pop_back();
  if (content.empty()) throw Error(Kind::usage, fmt::format("the secret \"{}\" is empty", name));
  secrets_[name] = Secret(content);
  wipe(content);
}

void SecretStore::add_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) {
    throw Error(Kind::usage,
                fmt::format("cannot read the secrets folder {}: {}", folder.string(), error.message()),
                "give a folder that holds one file for each secret, named as the secret");
  }
  for (const auto& entry : entries) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || has(name) || !entry.is_regular_file(error)) continue;
    add(name, SecretSource{SecretSource::Where::file, entry.path().string()});
  }
}

const Secret& SecretStore::get(const std::string& name) const {
  const auto found = secrets_.find(name);
  if (found == secrets_.end()) {
    throw Error(
        Kind::usage, fmt::format("the secret \"{}\" is missing", name),
        fmt::format("give it with --secret {}=file:PATH (or fd:N, command:CMD), or as the file {} in the "
                    "folder that --secrets names",
                    name, name));
  }
  return found->second;
}

std::vector<std::string> SecretStore::names() const {
  std::vector<std::string> out;
  for (const auto& [name, secret] : secrets_)
    out.push_back(name);
  return out;
}

void SecretStore::fix_codes(std::vector<Secret> codes) {
  fixed_codes_ = std::move(codes);
  const std::lock_guard lock(*codes_);
  codes_given_.clear();
}

std::vector<Secret> SecretStore::codes_given() const {
  const std::lock_guard lock(*codes_);
  return codes_given_;
}

Secret SecretStore::one_time_code(const std::string& name) const {
  if (fixed_codes_) {
    if (fixed_codes_->empty()) throw Error(Kind::usage, "the recording has no one-time code to give");
    const std::lock_guard lock(*codes_);
    codes_given_.push_back((*fixed_codes_)[std::min(codes_given_.size(), fixed_codes_->size() - 1)]);
    return codes_given_.back();
  }
  const std::string& given = get(name).reveal();
  if (given.starts_with(otpauth) && !asks_for_usual_codes(given)) {
    throw Error(
        Kind::usage,
        fmt::format("the secret \"{}\" asks for one-time codes of a kind that is not supported", name),
        "what is supported: otpauth://totp with six digits, SHA1 and a period of 30 seconds");
  }
  std::string key = base32_key(given);
  char* raw = nullptr;
  std::size_t length = 0;
  const int decoded =
      key.empty() ? OATH_INVALID_BASE32 : oath_base32_decode(key.data(), key.size(), &raw, &length);
  wipe(key);
  const std::unique_ptr<char, OathFree> bytes(raw);
  if (decoded != OATH_OK) {
    throw Error(Kind::usage, fmt::format("the secret \"{}\" is no one-time-code key", name),
                "give the base32 key, or the otpauth:// address, that the console showed at enrolment");
  }
  std::array<char, 16> code{};
  // Not time(2): it reads a clock that lags behind by up to a tick, and who has waited for the next code
  // would be given the last one again.
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const int made = oath_totp_generate(bytes.get(), length, now, OATH_TOTP_DEFAULT_TIME_STEP_SIZE,
                                      OATH_TOTP_DEFAULT_START_TIME, 6, code.data());
  OPENSSL_cleanse(bytes.get(), length);
  if (made != OATH_OK) throw Error(Kind::internal, fmt::format("no one-time code: {}", oath_strerror(made)));
  const std::lock_guard lock(*codes_);
  codes_given_.emplace_back(code.data());
  return codes_given_.back();
}

std::string SecretStore::redacted(std::string text) const {
  const std::vector<Secret> codes = codes_given();
  std::vector<std::pair<std::string_view, std::string>> marks;
  const auto hide = [&](const std::string& value, const std::string& mark) {
    if (text.find(value) != std::string::npos) marks.emplace_back(value, mark);
  };
  for (const auto& [name, secret] : secrets_) {
    if (secret.reveal().size() >= 4 && name != account_name) hide(secret.reveal(), "[secret " + name + "]");
  }
  for (const Secret& code : codes)
    hide(code.reveal(), "[one-time code]");
  if (marks.empty()) return text;
  // Of two that begin alike the longer one: the other would leave its rest readable.
  std::stable_sort(marks.begin(), marks.end(),
                   [](const auto& one, const auto& other) { return one.first.size() > other.first.size(); });
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    const auto found = std::find_if(marks.begin(), marks.end(),
                                    [&](const auto& mark) { return rest.starts_with(mark.first); });
    out += found == marks.end() ? std::string(1, rest.front()) : found->second;
    at += found == marks.end() ? 1 : found->first.size();
  }
  return out;
}

}  // namespace offstage
