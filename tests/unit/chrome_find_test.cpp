#include <cstdlib>
#include <filesystem>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "browser/browser.h"

namespace offstage::chrome_find_test {

using browser::find_chrome;

namespace {

/// Sets a variable and puts it back.
class Variable {
 public:
  Variable(std::string name, const std::string& value) : name_(std::move(name)) {
    const char* before = std::getenv(name_.c_str());
    if (before != nullptr) before_ = before;
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() {
    if (before_) {
      ::setenv(name_.c_str(), before_->c_str(), 1);
    } else {
      ::unsetenv(name_.c_str());
    }
  }

 private:
  std::string name_;
  std::optional<std::string> before_;
};

struct Programs {
  Programs() : path("PATH", folder.path().string()), chosen("OFFSTAGE_CHROME", "") {}
  std::filesystem::path add(const std::string& name, unsigned mode = 0755) const {
    write_file(folder.path() / name, "", mode);
    return folder.path() / name;
  }
  TemporaryFolder folder;
  Variable path;
  Variable chosen;
};

}  // namespace

TEST_CASE("the headless shell is preferred to a Chrome with windows", "[chrome]") {
  const Programs programs;
  programs.add("chromium");
  const auto shell = programs.add("chromium-headless-shell");
  CHECK(find_chrome() == shell);
}

TEST_CASE("a named Chrome comes before OFFSTAGE_CHROME, and that before PATH", "[chrome]") {
  const Programs programs;
  programs.add("chromium");
  const auto chosen = programs.add("chosen");
  const auto named = programs.add("named");
  const Variable variable("OFFSTAGE_CHROME", chosen.string());
  CHECK(find_chrome() == chosen);
  CHECK(find_chrome(named) == named);
  CHECK(find_chrome("named") == named);  // by name alone: on PATH
}

TEST_CASE("a Chrome that cannot be run is not taken", "[chrome]") {
  const Programs programs;
  const auto plain = programs.add("google-chrome", 0644);
  CHECK_THROWS_AS(find_chrome(), Error);
  CHECK_THROWS_WITH(find_chrome(plain), Catch::Contains("cannot be run"));
}

TEST_CASE("where there is no Chrome, the error says how to get one", "[chrome]") {
  const Programs programs;
  try {
    find_chrome();
    FAIL("one was found");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::browser);
    CHECK_THAT(error.hint(), Catch::Contains("apt-get install"));
  }
}

}  // namespace offstage::chrome_find_test
