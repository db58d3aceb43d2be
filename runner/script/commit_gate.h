#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "script/url_pattern.h"

namespace offstage::script {

/// Which requests may leave the browser during a commit: the one that is expected, once, and those that
/// change nothing. Asked on the connection's thread; thread-safe.
class CommitRule {
 public:
  /// Patterns are filled in already. In `urls` a `*` stays within one part of the address.
  CommitRule(std::string method, const std::vector<std::string>& urls,
             const std::vector<std::string>& passing);

  /// Whether this is the request that the commit is made of.
  bool is_expected(const std::string& method, const std::string& url) const;
  /// Whether it may leave. The expected request may once, and not after `close`.
  bool allow(const std::string& method, const std::string& url);

  bool sent() const { return state_ == State::sent; }
  /// From now on the expected request may not leave either. False: it has already.
  bool close();

 private:
  enum class State { waiting, sent, closed };
  std::string method_;
  std::vector<UrlPattern> urls_;
  std::vector<UrlPattern> passing_;
  std::atomic<State> state_ = State::waiting;
};

}  // namespace offstage::script
