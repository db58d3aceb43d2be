#include "cli/live_line.h"

#include <array>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/log.h"
#include "base/text.h"
#include "cli/output.h"

namespace offstage::cli {
namespace {

constexpr std::array<std::string_view, 10> braille{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
constexpr std::array<std::string_view, 4> ascii{"|", "/", "-", "\\"};

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

LiveLine::LiveLine() : utf8_(writes_utf8()), thread_([this] { draw_until_gone(); }) {}

LiveLine::~LiveLine() {
  {
    const std::lock_guard lock(mutex_);
    gone_ = true;
    wake_.notify_all();
  }
  thread_.join();
  erase();
}

void LiveLine::show(const std::string& what) {
  const std::lock_guard lock(mutex_);
  if (what != what_) since_ = Clock::now();
  what_ = what;
  detail_.clear();
  draw();
}

void LiveLine::detail(const std::string& text) {
  const std::lock_guard lock(mutex_);
  detail_ = text;
}

void LiveLine::clear() {
  const std::lock_guard lock(mutex_);
  erase();
  what_.clear();
}

void LiveLine::around(const std::function<void()>& write) {
  const std::lock_guard lock(mutex_);
  erase();
  write();
  draw();
}

void LiveLine::draw_until_gone() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, Milliseconds(100), [this] { return gone_; })) {
    ++frame_;
    draw();
  }
}

void LiveLine::draw() {
  if (what_.empty()) return;
  const std::string_view spinner = utf8_ ? braille[frame_ % braille.size()] : ascii[frame_ % ascii.size()];
  const std::chrono::duration<double> passed = Clock::now() - since_;
  const std::string head = fmt::format("{} {} ({:.0f} s)", spinner, what_, passed.count());
  // Never as wide as the terminal: a line that wraps could not be taken back.
  const std::size_t width = terminal_width() - 1;
  std::string line = printable(head, width - 4);
  if (!detail_.empty() && head.size() + 12 < width) {
    line += "\x1b[2m  " + printable(detail_, width - head.size() - 6) + "\x1b[0m";
  }
  write_error("\r\x1b[2K" + line);
  drawn_ = true;
}

void LiveLine::erase() {
  if (drawn_) write_error("\r\x1b[2K");
  drawn_ = false;
}

}  // namespace offstage::cli
