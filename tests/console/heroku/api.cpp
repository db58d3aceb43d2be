#include "console/heroku/api.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "console/heroku/hostile.h"

namespace offstage::practice_heroku {
namespace {

constexpr const char* dashboard_origin = "https://dashboard.heroku.com";
constexpr std::size_t default_page = 200;
constexpr std::size_t largest_page = 1000;

/// So many bytes are in nobody's way on the wire, and too many to be said again whole.
constexpr std::size_t endless_words = 10'000;

Response refused(const Refusal& refusal) {
  Json body = {{"id", refusal.id}, {"message", refusal.message}};
  if (!refusal.resource.empty()) body["resource"] = refusal.resource;
  return json(refusal.status, body);
}

Refusal not_found() {
  return {
      404, "not_found", "The requested API endpoint was not found. Are you using the right HTTP verb?", {}};
}

/// The refusal that goes with a status when nothing but the status is asked for.
Refusal refusal_of(int status) {
  switch (status) {
    case 401:
      return {401, "unauthorized", "Invalid credentials provided.", {}};
    case 402:
      return {402, "delinquent", "Delinquent account. Please pay the balance due.", {}};
    case 403:
      return {403, "forbidden", "You do not have access to this resource.", {}};
    case 404:
      return {404, "not_found", "Couldn't find that user.", "user"};
    case 422:
      return {422, "invalid_params", "The last administrator in the team cannot be removed.", {}};
    case 429:
      return {429,
              "rate_limit",
              "Your account reached the API rate limit\nPlease wait a few minutes before making new requests",
              {}};
    case 503:
      return {503, "service_unavailable", "The API is temporarily unavailable.", {}};
    default:
      return {status, "internal_server_error", "An internal error occurred.", {}};
  }
}

/// The number after "max=" in a Range header, in what the API allows.
std::size_t page_size(const std::string& range) {
  const std::size_t at = range.find("max=");
  std::size_t size = default_page;
  if (at != std::string::npos) std::from_chars(range.data() + at + 4, range.data() + range.size(), size);
  return std::clamp<std::size_t>(size, 1, largest_page);
}

/// Cuts a list as its X-Range header asks: "email ]LAST..; max=200" starts after LAST. The dashboard has
/// always sent X-Range; plain Range, which the API takes from others, does not get through cpp-httplib.
Response listing(const Request& request, const Json& all) {
  const std::string range = request.header("x-range");
  const auto address = [](const Json& entry) {
    return entry.contains("user") ? entry.at("user").at("email").get<std::string>()
                                  : entry.value("name", entry.value("id", ""));
  };
  std::size_t first = 0;
  const std::size_t bracket = range.find(']');
  if (bracket != std::string::npos) {
    const std::string last = url_decoded(range.substr(bracket + 1, range.find("..", bracket) - bracket - 1));
    while (first < all.size() && ascii_lower(address(all[first])) <= ascii_lower(last))
      ++first;
  }
  const std::size_t end = std::min(all.size(), first + page_size(range));
  Json part = Json::array();
  for (std::size_t i = first; i < end; ++i)
    part.push_back(all[i]);
  Response response = json(end < all.size() ? 206 : 200, part);
  response.with("Accept-Ranges", "email, id, name");
  if (!part.empty()) {
    response.with("Content-Range", fmt::format("email {}..{}", url_encoded(address(part.front())),
                                               url_encoded(address(part.back()))));
  }
  if (end < all.size())
    response.with("Next-Range",
                  fmt::format("email ]{}..; max={}", url_encoded(address(part.back())), page_size(range)));
  return response;
}

/// One request of an actor who is known.
class Call {
 public:
  Call(Stage& stage, const Request& request, std::string actor)
      : world_(stage.world), request_(request), path_(request.path()), actor_(std::move(actor)) {}

  /// Whether this request takes somebody or something away.
  bool removes() const { return request_.method == "DELETE"; }

