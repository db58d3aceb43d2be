#include "base/file.h"

#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/fault_point.h"

namespace offstage {
namespace {

void write_all(int fd, std::string_view content, const std::filesystem::path& file) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw Error(Kind::usage, with_errno(fmt::format("cannot write {}", file.string())));
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// The file that is to be replaced where `file` is written, links followed. Nothing where what is there is a
/// device, a pipe or a file that has no name any more (/dev/stdout may be each): it is written as it is.
std::optional<std::filesystem::path> replaceable(const std::filesystem::path& file) {
  constexpr int most_links = 40;
  std::error_code none;
  struct stat there {};
  // Asked first: the kernel does not follow each link of somebody else's.
  const bool found = ::stat(file.c_str(), &there) == 0;
  if (!found && errno != ENOENT)
    throw Error(Kind::usage, with_errno(fmt::format("cannot write {}", file.string())));
  std::filesystem::path named = file;
  for (int links = 0; links < most_links && std::filesystem::is_symlink(named, none); ++links)
    named = named.parent_path() / std::filesystem::read_symlink(named, none);
  if (!found) return named;
  struct stat meant {};
  const bool same =
      ::stat(named.c_str(), &meant) == 0 && meant.st_ino == there.st_ino && meant.st_dev == there.st_dev;
  return S_ISREG(there.st_mode) && same ? std::optional(named) : std::nullopt;
}

void write_as_it_is(const std::filesystem::path& file, std::string_view content) {
  const FileDescriptor fd(::open(file.c_str(), O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC));
  if (!fd.valid()) throw Error(Kind::usage, with_errno(fmt::format("cannot write {}", file.string())));
  write_all(fd.get(), content, file);
}

void sync_folder(const std::filesystem::path& folder) {
  const FileDescriptor fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.valid()) ::fsync(fd.get());
}

}  // namespace

std::string with_errno(std::string_view what) {
  return fmt::format("{}: {}", what, std::generic_category().message(errno));
}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) reset(other.release());
  return *this;
}

int FileDescriptor::release() {
  return std::exchange(fd_, -1);
}

void FileDescriptor::reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

bool is_handed_down(int fd) {
  const int flags = ::fcntl(fd, F_GETFD);
  return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

std::string read_file(const std::filesystem::path& file) {
  const FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) throw Error(Kind::usage, with_errno(fmt::format("cannot read {}", file.string())));
  std::string content;
  std::vector<char> buffer(65536);
  while (true) {
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(Kind::usage, with_errno(fmt::format("cannot read {}", file.string())));
    if (got == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

void write_file(const std::filesystem::path& file, std::string_view content, unsigned mode) {
  const std::optional<std::filesystem::path> named = replaceable(file);
  if (!named) {
    write_as_it_is(file, content);
    return;
  }
  std::string temporary = named->string() + ".part-XXXXXX";
  FileDescriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.valid()) throw Error(Kind::usage, with_errno(fmt::format("cannot write {}", file.string())));
  try {
    fault_point("before writing", file.string());
    write_all(fd.get(), content, file);
    ::fchmod(fd.get(), mode);
    fault_point("before the fsync of", file.string());
    if (::fsync(fd.get()) != 0)
      throw Error(Kind::usage, with_errno(fmt::format("cannot write {}", file.string())));
    if (const std::error_code fault = rename_file(temporary, *named))
      throw Error(Kind::usage, fmt::format("cannot write {}: {}", file.string(), fault.message()));
  } catch (const Error&) {
    ::unlink(temporary.c_str());
    throw;
  }
}

std::error_code rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  fault_point("before the rename to", to.string());
  std::error_code fault;
  std::filesystem::rename(from, to, fault);
  if (fault) return fault;
  fault_point("after the rename to", to.string());
  sync_folder(to.parent_path());
  return {};
}

AppendFile::AppendFile(const std::filesystem::path& file)
    : path_(file), fd_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  if (!fd_.valid()) throw Error(Kind::usage, with_errno(fmt::format("cannot open {}", file.string())));
  sync_folder(file.parent_path());
}

void AppendFile::append(std::string_view line) {
  std::string whole(line);
  whole += '\n';
  fault_point("before writing to", path_.string());
  write_all(fd_.get(), whole, path_);
  fault_point("before the fsync of", path_.string());
  if (::fsync(fd_.get()) != 0)
    throw Error(Kind::usage, with_errno(fmt::format("cannot sync {}", path_.string())));
  fault_point("after the fsync of", path_.string());
}

TemporaryFolder::TemporaryFolder(std::string_view prefix) {
  std::error_code none;
  const std::filesystem::path base = std::filesystem::temp_directory_path(none);
  std::string name =
      ((none ? std::filesystem::path("/tmp") : base) / (std::string(prefix) + "XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error(Kind::usage, with_errno("cannot make a temporary folder"),
                "set TMPDIR to a folder that can be written");
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // a destructor has nobody to tell; the next boot clears /tmp
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace offstage
