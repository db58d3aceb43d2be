#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "base/file.h"
#include "base/json.h"

namespace offstage::test {

/// A practice console for Heroku as a child process on a free port, for one test. It ends with this object,
/// or with the test program however that ends. One thread.
class PracticeConsole {
 public:
  /// Starts it with further arguments, such as {"--fault", "rows-lag=5"}, and waits until it answers. Throws
  /// Error{internal} with what it said when it does not.
  explicit PracticeConsole(const std::vector<std::string>& arguments = {});
  PracticeConsole(const PracticeConsole&) = delete;
  PracticeConsole& operator=(const PracticeConsole&) = delete;
  ~PracticeConsole();

  /// practice.json: what `--practice` takes.
  std::filesystem::path description_file() const { return folder_.path() / "practice.json"; }
  /// The content of practice.json.
  const Json& description() const { return description_; }
  /// The folder with the secrets email, password and totp.
  std::filesystem::path secrets() const { return folder_.path() / "secrets"; }
  std::string address() const { return description_.at("address").get<std::string>(); }
  pid_t pid() const { return pid_; }

  /// Every request that asked the API to change something, whatever came of it, oldest first.
  Json change_log() const;
  /// Teams with members and invitations, and apps with collaborators, as they are now.
  Json state() const;
  /// How many requests of any kind came since the start or the last reset.
  std::size_t request_count() const;
  /// How often the form with the password was sent since then.
  std::size_t password_count() const;
  /// Switches a fault; nothing puts it back to its preset. Throws Error{internal} when the console refuses.
  void set_fault(const std::string& name, const std::optional<std::string>& value);
  enum class Keep { nothing, sessions };
  /// Everything back to what it was at the start: people, faults, log, and unless they are kept, sessions.
  void reset(Keep keep = Keep::nothing);

  // What tests ask most, from state().
  bool is_member(const std::string& team, const std::string& email) const;
  bool is_invited(const std::string& team, const std::string& email) const;
  bool is_collaborator(const std::string& app, const std::string& email) const;
  bool has_team(const std::string& team) const;

 private:
  void start(std::vector<std::string> arguments);
  void wait_until_it_answers();
  Json get(const std::string& what) const;
  Json post(const std::string& what, const Json& body) const;

  TemporaryFolder folder_{"offstage-practice-test-"};
  FileDescriptor stdin_;
  pid_t pid_ = -1;
  Json description_;
};

}  // namespace offstage::test
