#include "workflow/task_token.h"

#include <algorithm>
#include <map>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "browser_support.h"

namespace offstage::task_token_test {

using test::PageServer;
using test::soon;
using workflow::TaskToken;

namespace {

constexpr workflow::DeliveryPace quick{3, Milliseconds(1), Milliseconds(5000)};

using Variables = std::map<std::string, std::string>;

/// What stands in the environment of a task that waits, with the service played by `server`.
Variables waiting_at(const PageServer& server) {
  return {{"TASK_TOKEN", "token-7"},
          {"AWS_REGION", "eu-north-1"},
          {"AWS_ENDPOINT_URL_SFN", server.url("/")},
          {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
          {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI"},
          {"AWS_SESSION_TOKEN", "session-9"}};
}

std::optional<TaskToken> task_of(const Variables& variables) {
  return TaskToken::waiting({[variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  }});
}

void finish(const TaskToken& task, const Json& result) {
  Log log = Log::none();
  task.finish(result, quick, log, soon());
}

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char c : bytes)
    text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

/// The signature that AWS computes for a request to / (Signature Version 4), from the headers that it says
/// are signed.
std::string signature_of(const PageServer::Request& request, const std::string& signed_names,
                         const std::string& key) {
  std::string headers;
  for (const std::string& name : split(signed_names, ';'))
    headers += name + ":" + std::string(trimmed(request.headers.at(name))) + "\n";
  const std::string date = request.headers.at("x-amz-date");
  const std::string day = date.substr(0, 8);
  const std::string canonical = "POST\n/\n\n" + headers + "\n" + signed_names + "\n" + sha256(request.body);
  const std::string scope = day + "/eu-north-1/states/aws4_request";
  const std::string to_sign = "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + sha256(canonical);
  std::string chain = hmac_sha256("AWS4" + key, day);
  for (const char* part : {"eu-north-1", "states", "aws4_request"})
    chain = hmac_sha256(chain, part);
  return hex(hmac_sha256(chain, to_sign));
}

std::string between(const std::string& text, const std::string& start, const std::string& end) {
  const std::size_t from = text.find(start) + start.size();
  return text.substr(from, text.find(end, from) - from);
}

}  // namespace

TEST_CASE("a job without a task token tells Step Functions nothing", "[task]") {
  CHECK_FALSE(task_of({{"AWS_REGION", "eu-north-1"}}));
}

TEST_CASE("a task token without a region is refused", "[task]") {
  CHECK_THROWS_WITH(task_of({{"TASK_TOKEN", "token-7"}}), Catch::Contains("no AWS region"));
}

TEST_CASE("a heartbeat for Step Functions is signed as AWS verifies it", "[task]") {
  PageServer server;
  server.page("/", "{}");
  CHECK(task_of(waiting_at(server))->heartbeat(soon()).empty());
  REQUIRE(server.requests().size() == 1);
  const PageServer::Request request = server.requests().front();
  CHECK(request.headers.at("x-amz-target") == "AWSStepFunctions.SendTaskHeartbeat");
  CHECK(Json::parse(request.body) == Json{{"taskToken", "token-7"}});
  CHECK(request.headers.at("x-amz-security-token") == "session-9");
  const std::string told = request.headers.at("authorization");
  CHECK_THAT(told, Catch::StartsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));
  const std::string names = between(told + ",", "SignedHeaders=", ",");
  CHECK_THAT(names, Catch::Contains("x-amz-security-token"));
  CHECK(between(told + ",", "Signature=", ",") == signature_of(request, names, "wJalrXUtnFEMI"));
}

TEST_CASE("a task ends with the result where the wanted state holds", "[task]") {
  PageServer server;
  server.page("/", "{}");
  const Json result{{"status", "ok"}, {"message", "gone"}};
  finish(*task_of(waiting_at(server)), result);
  const PageServer::Request request = server.requests().front();
  CHECK(request.headers.at("x-amz-target") == "AWSStepFunctions.SendTaskSuccess");
  CHECK(Json::parse(Json::parse(request.body).at("output").get<std::string>()) == result);
}

TEST_CASE("a task fails with the kind of error, and the result as its cause", "[task]") {
  PageServer server;
  server.page("/", "{}");
  finish(*task_of(waiting_at(server)), {{"status", "refused"}, {"message", "protected"}});
  const PageServer::Request request = server.requests().front();
  CHECK(request.headers.at("x-amz-target") == "AWSStepFunctions.SendTaskFailure");
  const Json body = Json::parse(request.body);
  CHECK(body.at("error") == "Offstage.refused");
  CHECK(Json::parse(body.at("cause").get<std::string>()).at("message") == "protected");
}

TEST_CASE("a result that is longer than Step Functions takes is told in brief", "[task]") {
  PageServer server;
  server.page("/", "{}");
  Json result{{"status", "partial"}, {"exit_code", 3}, {"message", "some"}, {"targets", Json::array()}};
  for (int i = 0; i < 1000; ++i)
    result["targets"].push_back(
        {{"target", "somebody-with-a-long-name@example.com"}, {"outcome", "verified"}});
  finish(*task_of(waiting_at(server)), result);
  const std::string cause = Json::parse(server.requests().front().body).at("cause").get<std::string>();
  CHECK(cause.size() <= 32'768);
  CHECK(Json::parse(cause).at("message") == "some");
}

TEST_CASE("a task's end that was not taken is sent again, and given up where that cannot help", "[task]") {
  PageServer server;
  int count = 0;
  server.handle("/",
                [&](const PageServer::Request&) { return PageServer::Response{++count < 3 ? 503 : 200}; });
  finish(*task_of(waiting_at(server)), {{"status", "ok"}});
  CHECK(count == 3);
  server.handle("/", [](const PageServer::Request&) { return PageServer::Response{400}; });
  CHECK_THROWS_WITH(finish(*task_of(waiting_at(server)), {{"status", "ok"}}), Catch::Contains("HTTP 400"));
}

TEST_CASE("a task without keys in its environment takes those of the container's role", "[task]") {
  PageServer server;
  server.page("/", "{}");
  server.handle("/role", [](const PageServer::Request& request) {
    if (request.headers.at("authorization") != "let-me-in") return PageServer::Response{403};
    return PageServer::Response{200,
                                R"({"AccessKeyId": "ROLEKEY", "SecretAccessKey": "s3cret", "Token": "t"})"};
  });
  Variables variables = waiting_at(server);
  variables.erase("AWS_ACCESS_KEY_ID");
  variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = server.url("/role");
  variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "let-me-in";
  CHECK(task_of(variables)->heartbeat(soon()).empty());
  CHECK_THAT(server.requests().back().headers.at("authorization"), Catch::Contains("ROLEKEY"));
  variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "wrong";
  CHECK_THAT(task_of(variables)->heartbeat(soon()), Catch::Contains("no credentials"));
  variables.erase("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  CHECK_THAT(task_of(variables)->heartbeat(soon()), Catch::Contains("no AWS credentials"));
}

TEST_CASE("credentials are asked for over HTTPS only, but for this machine and its AWS host", "[task]") {
  PageServer server;
  Variables variables = waiting_at(server);
  variables.erase("AWS_ACCESS_KEY_ID");
  const char* const refused = "not asked for over plain HTTP";
  for (const char* url :
       {"http://192.0.2.7/role", "http://127.0.0.1.example.com/role", "http://169.254.169.254/",
        "http://localhost@192.0.2.7/role", "ftp://127.0.0.1.example.com/"}) {
    CAPTURE(url);
    variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    CHECK_THAT(task_of(variables)->heartbeat(soon()), Catch::Contains(refused));
  }
  // Nobody answers there: but they are asked.
  for (const char* url :
       {"http://127.0.0.2:1/", "http://localhost:1/", "http://[::1]:1/", "HTTPS://127.0.0.1:1/"}) {
    CAPTURE(url);
    variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    CHECK_THAT(task_of(variables)->heartbeat(soon()), !Catch::Contains(refused));
  }
}

}  // namespace offstage::task_token_test
