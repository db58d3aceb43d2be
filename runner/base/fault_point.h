#pragma once

#include <string>
#include <string_view>

namespace offstage {

/// The moments of a run at which it can be cut short or a message go astray. Tests take them over to do just
/// that at each (tests/faults); the program that people install has none, and there a moment costs one
/// comparison.
class FaultPoints {
 public:
  virtual ~FaultPoints() = default;
  /// A moment with the file system or with a server: `what` is about to happen, or has just happened, to a
  /// file or a URL. May end the process, wait, or, with a file, throw what a failing disk would make the
  /// caller throw. From any thread.
  virtual void reached(std::string_view what, const std::string& object) = 0;
  /// A DevTools message on its way to Chrome, or from it. May change it. How many times it is handed on: 0
  /// loses it, 2 doubles it. From any thread.
  virtual int passing(bool to_chrome, std::string& message) = 0;
};

/// For the whole process, before any other thread is there; nullptr: none. Not owned.
void set_fault_points(FaultPoints* points) noexcept;

/// nullptr in every program but the tests' own.
FaultPoints* fault_points() noexcept;

/// Tells the fault points, if there are any.
void fault_point(std::string_view what, const std::string& object);

}  // namespace offstage
