#include "connector/manifest.h"

#include <functional>

#include <catch2/catch.hpp>

#include "base/json.h"
#include "error_of.h"

namespace offstage::manifest_test {

using connector::Manifest;
using connector::parse_manifest;

namespace {

/// A small manifest in which everything is right.
Json good() {
  return Json::parse(R"({
  "version": 1,
  "id": "shop",
  "title": "Shop",
  "origins": {"visit": ["https://admin.shop.example"], "call": ["https://api.shop.example:8443"]},
  "secrets": {"password": {"title": "Password"}, "totp": {"title": "Codes", "needed": false, "hint": "ask"}},
  "sign_in": {"script": "sign-in.json", "account": "account",
              "signed_out": {"urls": ["https://admin.shop.example/login*"], "selectors": ["text/Bye", ["main", "h1"]]}},
  "resources": {
    "shop": {"title": "shop",
             "list": {"script": "list.json", "into": "shops"},
             "grants": {"script": "access.json", "into": "grants", "about": "page"},
             "revoke": {"active": "remove.json", "pending": "revoke.json"},
             "delete": "delete.json",
             "privileged_roles": ["Owner"]},
    "till": {"title": "till", "revoke": {"active": "remove.json"}}
  },
  "harmless_requests": ["https://admin.shop.example/metrics*"],
  "pace": {"actions_per_minute": 6, "min_interval_ms": 250},
  "operation_timeout_ms": 60000
})");
}

Manifest parsed(const Json& json) {
  return parse_manifest(JsonDocument::parse(json.dump(2), "connector.json"));
}

/// What is said about a good manifest after `spoil` has been at it.
Error complaint(const std::function<void(Json&)>& spoil) {
  Json json = good();
  spoil(json);
  return test::error_of([&] { parsed(json); });
}

}  // namespace

TEST_CASE("a manifest is read whole", "[manifest]") {
  const Manifest manifest = parsed(good());
  CHECK(manifest.id == "shop");
  CHECK(manifest.title == "Shop");
  CHECK(manifest.fence.visit == std::vector<std::string>{"https://admin.shop.example"});
  CHECK(manifest.fence.call == std::vector<std::string>{"https://api.shop.example:8443"});
  REQUIRE(manifest.secrets.size() == 2);
  CHECK(manifest.secrets[0].needed);
  CHECK_FALSE(manifest.secrets[1].needed);
  CHECK(manifest.secrets[1].hint == "ask");
  CHECK(manifest.sign_in_script == "sign-in.json");
  CHECK(manifest.account_variable == "account");
  CHECK(manifest.signed_out_selectors == offstage::browser::Selectors{{"text/Bye"}, {"main", "h1"}});
  CHECK(manifest.primary().type == "shop");
  CHECK(manifest.primary().list->into == "shops");
  CHECK(manifest.primary().grants->about == "page");
  CHECK(manifest.primary().remove == "delete.json");
  CHECK(manifest.find("till")->revoke.at("active") == "remove.json");
  CHECK(manifest.find("cart") == nullptr);
  CHECK(manifest.harmless_requests.size() == 1);
  CHECK(manifest.pace.actions_per_minute == 6);
  CHECK(manifest.pace.min_interval == Milliseconds(250));
  CHECK(manifest.operation_timeout == Milliseconds(60000));
}

TEST_CASE("a manifest names each script once", "[manifest]") {
  CHECK(parsed(good()).scripts() == std::vector<std::string>{"sign-in.json", "list.json", "access.json",
                                                             "remove.json", "revoke.json", "delete.json"});
}

TEST_CASE("a manifest may leave out what has a default", "[manifest]") {
  Json json = good();
  json.erase("pace");
  json.erase("harmless_requests");
  json.erase("operation_timeout_ms");
  json["origins"].erase("call");
  const Manifest manifest = parsed(json);
  CHECK(manifest.fence.call.empty());
  CHECK(manifest.pace.actions_per_minute == 30);
  CHECK(manifest.operation_timeout == Milliseconds(300'000));
}

TEST_CASE("a misspelt member of a manifest is named with its line and the nearest one", "[manifest]") {
  const Error error = complaint([](Json& json) {
    json["sign_in"]["acount"] = "x";
    json["sign_in"].erase("account");
  });
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.message(), Catch::StartsWith("connector.json:"));
  CHECK_THAT(error.message(), Catch::Contains("/sign_in"));
  CHECK_THAT(error.explain(), Catch::Contains("acount") && Catch::Contains("account"));
}

TEST_CASE("an origin with a path is refused with its line", "[manifest]") {
  const Error error =
      complaint([](Json& json) { json["origins"]["visit"][0] = "https://admin.shop.example/login"; });
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.message(), Catch::Contains("connector.json:7") && Catch::Contains("/origins/visit/0"));
  CHECK_THAT(error.hint(), Catch::Contains("without a path"));
}

TEST_CASE("an origin must be an http address in lower case", "[manifest]") {
  for (const char* origin :
       {"ftp://shop.example", "https://", "https://Shop.example", "https://*.shop.example",
        "https://shop.example:", "https://shop.example:port", "shop.example"}) {
    INFO(origin);
    CHECK_THAT(complaint([&](Json& json) { json["origins"]["call"][0] = origin; }).message(),
               Catch::Contains("is not an origin"));
  }
}

TEST_CASE("a script's name may not be a path", "[manifest]") {
  for (const char* name : {"../sign-in.json", "sign-in", "a/b.json"}) {
    INFO(name);
    CHECK_THAT(complaint([&](Json& json) { json["sign_in"]["script"] = name; }).message(),
               Catch::Contains("is not the name of a script"));
  }
}

TEST_CASE("a manifest needs exactly one type that is listed", "[manifest]") {
  CHECK_THAT(complaint([](Json& json) { json["resources"].erase("shop"); }).message(),
             Catch::Contains("has 0 types with"));
  CHECK_THAT(complaint([](Json& json) { json["resources"]["till"] = json["resources"]["shop"]; }).message(),
             Catch::Contains("has 2 types with"));
}

TEST_CASE("a listed type needs both of its scripts", "[manifest]") {
  CHECK_THAT(complaint([](Json& json) { json["resources"]["shop"].erase("grants"); }).message(),
             Catch::Contains("has \"list\" and no \"grants\""));
}

TEST_CASE("a manifest of a later version is refused", "[manifest]") {
  CHECK_THAT(complaint([](Json& json) { json["version"] = 2; }).message(), Catch::Contains("does not know"));
}

TEST_CASE("a manifest says how to tell that a session is over", "[manifest]") {
  CHECK_THAT(complaint([](Json& json) { json["sign_in"]["signed_out"] = Json::object(); }).message(),
             Catch::Contains("the session is over"));
}

TEST_CASE("what only the schema says about a manifest is held too", "[manifest]") {
  const Error error = complaint([](Json& json) { json["pace"]["actions_per_minute"] = 0; });
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.message(), Catch::Contains("/pace/actions_per_minute"));
  CHECK_THAT(complaint([](Json& json) { json["id"] = "The Shop"; }).message(), Catch::Contains("/id"));
  CHECK_THAT(complaint([](Json& json) { json["resources"]["shop"]["list"]["into"] = "a b"; }).message(),
             Catch::Contains("/resources/shop/list/into"));
}

TEST_CASE("every built-in manifest is good", "[manifest]") {
  const Manifest manifest =
      offstage::connector::load_manifest(OFFSTAGE_SOURCE_DIR "/connectors/heroku/connector.json");
  CHECK(manifest.id == "heroku");
  CHECK(manifest.primary().type == "team");
}

}  // namespace offstage::manifest_test
