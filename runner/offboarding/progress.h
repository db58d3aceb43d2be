#pragma once

#include <string>

#include "base/deadline.h"

namespace offstage::offboarding {

/// Told what a run does, for a person who watches it. Every text is one printable line. Called on the run's
/// thread; defaults do nothing.
class Progress {
 public:
  Progress() = default;
  Progress(const Progress&) = default;
  Progress& operator=(const Progress&) = default;
  virtual ~Progress() = default;
  /// Something begins that takes a moment: "listing team acme".
  virtual void doing(const std::string& what) { (void)what; }
  /// The run waits; `left` is how much longer it is ready to.
  virtual void waiting(const std::string& for_what, Milliseconds left) { (void)for_what, (void)left; }
  /// Something came to its end: "team acme: gone".
  virtual void finished(const std::string& what) { (void)what; }
  /// The run goes on, and a person should know.
  virtual void warned(const std::string& what) { (void)what; }
};

}  // namespace offstage::offboarding
