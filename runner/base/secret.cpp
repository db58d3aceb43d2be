#include "base/secret.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <unistd.h>

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

void wipe(std::string& text) {
  if (!text.empty()) OPENSSL_cleanse(text.data(), text.size());
}

std::string read_descriptor(int fd) {
  std::string content;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(Kind::usage, with_errno(fmt::format("cannot read descriptor {}", fd)));
    if (got == 0) break;
    content.append(buffer.data(), static_cast<std::size_t>(got));
  }
  OPENSSL_cleanse(buffer.data(), buffer.size());
  return content;
}

std::string read_command(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) throw Error(Kind::usage, with_errno("cannot run the command"));
  std::string content;
  try {
    content = read_descriptor(::fileno(pipe));
  } catch (const Error&) {
    ::pclose(pipe);
    throw;
  }
  const int status = ::pclose(pipe);
  if (status != 0) {
    wipe(content);
    throw Error(Kind::usage, fmt::format("the command ended with status {}", status >> 8));
  }
  return content;
}

int descriptor_number(const std::string& text) {
  const bool digits =
      !text.empty() && text.size() < 5 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits)
    throw Error(Kind::usage, fmt::format("\"fd:{}\" names no file descriptor", printable(text, 40)));
  return std::stoi(text);
}

std::string read_source(const SecretSource& source) {
  switch (source.where) {
    case SecretSource::Where::file:
      return read_file(source.what);
    case SecretSource::Where::descriptor:
      return read_descriptor(descriptor_number(source.what));
    case SecretSource::Where::command:
      return read_command(source.what);
  }
  return {};
}

/// The key of an otpauth:// address, or the text itself, without spaces.
std::string base32_key(const std::string& text) {
  std::string key = text;
  if (text.starts_with("otpauth://")) {
    const std::size_t at = text.find("secret=");
    key = at == std::string::npos ? "" : text.substr(at + 7);
    key = key.substr(0, key.find('&'));
  }
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

SecretSource SecretSource::parse(std::string_view text) {
  const auto after = [&](std::string_view prefix) { return std::string(text.substr(prefix.size())); };
  SecretSource source;
  if (text.starts_with("fd:")) {
    source = {Where::descriptor, after("fd:")};
    descriptor_number(source.what);
  } else if (text.starts_with("command:")) {
    source = {Where::command, after("command:")};
  } else {
    source = {Where::file, text.starts_with("file:") ? after("file:") : std::string(text)};
  }
  if (source.what.empty()) {
    throw Error(Kind::usage, "a secret's source is empty", "give file:PATH, fd:N or command:CMD");
  }
  return source;
}

void SecretStore::add(const std::string& name, const SecretSource& source) {
  std::string content;
  try {
    content = read_source(source);
  } catch (const Error& error) {
    throw Error(Kind::usage, fmt::format("cannot read the secret \"{}\"", name),
                "give it as --secret NAME=file:PATH, NAME=fd:N or NAME=command:CMD", error);
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
    if (name.starts_with('.') || has(name) || !entry.is_regular_file()) continue;
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
  codes_given_.clear();
}

Secret SecretStore::one_time_code(const std::string& name) const {
  if (fixed_codes_) {
    if (fixed_codes_->empty()) throw Error(Kind::usage, "the recording has no one-time code to give");
    codes_given_.push_back((*fixed_codes_)[std::min(codes_given_.size(), fixed_codes_->size() - 1)]);
    return codes_given_.back();
  }
  std::string key = base32_key(get(name).reveal());
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
  codes_given_.emplace_back(code.data());
  return codes_given_.back();
}

std::string SecretStore::redacted(std::string text) const {
  for (const auto& [name, secret] : secrets_) {
    const std::string& value = secret.reveal();
    if (value.size() < 4 || name == account_name) continue;
    for (std::size_t at = text.find(value); at != std::string::npos; at = text.find(value, at)) {
      const std::string mark = "[secret " + name + "]";
      text.replace(at, value.size(), mark);
      at += mark.size();
    }
  }
  return text;
}

}  // namespace offstage
