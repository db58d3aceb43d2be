#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "base/file.h"
#include "base/log.h"

namespace offstage::workflow {

/// A folder into which requests are dropped, one file each, and out of which any number of workers take them.
/// NAME.json waits; NAME.working is being done; NAME.done was done, and NAME.result.json is its result.
/// Whoever drops a request writes it under another ending first and renames it. One that is written in place
/// is taken once it is a whole JSON document, or has not changed for ten seconds. What cannot be read is
/// warned of, and stays as it is. Nothing that stands there is believed to be Offstage's own: no link is
/// followed when a result is written.
class JobFolder {
 public:
  /// Throws Error{usage} when it is no folder that can be written. `log` outlives this.
  JobFolder(std::filesystem::path folder, Log& log);

  /// A request that this worker alone is doing, as long as this lives: a lock says so, and the system lets go
  /// of it when the process dies. Movable.
  class Claim {
   public:
    /// The request as it stands.
    const std::filesystem::path& file() const { return file_; }
    const std::string& name() const { return name_; }
    /// How many times it has been begun, this time included: more than once when a process died over it.
    long tries() const { return tries_; }
    /// Writes the result beside it and files the request away. Without it the request is taken up again
    /// later.
    void finish(const std::string& result);
    /// Leaves it to whoever comes next, as if it had not been begun this time.
    void leave();

   private:
    friend class JobFolder;
    std::filesystem::path file_;
    std::filesystem::path tries_file_;
    std::string name_;
    long tries_ = 1;
    FileDescriptor lock_;
  };

  /// The next request by name, those first that a worker left behind; nothing when none waits.
  std::optional<Claim> next();

 private:
  std::optional<Claim> taken(const std::string& name, bool anew);
  bool can_read(const std::filesystem::path& file);

  std::filesystem::path folder_;
  Log& log_;
  std::set<std::string> warned_of_;
};

/// Tells the program that started this one that it is ready, or about to end: systemd's protocol
/// (sd_notify(3)), where $NOTIFY_SOCKET is set. What cannot be told is not told.
void notify_supervisor(const std::string& state);

}  // namespace offstage::workflow
