#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/hash.h"
#include "error_of.h"

namespace offstage::file_test {

TEST_CASE("a written file is private and holds exactly what was written", "[base][file]") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a";
  write_file(file, std::string("x\0y", 3));
  struct stat facts {};
  REQUIRE(::stat(file.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0600U);
  CHECK(read_file(file) == std::string("x\0y", 3));
}

TEST_CASE("writing leaves no temporary file behind", "[base][file]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "a", "1");
  write_file(folder.path() / "a", "2");
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path()))
    ++files;
  CHECK(files == 1);
  CHECK(read_file(folder.path() / "a") == "2");
}

TEST_CASE("a link stays one, and the file that it points to is written", "[base][file]") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "below");
  write_file(folder.path() / "below/file", "old");
  std::filesystem::create_symlink("below/file", folder.path() / "link");
  std::filesystem::create_symlink("link", folder.path() / "second");
  std::filesystem::create_symlink("below/new", folder.path() / "to nothing yet");
  write_file(folder.path() / "second", "1");
  write_file(folder.path() / "to nothing yet", "2");
  CHECK(std::filesystem::is_symlink(folder.path() / "second"));
  CHECK(std::filesystem::is_symlink(folder.path() / "link"));
  CHECK(read_file(folder.path() / "below/file") == "1");
  CHECK(read_file(folder.path() / "below/new") == "2");
}

TEST_CASE("what is no regular file is written and not replaced", "[base][file]") {
  const TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const FileDescriptor reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  write_file(pipe, "through");
  CHECK(std::filesystem::is_fifo(pipe));
  std::string got(100, ' ');
  got.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(reader.get(), got.data(), got.size()), 0)));
  CHECK(got == "through");
  CHECK_THROWS_AS(write_file(folder.path(), "a folder"), Error);
}

TEST_CASE("a file that has lost its name is written where it is", "[base][file]") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "file";
  const FileDescriptor open(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  std::filesystem::remove(file);
  const std::string still = "/proc/self/fd/" + std::to_string(open.get());
  write_file(still, "kept");
  CHECK(read_file(still) == "kept");
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a file that cannot be read names itself and the reason", "[base][file]") {
  const Error error = test::error_of([&] { static_cast<void>(read_file("/no/such/file")); });
  CHECK(error.message() == "cannot read /no/such/file: No such file or directory");
}

TEST_CASE("appending keeps what was there", "[base][file]") {
  const TemporaryFolder folder;
  AppendFile(folder.path() / "log").append("one");
  AppendFile(folder.path() / "log").append("two");
  CHECK(read_file(folder.path() / "log") == "one\ntwo\n");
}

TEST_CASE("a temporary folder is private and goes with its owner", "[base][file]") {
  std::filesystem::path path;
  {
    const TemporaryFolder folder;
    path = folder.path();
    write_file(path / "a", "1");
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777U) == 0700U);
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("SHA-256 and base64 agree with their standards", "[base][hash]") {
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(base64_encoded("fo") == "Zm8=");
  CHECK(base64_decoded("Zm8=") == "fo");
  CHECK(base64_decoded(base64_encoded(std::string("\0\xFF", 2))) == std::string("\0\xFF", 2));
  CHECK_THROWS_AS(base64_decoded("a"), Error);
}

}  // namespace offstage::file_test
