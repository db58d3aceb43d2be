#include "workflow/task_token.h"

#include <arpa/inet.h>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/text.h"

namespace offstage::workflow {
namespace {

constexpr std::size_t longest_output = 262'144;
constexpr std::size_t longest_cause = 32'768;

/// Where ECS tells a task its credentials.
constexpr std::string_view container_address = "http://169.254.170.2";

struct Credentials {
  std::string key_id;
  Secret key;
  Secret session;
};

std::string first_of(const StepPlaces& places, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (std::string value = places.variable(name); !value.empty()) return value;
  }
  return {};
}

std::string region_of(const StepPlaces& places) {
  return first_of(places, {"AWS_REGION", "AWS_DEFAULT_REGION"});
}

std::string address_of(const StepPlaces& places) {
  if (std::string given = first_of(places, {"AWS_ENDPOINT_URL_SFN", "AWS_ENDPOINT_URL"}); !given.empty())
    return given;
  const std::string region = region_of(places);
  return fmt::format("https://states.{}.amazonaws.com{}/", region, region.starts_with("cn-") ? ".cn" : "");
}

/// Whether a URL may be asked for credentials: over HTTPS, or at an address that only this machine or its AWS
/// host answers at. The addresses are those that AWS's own clients allow: ECS's, and EKS's two.
bool may_give_credentials(const std::string& url) {
  if (ascii_lower(url).starts_with("https://")) return true;
  const std::string host = host_of_url(url);
  in_addr address{};
  const bool loopback =
      ::inet_pton(AF_INET, host.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
  return loopback || host == "localhost" || host == "[::1]" || host == "169.254.170.2" ||
         host == "169.254.170.23" || host == "[fd00:ec2::23]";
}

/// The credentials of the container's role. Throws Error{unreachable} or Error{usage}.
Credentials credentials_of_role(const StepPlaces& places, const Until& until) {
  const std::string below = places.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string url = below.empty() ? places.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")
                                        : std::string(container_address) + below;
  if (url.empty()) {
    throw Error(
        Kind::usage, "there are no AWS credentials to answer $TASK_TOKEN with",
        "give the task a role that may call states:SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat");
  }
  if (!may_give_credentials(url)) {
    throw Error(Kind::usage,
                fmt::format("AWS credentials are not asked for over plain HTTP: {}", shown_url(url)),
                "let AWS_CONTAINER_CREDENTIALS_FULL_URI begin with https://, or name this machine");
  }
  HttpRequest request{url};
  request.proxied = false;
  std::string token = places.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const std::string file = places.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty())
    token = trimmed(read_file(file));
  if (!token.empty()) request.headers.push_back("Authorization: " + token);
  const HttpAnswer answer = send(request, until);
  const Json told = Json::parse(answer.body, nullptr, false);
  Credentials found{text_of(told, "AccessKeyId"), Secret(text_of(told, "SecretAccessKey")),
                    Secret(text_of(told, "Token"))};
  if (!answer.good() || found.key_id.empty() || found.key.empty()) {
    throw Error(Kind::unreachable,
                fmt::format("the container's role gave no credentials ({})", answer.why()));
  }
  return found;
}

Credentials credentials_of(const StepPlaces& places, const Until& until) {
  Credentials given{places.variable("AWS_ACCESS_KEY_ID"), Secret(places.variable("AWS_SECRET_ACCESS_KEY")),
                    Secret(places.variable("AWS_SESSION_TOKEN"))};
  return given.key_id.empty() || given.key.empty() ? credentials_of_role(places, until) : given;
}

}  // namespace

std::optional<TaskToken> TaskToken::waiting(const StepPlaces& places) {
  if (places.variable("TASK_TOKEN").empty()) return {};
  if (region_of(places).empty()) {
    throw Error(Kind::usage, "there is a $TASK_TOKEN, and no AWS region to send the result to",
                "set AWS_REGION, or take TASK_TOKEN out of the environment");
  }
  return TaskToken(places);
}

HttpAnswer TaskToken::call(const std::string& operation, Json body, const Until& until) const {
  HttpAnswer answer;
  try {
    const Credentials credentials = credentials_of(places_, until);
    HttpRequest request{address_of(places_), "POST"};
    request.headers = {"Content-Type: application/x-amz-json-1.0",
                       "X-Amz-Target: AWSStepFunctions." + operation};
    if (!credentials.session.empty())
      request.headers.push_back("X-Amz-Security-Token: " + credentials.session.reveal());
    request.aws = {region_of(places_), "states", credentials.key_id, credentials.key};
    body["taskToken"] = places_.variable("TASK_TOKEN");
    request.body = body.dump(-1, ' ', true, Json::error_handler_t::replace);
    answer = send(request, until);
  } catch (const Error& error) {
    answer.fault = error.message();
  }
  return answer;
}

std::string TaskToken::heartbeat(const Until& until) const {
  const HttpAnswer answer = call("SendTaskHeartbeat", Json::object(), until);
  return answer.good() ? "" : answer.why();
}

void TaskToken::finish(const Json& result, const DeliveryPace& pace, Log& log, const Until& until) const {
  const bool good = text_of(result, "status") == "ok";
  std::string told = result.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (told.size() > (good ? longest_output : longest_cause)) told = in_brief(result);
  const Json body = good ? Json{{"output", told}}
                         : Json{{"error", "Offstage." + text_of(result, "status")}, {"cause", told}};
  deliver(
      "the result for Step Functions",
      [&](const Until& soon) { return call(good ? "SendTaskSuccess" : "SendTaskFailure", body, soon); }, pace,
      log, until);
}

}  // namespace offstage::workflow
