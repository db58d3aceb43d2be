#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/deadline.h"

namespace offstage {

/// A value that must not be seen: it has no stream operator, no formatter and no JSON conversion, and its
/// memory is wiped when it goes. The only way to the text is `reveal()`, which is called where a form field
/// is filled and nowhere else. Copyable; safe to share between threads once made.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

/// Where a secret comes from: never an argument or an environment variable's value, which other processes can
/// read.
struct SecretSource {
  enum class Where { file, descriptor, command };
  Where where = Where::file;
  std::string what;  ///< a path, a descriptor's number, or a shell command

  /// `file:PATH`, `fd:N` or `command:CMD`; a bare path is a file. Throws Error{usage}.
  static SecretSource parse(std::string_view text);

  /// What stands there. A command runs with the signals as a program expects to find them; when `until` is
  /// over it is killed with all that it started. Throws Error{usage}, Error{unreachable} when time is up,
  /// Error{interrupted}.
  std::string read(const Until& until) const;
};

/// The secrets of one run, by name. Read once, at the start; one trailing new line is dropped. Only
/// `redacted` may be called while another thread asks for a one-time code; for all the rest, one thread.
class SecretStore {
 public:
  /// Reads one secret. Throws Error naming the secret and its source, never its value, of the kinds that
  /// SecretSource::read throws.
  void add(const std::string& name, const SecretSource& source, const Until& until = {Deadline::never(), {}});
  void add(const std::string& name, Secret secret) { secrets_[name] = std::move(secret); }
  /// Adds every regular file of a folder as the secret of that name, as Kubernetes and systemd mount them.
  /// Secrets that are there already stay. Throws Error{usage}.
  void add_folder(const std::filesystem::path& folder);

  bool has(const std::string& name) const { return secrets_.contains(name); }
  /// Throws Error{usage} with a hint how to give it when there is none of that name.
  const Secret& get(const std::string& name) const;
  std::vector<std::string> names() const;

  /// The current one-time code of the secret `name`, an RFC 6238 TOTP key in base32 (spaces allowed) or an
  /// otpauth:// address. Throws Error{usage} when it is neither, or asks for other codes than six digits by
  /// SHA-1 every 30 seconds.
  Secret one_time_code(const std::string& name) const;
  /// The codes that `one_time_code` gave out so far, in order: a recording must not keep them.
  std::vector<Secret> codes_given() const;
  /// From now on `one_time_code` gives out these in order, and the last one again, whatever the key: for
  /// replays of recorded runs. Empty: none is left.
  void fix_codes(std::vector<Secret> codes);

  /// `text` with every secret of four bytes or more replaced by `[secret NAME]`, and every code that was
  /// given out by `[one-time code]`: the last net under logs and errors. The one called "email" stays: every
  /// plan and report names the account that signs in.
  std::string redacted(std::string text) const;

 private:
  std::map<std::string, Secret> secrets_;
  std::optional<std::vector<Secret>> fixed_codes_;
  mutable std::vector<Secret> codes_given_;  // guarded by *codes_
  std::unique_ptr<std::mutex> codes_ = std::make_unique<std::mutex>();
};

}  // namespace offstage
