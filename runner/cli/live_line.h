#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/deadline.h"

namespace offstage::cli {

/// One line at the foot of a terminal (stderr) that says what is going on and for how long, drawn ten times a
/// second by a thread of its own and gone when this is. Thread-safe.
class LiveLine {
 public:
  LiveLine();
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;
  ~LiveLine();

  /// What is going on now, as one printable line. A new `what` starts the clock again.
  void show(const std::string& what);
  /// What exactly is being done for that, dimmer: the current step.
  void detail(const std::string& text);
  /// Takes the line away until the next `show`.
  void clear();
  /// Writes something else to the terminal while the line stands aside.
  void around(const std::function<void()>& write);

 private:
  void draw_until_gone();
  void draw();
  void erase();

  std::mutex mutex_;
  std::condition_variable wake_;
  bool gone_ = false;
  bool drawn_ = false;
  bool utf8_;
  std::size_t frame_ = 0;
  std::string what_;
  std::string detail_;
  Clock::time_point since_ = Clock::now();
  std::thread thread_;
};

}  // namespace offstage::cli
