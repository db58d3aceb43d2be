#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "browser/page.h"

namespace offstage::script {

/// What a commit step is about to do.
struct CommitIntent {
  std::string script;  ///< the file's name and digest: "remove-member.json@sha256:…"
  std::string digest;
  std::string step;    ///< its path: "/steps/4"
  std::string target;  ///< whom or what it names
  std::string method;
  std::vector<std::string> urls;  ///< patterns of the request that may leave, substituted
};

/// What became of a commit step, as far as the page and the network showed it.
struct CommitReport {
  enum class Outcome {
    done,      ///< answered as expected, and `done` was seen
    not_sent,  ///< nothing left the browser (target or confirmation did not match, request was not the
               ///< expected one)
    refused,   ///< the console answered with another status
    lost,      ///< sent, and no answer or no effect was seen
  };
  /// Whoever writes `words` down keeps so many bytes of them.
  static constexpr std::size_t most_words = 2000;

  Outcome outcome = Outcome::lost;
  std::string method;
  std::string url;
  int status = 0;
  std::string words;  ///< the console's own, not yet escaped, of any length
  std::string seen;   ///< in Offstage's words
};

/// "done", "not_sent", "refused", "lost".
std::string_view name_of(CommitReport::Outcome outcome);

/// A step looked at a page, and saw what it needs: the element of an action is there, a condition holds, a
/// page of rows was read. Refers to what outlives the call only.
struct Look {
  enum class What { target, expect, extract };
  What what = What::target;
  const std::string& script;                     ///< the file's name
  const std::string& step;                       ///< its path
  const std::map<std::string, Json>& variables;  ///< what its placeholders stand for
  const std::vector<browser::Within>& within;    ///< the rows that it is narrowed to
  const Json& seen;                              ///< the rows of an extraction; else null
  browser::Page& page;
  const browser::FramePath& frame;
};

/// Told of everything an interpreter does, on the interpreter's thread. What `commit_intended` throws stops
/// the commit before anything is sent. Defaults do nothing.
class Observer {
 public:
  virtual ~Observer() = default;
  /// A script begins (its file's name), also one that another runs; and is left, whichever way.
  virtual void script_entered(const std::string& file) { (void)file; }
  virtual void script_left() {}
  /// A step begins: its path and one line for people: "click aria/Log in".
  virtual void step_started(const std::string& path, const std::string& what) { (void)path, (void)what; }
  virtual void step_finished(const std::string& path) { (void)path; }
  /// A selector other than the first choice matched: the first sign of drift.
  virtual void weaker_selector(const std::string& path, const std::string& used) { (void)path, (void)used; }
  /// Must be durable when it returns.
  virtual void commit_intended(const CommitIntent& intent) { (void)intent; }
  virtual void commit_reported(const CommitIntent& intent, const CommitReport& report) {
    (void)intent, (void)report;
  }
  /// Whether `looked` should be called: it costs an action one more look at its target beforehand.
  virtual bool wants_looks() const { return false; }
  /// May ask the page, which stands as the step saw it.
  virtual void looked(const Look& look) { (void)look; }
  /// Whether `captured` should be called: a picture costs a page a tenth of a second and more.
  virtual bool wants_captures() const { return false; }
  virtual void captured(const std::string& name, const std::string& png, const std::string& html) {
    (void)name, (void)png, (void)html;
  }
};

}  // namespace offstage::script
