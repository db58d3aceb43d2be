#include "base/sealed.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "error_of.h"

namespace offstage::sealed_test {

using Catch::Matchers::Contains;

namespace {

const Secret key(std::string(32, 'k'));
const Secret text("cookies and the like");

std::string why_not(const Seal& seal, const std::string& bytes, const std::string& about) {
  try {
    static_cast<void>(seal.opened(bytes, about));
  } catch (const Error& error) {
    return error.message();
  }
  return {};
}

}  // namespace

TEST_CASE("what was sealed is opened with the same key and about the same", "[base][sealed]") {
  const Seal seal(key);
  const std::string bytes = seal.sealed(text, "here");
  CHECK(Seal(key).opened(bytes, "here").reveal() == text.reveal());
  CHECK(seal.opened(seal.sealed(Secret(""), "here"), "here").empty());
}

TEST_CASE("what was sealed does not show, and looks different each time", "[base][sealed]") {
  const Seal seal(key);
  const std::string bytes = seal.sealed(text, "here");
  CHECK(bytes.find("cookies") == std::string::npos);
  CHECK(bytes.find("here") == std::string::npos);
  CHECK(bytes != seal.sealed(text, "here"));
}

TEST_CASE("another key opens nothing, and it is said why", "[base][sealed]") {
  const std::string bytes = Seal(key).sealed(text, "here");
  CHECK_THAT(why_not(Seal(Secret(std::string(32, 'l'))), bytes, "here"), Contains("its key is another one"));
}

TEST_CASE("what was sealed about something else is refused", "[base][sealed]") {
  const Seal seal(key);
  CHECK_THAT(why_not(seal, seal.sealed(text, "here"), "there"), Contains("something else"));
}

TEST_CASE("what was sealed is refused with any byte of it changed, and cut anywhere", "[base][sealed]") {
  const Seal seal(key);
  const std::string bytes = seal.sealed(text, "here");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CAPTURE(at);
    CHECK_FALSE(why_not(seal, changed, "here").empty());
    CHECK_FALSE(why_not(seal, bytes.substr(0, at), "here").empty());
  }
  CHECK_FALSE(why_not(seal, bytes + "x", "here").empty());
  CHECK_THAT(why_not(seal, "[]", "here"), Contains("nothing that Offstage sealed"));
}

TEST_CASE("a key that could be guessed is refused, and not shown", "[base][sealed]") {
  const Error error = test::error_of([&] { const Seal seal(Secret("a short pass phrase")); });
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.explain(), Contains("19 bytes") && Contains("openssl rand") && !Contains("phrase"));
}

}  // namespace offstage::sealed_test
