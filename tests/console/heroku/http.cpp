#include "console/heroku/http.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::practice_heroku {
namespace {

/// The value of `name` in "a=1&b=2", with plus signs as the spaces that forms make of them.
std::string field(std::string_view encoded, std::string_view name) {
  for (std::string pair : split(encoded, '&')) {
    std::replace(pair.begin(), pair.end(), '+', ' ');
    const std::size_t equals = pair.find('=');
    if (url_decoded(pair.substr(0, equals)) != name) continue;
    return equals == std::string::npos ? "" : url_decoded(pair.substr(equals + 1));
  }
  return {};
}

}  // namespace

std::string Request::raw_path() const {
  return target.substr(0, target.find('?'));
}

std::vector<std::string> Request::path() const {
  std::vector<std::string> parts;
  for (const std::string& part : split(raw_path(), '/')) {
    if (!part.empty()) parts.push_back(url_decoded(part));
  }
  return parts;
}

std::string Request::query(std::string_view name) const {
  const std::size_t mark = target.find('?');
  return mark == std::string::npos ? "" : field(std::string_view(target).substr(mark + 1), name);
}

std::string Request::form(std::string_view name) const {
  return field(body, name);
}

std::string Request::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::string Request::cookie(std::string_view name) const {
  for (const std::string& pair : split(header("cookie"), ';')) {
    const std::string_view trimmed_pair = trimmed(pair);
    const std::size_t equals = trimmed_pair.find('=');
    if (equals != std::string_view::npos && trimmed_pair.substr(0, equals) == name) {
      return std::string(trimmed_pair.substr(equals + 1));
    }
  }
  return {};
}

Response& Response::with(std::string name, std::string value) {
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

Response& Response::cookie(std::string_view name, std::string_view value, std::string_view attributes) {
  return with("Set-Cookie", fmt::format("{}={}; {}", name, value, attributes));
}

Response html(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Response json(int status, const Json& body) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = body.dump();
  return response;
}

Response redirect(std::string address) {
  Response response;
  response.status = 302;
  response.with("Location", std::move(address));
  return response;
}

}  // namespace offstage::practice_heroku
