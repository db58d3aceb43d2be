#include "base/secret.h"

#include <array>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "error_of.h"

namespace offstage::secret_test {

using Catch::Matchers::Contains;

TEST_CASE("a secret comes from a file, without its last new line", "[base][secret]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "password", "hunter2 \n");
  SecretStore store;
  store.add("password", SecretSource::parse("file:" + (folder.path() / "password").string()));
  CHECK(store.get("password").reveal() == "hunter2 ");
}

TEST_CASE("a secret comes from a descriptor", "[base][secret]") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  REQUIRE(::write(ends[1], "abc\n", 4) == 4);
  ::close(ends[1]);
  SecretStore store;
  store.add("key", SecretSource::parse("fd:" + std::to_string(ends[0])));
  ::close(ends[0]);
  CHECK(store.get("key").reveal() == "abc");
}

TEST_CASE("a secret comes from a command, and a failing command is an error", "[base][secret]") {
  SecretStore store;
  store.add("key", SecretSource::parse("command:printf 'a b'"));
  CHECK(store.get("key").reveal() == "a b");
  CHECK_THROWS_AS(store.add("other", SecretSource::parse("command:echo leaked; exit 3")), Error);
}

TEST_CASE("a folder gives one secret a file and hidden files none", "[base][secret]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "email", "a@example.com\n");
  write_file(folder.path() / ".swap", "no");
  SecretStore store;
  store.add_folder(folder.path());
  CHECK(store.names() == std::vector<std::string>{"email"});
}

TEST_CASE("a missing secret says how to give it", "[base][secret]") {
  const Error error = test::error_of([&] { static_cast<void>(SecretStore().get("password")); });
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.explain(), Contains("--secret password=file:PATH"));
}

TEST_CASE("an empty secret and an empty source are errors", "[base][secret]") {
  SecretStore store;
  CHECK_THROWS_AS(store.add("key", SecretSource::parse("command:true")), Error);
  CHECK_THROWS_AS(SecretSource::parse("file:"), Error);
  CHECK_THROWS_AS(SecretSource::parse("fd:x"), Error);
}

TEST_CASE("a one-time code is six digits from a base32 key or an otpauth address", "[base][secret]") {
  SecretStore store;
  store.add("plain", Secret("JBSW Y3DP EHPK 3PXP"));
  store.add("address", Secret("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&issuer=y"));
  const Secret code = store.one_time_code("plain");
  CHECK(code.reveal().size() == 6);
  CHECK(code.reveal().find_first_not_of("0123456789") == std::string::npos);
  store.add("bad", Secret("not base32!"));
  CHECK_THROWS_AS(store.one_time_code("bad"), Error);
}

TEST_CASE("an error about a one-time-code key does not show the key", "[base][secret]") {
  SecretStore store;
  store.add("totp", Secret("0189secretsecret"));
  const Error error = test::error_of([&] { static_cast<void>(store.one_time_code("totp")); });
  CHECK_THAT(error.explain(), !Contains("secretsecret"));
}

TEST_CASE("secrets are taken out of text wherever they stand", "[base][secret]") {
  SecretStore store;
  store.add("password", Secret("hunter2!"));
  CHECK(store.redacted("a hunter2! b hunter2!") == "a [secret password] b [secret password]");
}

TEST_CASE("the address that signs in is a name, and stays readable in logs", "[secret]") {
  SecretStore store;
  store.add("email", Secret("offstage@example.com"));
  CHECK(store.redacted("signed in as offstage@example.com") == "signed in as offstage@example.com");
}

}  // namespace offstage::secret_test
