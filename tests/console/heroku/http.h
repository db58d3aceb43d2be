#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace offstage::practice_heroku {

/// One request as the practice console's sites see it: no socket, so that tests can make one.
struct Request {
  std::string method = "GET";
  std::string host;                            ///< lower case, with the port where one was sent
  std::string target = "/";                    ///< path and query as they were sent
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  /// The path as it was sent, without the query.
  std::string raw_path() const;
  /// The path's parts, percent-decoded: "/teams/a%40b" is {"teams", "a@b"}. "/" is {}.
  std::vector<std::string> path() const;
  /// A parameter of the query, decoded; "" when it is absent.
  std::string query(std::string_view name) const;
  /// A field of an application/x-www-form-urlencoded body, decoded; "" when it is absent.
  std::string form(std::string_view name) const;
  std::string header(const std::string& name) const;
  std::string cookie(std::string_view name) const;
};

/// What a site answers.
struct Response {
  /// `silence` never answers, `drop` closes the connection without a byte.
  enum class Ending { answer, silence, drop };

  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Ending ending = Ending::answer;

  Response& with(std::string name, std::string value);
  /// Adds a Set-Cookie header; `attributes` follow the pair, such as "Path=/; Secure".
  Response& cookie(std::string_view name, std::string_view value, std::string_view attributes);
};

Response html(int status, std::string body);
Response json(int status, const Json& body);
Response redirect(std::string address);

}  // namespace offstage::practice_heroku
