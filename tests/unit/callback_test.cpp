#include "workflow/callback.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/hash.h"
#include "browser_support.h"
#include "error_of.h"

namespace offstage::callback_test {

using test::PageServer;
using test::soon;

namespace {

constexpr workflow::DeliveryPace quick{3, Milliseconds(1), Milliseconds(5000)};

/// Sends to a server that answers with these statuses, one after the other; the error's words, or "".
std::string sent(PageServer& server, std::vector<int> statuses, const std::string& secret = "key") {
  const auto left = std::make_shared<std::vector<int>>(std::move(statuses));
  server.handle("/hook", [left](const PageServer::Request&) {
    const int status = left->front();
    if (left->size() > 1) left->erase(left->begin());
    return PageServer::Response{status};
  });
  Log log = Log::none();
  try {
    workflow::send_callback(server.url("/hook?token=tell-nobody"), "urn:offstage:fake", {{"status", "ok"}},
                            Secret(secret), quick, log, soon());
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::unreachable);
    return error.message();
  }
  return "";
}

}  // namespace

TEST_CASE("a callback is a CloudEvent with the result, signed over id, time and body", "[callback]") {
  PageServer server;
  CHECK(sent(server, {200}).empty());
  REQUIRE(server.requests().size() == 1);
  const PageServer::Request request = server.requests().front();
  CHECK(request.method == "POST");
  CHECK(request.headers.at("content-type") == "application/json");
  CHECK(Json::parse(request.body) == Json{{"status", "ok"}});
  CHECK(request.headers.at("ce-specversion") == "1.0");
  CHECK(request.headers.at("ce-type") == "offstage.job.finished.v1");
  CHECK(request.headers.at("ce-source") == "urn:offstage:fake");
  const std::string& id = request.headers.at("webhook-id");
  CHECK(request.headers.at("ce-id") == id);
  const std::string said = id + "." + request.headers.at("webhook-timestamp") + "." + request.body;
  CHECK(request.headers.at("webhook-signature") == "v1," + base64_encoded(hmac_sha256("key", said)));
}

TEST_CASE("a callback that was not taken is sent again, with the same id", "[callback]") {
  PageServer server;
  CHECK(sent(server, {503, 429, 204}).empty());
  const auto requests = server.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].headers.at("webhook-id") == requests[2].headers.at("webhook-id"));
}

TEST_CASE("a callback is given up after some attempts, and at once where another one cannot help",
          "[callback]") {
  PageServer server;
  CHECK_THAT(sent(server, {500}),
             Catch::Contains("HTTP 500 (3 attempts)") && !Catch::Contains("tell-nobody"));
  PageServer other;
  CHECK_THAT(sent(other, {404}), Catch::Contains("HTTP 404 (1 attempt)"));
}

TEST_CASE("a secret written as Standard Webhooks does is decoded, and any other text is the key itself",
          "[callback]") {
  const auto key = [](const std::string& text) { return workflow::signing_key(Secret(text)).reveal(); };
  // The example that the receivers' libraries are tested with.
  CHECK(base64_encoded(hmac_sha256(key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                                   "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}")) ==
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  CHECK(key("plain words") == "plain words");
  for (const char* bad : {"whsec_", "whsec_abc", "whsec_not base64"})
    CHECK(test::error_of([&] { key(bad); }).kind() == Kind::usage);
  PageServer server;
  CHECK(sent(server, {200}, "whsec_a2V5").empty());
  const PageServer::Request request = server.requests().front();
  const std::string said =
      request.headers.at("webhook-id") + "." + request.headers.at("webhook-timestamp") + "." + request.body;
  CHECK(request.headers.at("webhook-signature") == "v1," + base64_encoded(hmac_sha256("key", said)));
}

TEST_CASE("HMAC-SHA-256 is that of RFC 4231", "[callback]") {
  const std::string code = hmac_sha256("Jefe", "what do ya want for nothing?");
  CHECK(base64_encoded(code) == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
}

}  // namespace offstage::callback_test
