#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace offstage {

/// Owns one POSIX file descriptor; closes it when destroyed. Movable.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() { reset(); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  int release();
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

/// Whether the process was started with this descriptor: those that Offstage opens are closed for every
/// program that it starts, and what a caller hands down cannot be.
bool is_handed_down(int fd);

/// The whole of a file. Throws Error{usage} that names the file and the system's reason.
std::string read_file(const std::filesystem::path& file);

/// Writes a file so that readers see the old or the whole new content, never a part: to a temporary file
/// beside it, fsync, rename, fsync of the folder. New files get `mode`. Throws Error{usage} when it cannot.
void write_file(const std::filesystem::path& file, std::string_view content, unsigned mode = 0600);

/// Gives a file another name in one step, and does not return before that will survive a crash. An error
/// where the system refuses, and only then: another program may have been faster.
std::error_code rename_file(const std::filesystem::path& from, const std::filesystem::path& to);

/// Appends whole lines to a file that must survive a crash. One thread.
class AppendFile {
 public:
  /// Opens or creates (mode 0600). Throws Error{usage}.
  explicit AppendFile(const std::filesystem::path& file);
  /// Writes `line` and a new line, then waits until the disk has it. Throws Error{usage} on a full or failing
  /// disk.
  void append(std::string_view line);

 private:
  std::filesystem::path path_;
  FileDescriptor fd_;
};

/// A private folder (mode 0700) below $TMPDIR or /tmp that is removed with all it holds when destroyed.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(std::string_view prefix = "offstage-");
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// "what: reason" with the system's word for errno.
std::string with_errno(std::string_view what);

}  // namespace offstage