  World::Answer run() {
    const std::string& method = request_.method;
    if (is({"account"}) && method == "GET") {
      return Json{{"email", actor_}, {"id", id_of("user", email_key(actor_))}, {"name", nullptr}};
    }
    if (!path_.empty() && path_[0] == "teams") return teams();
    if (!path_.empty() && path_[0] == "apps") return apps();
    return not_found();
  }

 private:
  /// Whether the path is this one; "*" stands for any one part.
  bool is(const std::vector<std::string_view>& parts) const {
    return std::equal(
        parts.begin(), parts.end(), path_.begin(), path_.end(),
        [](std::string_view wanted, const std::string& part) { return wanted == "*" || wanted == part; });
  }

  std::string field(const char* name) const {
    const Json body = Json::parse(request_.body, nullptr, false);
    if (!body.is_object() || !body.contains(name) || !body.at(name).is_string()) return {};
    return body.at(name).get<std::string>();
  }

  World::Answer teams() {
    const std::string& method = request_.method;
    if (is({"teams"}) && method == "GET") return world_.list_teams(actor_);
    if (is({"teams", "*"}) && method == "GET") return world_.team(actor_, path_[1]);
    if (is({"teams", "*"}) && method == "DELETE") return world_.delete_team(actor_, path_[1]);
    if (is({"teams", "*", "members"}) && method == "GET") return world_.members(actor_, path_[1]);
    if (is({"teams", "*", "members"}) && method == "PATCH")
      return world_.change_role(actor_, path_[1], field("email"), field("role"));
    if (is({"teams", "*", "members"}) && (method == "PUT" || method == "POST"))
      return world_.invite(actor_, path_[1], field("email"), field("role"));
    if (is({"teams", "*", "members", "*"}) && method == "DELETE")
      return world_.remove_member(actor_, path_[1], path_[3]);
    if (is({"teams", "*", "invitations"}) && method == "GET") return world_.invitations(actor_, path_[1]);
    if (is({"teams", "*", "invitations"}) && method == "PUT")
      return world_.invite(actor_, path_[1], field("email"), field("role"));
    if (is({"teams", "*", "invitations", "*"}) && method == "DELETE")
      return world_.revoke_invitation(actor_, path_[1], path_[3]);
    if (is({"teams", "*", "permissions"}) && method == "GET") return world_.permissions(actor_, path_[1]);
    if (is({"teams", "*", "apps"}) && method == "GET") return world_.team_apps(actor_, path_[1]);
    return not_found();
  }

  World::Answer apps() {
    const std::string& method = request_.method;
    if (is({"apps"}) && method == "GET") return world_.list_apps(actor_);
    if (is({"apps", "*"}) && method == "GET") return world_.app(actor_, path_[1]);
    if (is({"apps", "*", "collaborators"}) && method == "GET") return world_.collaborators(actor_, path_[1]);
    if (is({"apps", "*", "collaborators"}) && method == "POST")
      return world_.add_collaborator(actor_, path_[1], field("user"));
    if (is({"apps", "*", "collaborators", "*"}) && method == "DELETE")
      return world_.remove_collaborator(actor_, path_[1], path_[3]);
    return not_found();
  }

