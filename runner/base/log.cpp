#include "base/log.h"

#include <unistd.h>

#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/null_sink.h>

#include "base/deadline.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"

namespace offstage {
namespace {

/// One JSON object a line, for log collectors.
class JsonFormatter : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& entry, spdlog::memory_buf_t& out) override {
    const auto level = spdlog::level::to_string_view(entry.level);
    const Json line{{"time", utc_now()},
                    {"level", std::string(level.data(), level.size())},
                    {"message", std::string(entry.payload.data(), entry.payload.size())}};
    const std::string text = line.dump() + "\n";
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

spdlog::level::level_enum threshold(Log::Level level) {
  switch (level) {
    case Log::Level::quiet:
      return spdlog::level::warn;
    case Log::Level::normal:
      return spdlog::level::info;
    case Log::Level::verbose:
      return spdlog::level::debug;
  }
  return spdlog::level::info;
}

}  // namespace

Log::Log(Level level, Format format, bool colour) : level_(level) {
  auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>(colour ? spdlog::color_mode::always
                                                                               : spdlog::color_mode::never);
  logger_ = std::make_shared<spdlog::logger>("offstage", sink);
  logger_->set_level(threshold(level));
  if (format == Format::json) {
    logger_->set_formatter(std::make_unique<JsonFormatter>());
  } else {
    logger_->set_pattern(level == Level::verbose ? "%H:%M:%S.%e %^%l%$: %v" : "%^%l%$: %v");
  }
}

Log Log::none() {
  Log log(Level::quiet, Format::text, false);
  log.logger_ = std::make_shared<spdlog::logger>("none", std::make_shared<spdlog::sinks::null_sink_mt>());
  return log;
}

Log::~Log() = default;
Log::Log(Log&&) noexcept = default;

std::string Log::cleaned(std::string_view text) const {
  return printable(secrets_ != nullptr ? secrets_->redacted(std::string(text)) : std::string(text), 4000);
}

void Log::write(const std::function<void()>& writing) const {
  if (around_) {
    around_(writing);
  } else {
    writing();
  }
}

void Log::debug(std::string_view text) {
  if (verbose()) write([&] { logger_->debug("{}", cleaned(text)); });
}
void Log::info(std::string_view text) {
  if (level_ != Level::quiet) write([&] { logger_->info("{}", cleaned(text)); });
}
void Log::warn(std::string_view text) {
  write([&] { logger_->warn("{}", cleaned(text)); });
}
void Log::error(std::string_view text) {
  write([&] { logger_->error("{}", cleaned(text)); });
}

void write_error(std::string_view text) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace offstage
