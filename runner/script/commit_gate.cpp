#include "script/commit_gate.h"

#include <algorithm>
#include <cctype>

namespace offstage::script {
namespace {

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

bool any_matches(const std::vector<UrlPattern>& patterns, const std::string& url) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&url](const UrlPattern& pattern) { return pattern.matches(url); });
}

}  // namespace

CommitRule::CommitRule(std::string method, const std::vector<std::string>& urls,
                       const std::vector<std::string>& passing)
    : method_(upper(std::move(method))) {
  for (const std::string& url : urls)
    urls_.emplace_back(url, UrlPattern::Star::segment);
  for (const std::string& url : passing)
    passing_.emplace_back(url, UrlPattern::Star::any);
}

bool CommitRule::is_expected(const std::string& method, const std::string& url) const {
  return upper(method) == method_ && any_matches(urls_, url);
}

bool CommitRule::allow(const std::string& method, const std::string& url) {
  if (is_expected(method, url)) {
    State before = State::waiting;
    return state_.compare_exchange_strong(before, State::sent);
  }
  return any_matches(passing_, url);
}

bool CommitRule::close() {
  State before = State::waiting;
  return state_.compare_exchange_strong(before, State::closed) || before == State::closed;
}

}  // namespace offstage::script
