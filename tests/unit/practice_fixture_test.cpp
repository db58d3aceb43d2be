#include <filesystem>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "practice_console.h"

namespace offstage::practice_fixture_test {

using test::PracticeConsole;

TEST_CASE("a practice console starts, tells where it is, and leaves nothing behind", "[practice]") {
  std::filesystem::path file;
  {
    const PracticeConsole console;
    file = console.description_file();
    CHECK(console.description().at("connector") == "heroku");
    CHECK(console.address().starts_with("127.0.0.1:"));
    CHECK(console.is_member("acme-platform", "dana.whitfield@example.com"));
    CHECK(console.change_log().empty());
    for (const char* name : {"email", "password", "totp"}) {
      const auto permissions = std::filesystem::status(console.secrets() / name).permissions();
      CHECK(permissions == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    }
  }
  CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("a fault can be switched while the practice console runs", "[practice]") {
  PracticeConsole console;
  console.set_fault("rows-lag", "5");
  console.set_fault("rows-lag", std::nullopt);
  CHECK_THROWS_AS(console.set_fault("no-such-fault", "on"), Error);
}

TEST_CASE("a practice console that is told nonsense says why it did not start", "[practice]") {
  CHECK_THROWS_WITH(PracticeConsole({"--fault", "remove-lie"}), Catch::Contains("remove-lies"));
}

}  // namespace offstage::practice_fixture_test
