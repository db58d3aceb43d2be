#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace offstage {

class SecretStore;

/// What a run tells people while it works: on stderr, one line an entry, page text made printable and secrets
/// taken out before anything is written. Thread-safe. Pass it by reference; there is no global log.
class Log {
 public:
  enum class Level { quiet, normal, verbose };
  enum class Format { text, json };

  /// A log on stderr. `colour` only matters for text.
  Log(Level level, Format format, bool colour);
  /// A log that keeps nothing, for tests and for library use.
  static Log none();
  ~Log();
  Log(Log&&) noexcept;
  Log& operator=(Log&&) = delete;

  /// Secrets that must not appear in any entry; they must outlive the log.
  void redact(const SecretStore& secrets) { secrets_ = &secrets; }

  /// Runs around every write, on the writer's thread: a live line on the same terminal steps aside meanwhile.
  /// Set (or taken back with nullptr) while no other thread writes.
  using Around = std::function<void(const std::function<void()>& write)>;
  void set_around(Around around) { around_ = std::move(around); }

  void debug(std::string_view text);
  void info(std::string_view text);
  void warn(std::string_view text);
  void error(std::string_view text);
  bool verbose() const { return level_ == Level::verbose; }

 private:
  std::string cleaned(std::string_view text) const;
  void write(const std::function<void()>& writing) const;

  Level level_;
  std::shared_ptr<spdlog::logger> logger_;
  const SecretStore* secrets_ = nullptr;
  Around around_;
};

/// Writes to stderr as it is, beside any log. A stderr that has gone away is no reason to end a run: then
/// nothing happens.
void write_error(std::string_view text);

}  // namespace offstage
