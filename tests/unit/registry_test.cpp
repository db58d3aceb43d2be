#include "connector/registry.h"

#include <cstdlib>
#include <filesystem>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "error_of.h"

namespace offstage::registry_test {

using connector::Connector;
using connector::Registry;
using test::error_of;

namespace {

namespace fs = std::filesystem;

void add_connector(const fs::path& folder, const std::string& name, const std::string& id,
                   const std::string& title) {
  fs::create_directories(folder / name);
  offstage::write_file(folder / name / "connector.json",
                       R"({"version": 1, "id": ")" + id + R"(", "title": ")" + title + R"(",
  "origins": {"visit": ["https://shop.example"]}, "secrets": {},
  "sign_in": {"script": "sign-in.json", "account": "account", "signed_out": {"urls": ["*login*"]}},
  "resources": {"shop": {"title": "shop", "list": {"script": "list.json", "into": "shops"},
                         "grants": {"script": "access.json", "into": "grants"}, "delete": "delete.json"}}})");
}

/// Sets an environment variable while it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { ::unsetenv(name_); }

 private:
  const char* name_;
};

}  // namespace

TEST_CASE("a connector is found by its id, and its scripts beside the folder", "[registry]") {
  const TemporaryFolder folder;
  add_connector(folder.path() / "connectors", "shop", "shop", "Shop");
  const Connector found = Registry({folder.path() / "connectors"}).find("shop");
  CHECK(found.manifest.title == "Shop");
  CHECK(found.file == folder.path() / "connectors/shop/connector.json");
  CHECK(found.scripts == folder.path() / "scripts/shop");
}

TEST_CASE("a connector says what it can do", "[registry]") {
  const TemporaryFolder folder;
  add_connector(folder.path(), "shop", "shop", "Shop");
  CHECK(Registry({folder.path()}).find("shop").operations() ==
        std::vector<std::string>{"list shops", "list access", "remove shop"});
}

TEST_CASE("of two connectors with one id the first folder's is taken", "[registry]") {
  const TemporaryFolder first;
  const TemporaryFolder second;
  add_connector(first.path(), "shop", "shop", "Mine");
  add_connector(second.path(), "shop", "shop", "Theirs");
  add_connector(second.path(), "bank", "bank", "Bank");
  const Registry registry({first.path(), second.path()});
  CHECK(registry.ids() == std::vector<std::string>{"bank", "shop"});
  REQUIRE(registry.list().size() == 2);
  CHECK(registry.list()[1].manifest.title == "Mine");
}

TEST_CASE("an unknown connector is answered with the nearest", "[registry]") {
  const TemporaryFolder folder;
  add_connector(folder.path(), "heroku", "heroku", "Heroku");
  const Registry registry({folder.path()});
  const Error near = error_of([&] { registry.find("herkou"); });
  CHECK(near.kind() == Kind::usage);
  CHECK_THAT(near.message(), Catch::Contains("\"herkou\""));
  CHECK_THAT(near.hint(), Catch::Contains("did you mean \"heroku\"?"));
  CHECK_THAT(error_of([&] { registry.find("something-else-entirely"); }).hint(),
             Catch::Contains("there are: heroku"));
  CHECK_THAT(error_of([] { Registry({}).find("x"); }).hint(), Catch::Contains("--connectors"));
}

TEST_CASE("a connector's id cannot reach out of its folder", "[registry]") {
  const TemporaryFolder folder;
  add_connector(folder.path() / "other", "shop", "shop", "Shop");
  fs::create_directories(folder.path() / "connectors");
  const Registry registry({folder.path() / "connectors"});
  CHECK_THAT(error_of([&] { registry.find("../other/shop"); }).message(),
             Catch::Contains("there is no connector"));
}

TEST_CASE("a manifest whose id is not its folder's name is refused", "[registry]") {
  const TemporaryFolder folder;
  add_connector(folder.path(), "shop", "store", "Shop");
  const Error error = error_of([&] { Registry({folder.path()}).find("shop"); });
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.message(), Catch::Contains("\"store\" is not the name of its folder, \"shop\""));
}

TEST_CASE("folders come from the command line, then the environment, then from Offstage", "[registry]") {
  const TemporaryFolder flag;
  const TemporaryFolder environment;
  const Variable variable("OFFSTAGE_CONNECTORS", environment.path().string());
  const std::vector<fs::path> folders = Registry::standard({flag.path()}).folders();
  REQUIRE(folders.size() == 3);
  CHECK(folders[0] == fs::canonical(flag.path()));
  CHECK(folders[1] == fs::canonical(environment.path()));
  CHECK(fs::is_regular_file(folders[2] / "heroku" / "connector.json"));
}

TEST_CASE("a connectors folder that does not exist is an error that says who named it", "[registry]") {
  CHECK_THAT(error_of([] { Registry::standard({"/nonexistent/folder"}); }).message(),
             Catch::Contains("--connectors: /nonexistent/folder"));
  const Variable variable("OFFSTAGE_CONNECTORS", "/nonexistent/other");
  CHECK_THAT(error_of([] { Registry::standard({}); }).message(),
             Catch::Contains("OFFSTAGE_CONNECTORS: /nonexistent/other"));
}

}  // namespace offstage::registry_test
