#pragma once

#include <sys/types.h>

namespace offstage::browser {

/// All that the guard needs, made ready before it is forked: it may not
/// allocate. The pointers must stay valid until `start_guard` returns.
struct GuardPlan {
  const char* executable = nullptr;
  char* const* arguments = nullptr;    ///< argv, ending in a null pointer
  char* const* environment = nullptr;  ///< ending in a null pointer
  const char* folder = nullptr;        ///< Chrome's private folder: its working
                                       ///< folder, removed at the end
  int lifeline = -1;                   ///< read end; its end of file is the end of Offstage
  int status = -1;                     ///< write end, for GuardReport
  int output = -1;                     ///< where Chrome's stdout and stderr go
  int commands = -1;                   ///< read end of what Chrome is told: its descriptor 3
  int answers = -1;                    ///< write end of what Chrome says: its descriptor 4
  bool change_user = false;
  uid_t uid = 0;
  gid_t gid = 0;
};

/// What the guard tells, in writes of this size.
struct GuardReport {
  enum What : int {
    started,  ///< value: Chrome's process id
    refused,  ///< Chrome could not be started; value: errno
    ended,    ///< Chrome is gone; value: its wait status
  };
  int what;
  int value;
};

/// Forks the guard, a process that outlives Offstage by moments: it starts
/// Chrome in a process group of its own, none of whose processes gets more than
/// 4 GB of memory of its own, waits for the end of the lifeline,
/// which comes in every way that Offstage can end (SIGKILL included), kills all
/// that Chrome started, whatever group it is in, and removes the folder. When
/// Chrome itself ends before, what it started is killed at once, so that nobody
/// holds its end of `answers` open: the guard does not.
/// Returns the guard's process id, which is a child of the caller's; -1 with
/// errno when it cannot be forked.
pid_t start_guard(const GuardPlan& plan);

}  // namespace offstage::browser
