// What is learnt from a console's scripts, in which much is named for tokens that is none.
#include <catch2/catch.hpp>

#include "recording/redact.h"

namespace offstage::recording_code_test {

using namespace recording;

namespace {

Exchange answered(std::string type, std::string body) {
  Exchange exchange;
  exchange.url = "https://a.test/";
  exchange.status = 200;
  exchange.response_headers = {{"Content-Type", std::move(type)}};
  exchange.response_body = std::move(body);
  return exchange;
}

Recording redacted(std::vector<Exchange> exchanges) {
  Recording recording;
  recording.exchanges = std::move(exchanges);
  return Redactor{TrafficRules{}}.redact(std::move(recording));
}

}  // namespace

TEST_CASE(
    "of a console's scripts no token is learnt that does not look random, but what is bound is replaced "
    "there",
    "[redact]") {
  const Recording out =
      redacted({answered("application/javascript",
                         "var token='abcd-1234-x';author='dev@lib.org';api='q7Xz-19.kP';var "
                         "h='9f86d081884c7d659a2feaa0c55ad015'"),
                answered("application/json", R"({"api_key":"q7Xz-19.kP"})")});
  CHECK(out.exchanges[0].response_body ==
        "var token='abcd-1234-x';author='person1@example.test';api='offstage-token-apikey-1';"
        "var h='9f86d081884c7d659a2feaa0c55ad015'");
}

TEST_CASE("of a console's scripts JSON Web Tokens and random values of named fields are learnt", "[redact]") {
  const std::string jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9";
  CHECK(
      redacted({answered("application/javascript",
                         "boot={\"access_token\":\"q7Xz19kPq7Xz19kPAbCd12\",x:'" + jwt + "',h:'" +
                             "r8Yz19kPq7Xz19kPAbCd12'};var token='application-settings-form',token=e.token")})
          .exchanges[0]
          .response_body ==
      "boot={\"access_token\":\"offstage-token-accesstoken-1\",x:'offstage-token-jwt-1',h:'"
      "r8Yz19kPq7Xz19kPAbCd12'};var token='application-settings-form',token=e.token");
}

}  // namespace offstage::recording_code_test
