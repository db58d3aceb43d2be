#include "offboarding/evidence.h"

#include <fstream>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "base/hash.h"
#include "memory_folder.h"

namespace offstage::evidence_test {

using namespace offboarding;

namespace {

unsigned mode_of(const std::filesystem::path& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777U;
}

}  // namespace

TEST_CASE("evidence is for its owner's eyes only", "[evidence]") {
  const TemporaryFolder folder = test::memory_folder();
  Evidence evidence(folder.path() / "new" / "run");
  evidence.add("plan.json", Json{{"version", 1}});
  evidence.add_screenshot("a1", "before", "PNG");
  CHECK(mode_of(evidence.folder()) == 0700);
  CHECK(mode_of(evidence.folder() / "plan.json") == 0600);
  CHECK(mode_of(evidence.folder() / "screenshots") == 0700);
  CHECK(mode_of(evidence.folder() / evidence.screenshots()[0].file) == 0600);
}

TEST_CASE("the manifest holds the digest of every file", "[evidence]") {
  const TemporaryFolder folder = test::memory_folder();
  Evidence evidence(folder.path() / "run");
  evidence.add("b.json", std::string_view("b"));
  evidence.add_screenshot("a1", "before", "PNG");
  evidence.seal();
  CHECK(read_file(evidence.folder() / "SHA256SUMS") ==
        sha256("b") + "  b.json\n" + sha256("PNG") + "  screenshots/01-a1-before.png\n");
}

TEST_CASE("a folder that holds something is not taken for evidence", "[evidence]") {
  const TemporaryFolder folder = test::memory_folder();
  std::ofstream(folder.path() / "x") << "x";
  CHECK_THROWS_AS(Evidence(folder.path()), Error);
}

TEST_CASE("a name that a script gives stays a file's name", "[evidence]") {
  const TemporaryFolder folder = test::memory_folder();
  Evidence evidence(folder.path() / "run");
  evidence.add_screenshot("a1", "../../etc/passwd", "PNG");
  CHECK(evidence.screenshots()[0].file == "screenshots/01-a1-------etc-passwd.png");
}

}  // namespace offstage::evidence_test
