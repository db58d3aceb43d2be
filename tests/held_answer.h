#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "browser_support.h"

namespace offstage::test {

/// A server's answer that does not come until it is released, at the latest when this goes: declare it after
/// the server, whose end waits for its answers.
class HeldAnswer {
 public:
  HeldAnswer() = default;
  HeldAnswer(const HeldAnswer&) = delete;
  HeldAnswer& operator=(const HeldAnswer&) = delete;
  ~HeldAnswer() { release(); }

  void release() { *released_ = true; }
  PageServer::Handler handler() const {
    return [released = released_](const PageServer::Request&) -> PageServer::Response {
      while (!*released)
        std::this_thread::sleep_for(Milliseconds(5));
      return {};
    };
  }

 private:
  std::shared_ptr<std::atomic<bool>> released_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace offstage::test