  World& world_;
  const Request& request_;
  std::vector<std::string> path_;
  std::string actor_;
};

/// What the switches that concern the rules say now.
World::Quirks quirks_of(const Faults& faults) {
  World::Quirks quirks;
  quirks.lag = std::chrono::seconds(faults.number("rows-lag").value_or(0));
  quirks.federate_everybody = faults.on("sso-members");
  quirks.federated_return = faults.on("jit-return");
  quirks.keep_collaborations = faults.on("collaborator-rows-stay");
  quirks.enterprise_account = faults.text("enterprise-account");
  return quirks;
}

bool owes_money(const Faults& faults, const std::vector<std::string>& path) {
  const std::string debtor = faults.text("delinquent");
  if (debtor.empty() || path.size() < 2 || path[0] != "teams") return false;
  return debtor == "on" || debtor == path[1];
}

/// The answer of a request that removes, when a switch wants it to go wrong before anything happens.
std::optional<Response> spoiled_removal(Stage& stage, const std::string& actor) {
  Faults& faults = stage.faults;
  if (faults.on("session-ends-at-removal")) {
    stage.sessions.end_all_of(actor);
    return refused(refusal_of(401));
  }
  if (const auto status = faults.take_status("remove-status")) {
    Refusal refusal = refusal_of(*status);
    if (faults.on("hostile-words")) refusal.message += hostile_words(endless_words);
    return refused(refusal);
  }
  if (faults.on("remove-lies")) return json(200, Json::object());
  if (faults.on("remove-silent")) {
    Response response;
    response.ending = Response::Ending::silence;
    return response;
  }
  return std::nullopt;
}

Response answered(Stage& stage, const Request& request, const std::string& actor) {
  Faults& faults = stage.faults;
  stage.world.quirks = quirks_of(faults);
  if (owes_money(faults, request.path())) return refused(refusal_of(402)).with("Heroku-Delinquent", "true");
  Call call(stage, request, actor);
  if (call.removes()) {
    if (auto spoiled = spoiled_removal(stage, actor)) return *std::move(spoiled);
  }
  World::Answer answer = call.run();
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return refused(*refusal);
  if (call.removes() && faults.on("maintenance-after-removal")) faults.set("maintenance");
  Json& body = std::get<Json>(answer);
  if (faults.on("hostile-names")) make_names_hostile(body);
  if (faults.on("hostile-words")) make_words_hostile(request.path(), body);
  Response response = body.is_array() ? listing(request, body) : json(200, body);
  if (call.removes() && faults.on("delete-answer-lost")) response.ending = Response::Ending::drop;
  return response;
}

Response preflight() {
  Response response;
  response.status = 200;
  response.content_type = "text/plain";
  return response.with("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
      .with("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, X-Range")
      .with("Access-Control-Max-Age", "600");
}

ApiAnswer unguarded(Stage& stage, const Request& request) {
  if (request.method == "OPTIONS") return {preflight(), ""};
  if (stage.faults.on("api-silent")) {
    Response silent;
    silent.ending = Response::Ending::silence;
    return {silent, ""};
  }
  const std::string credentials = request.header("authorization");
  const std::string token = credentials.starts_with("Bearer ") ? credentials.substr(7) : "";
  const auto actor = stage.sessions.use(token, stage.faults.number("session-ends-after"));
  if (!actor) return {refused(refusal_of(401)), ""};
  if (request.header("accept").find("version=3") == std::string::npos) {
    return {
        refused(
            {406, "not_acceptable", "Set the Accept header to application/vnd.heroku+json; version=3.", {}}),
        *actor};
  }
  if (const auto status = stage.faults.take_status("api-status"))
    return {refused(refusal_of(*status)), *actor};
  const long left = stage.sessions.spend_request(*actor);
  if (left < 0) return {refused(refusal_of(429)), *actor};
  Response response = answered(stage, request, *actor);
  response.with("RateLimit-Remaining", fmt::format("{}", left));
  return {std::move(response), *actor};
}

}  // namespace

ApiAnswer answer_api(Stage& stage, const Request& request) {
  ApiAnswer answer = unguarded(stage, request);
  answer.response.with("Request-Id", id_of("request", random_hex(8)))
      .with("Access-Control-Allow-Origin", dashboard_origin)
      .with("Access-Control-Expose-Headers",
            "Accept-Ranges, Content-Range, Heroku-Delinquent, Next-Range, RateLimit-Remaining, Request-Id")
      .with("Vary", "Origin")
      .with("Cache-Control", "no-store");
  // A browser sends a request again when a connection that it used before drops under it: with every
  // connection used once, what is lost stays lost.
  if (stage.faults.on("delete-answer-lost")) answer.response.with("Connection", "close");
  return answer;
}

}  // namespace offstage::practice_heroku
