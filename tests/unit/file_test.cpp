#include "base/file.h"

#include <sys/stat.h>

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
