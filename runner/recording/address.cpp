#include "recording/address.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::recording {
namespace {

bool is_scheme(std::string_view text) {
  if (text.empty() || std::isalpha(static_cast<unsigned char>(text[0])) == 0) return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.';
  });
}

bool is_web_scheme(std::string_view scheme) {
  return scheme == "http" || scheme == "https" || scheme == "ws" || scheme == "wss";
}

std::string_view default_port_of(std::string_view scheme) {
  if (scheme == "http" || scheme == "ws") return "80";
  return is_web_scheme(scheme) ? "443" : "";
}

/// In lower case, and decoded where that changes no meaning; what stays encoded is so in capitals. A percent
/// sign that encodes nothing is encoded itself: it must not begin to with what is decoded after it.
std::string host_form(std::string_view host) {
  std::string out;
  for (std::size_t at = 0; at < host.size(); ++at) {
    if (host[at] != '%') {
      out += ascii_lower(host.substr(at, 1));
      continue;
    }
    const std::string decoded = url_decoded(host.substr(at, 3));
    const std::string again = url_encoded(decoded.substr(0, 1));
    out += again.size() == 1 ? ascii_lower(again) : again;
    if (decoded.size() == 1 && host.size() - at > 2) at += 2;
  }
  return out;
}

/// "host:port" without a user and without the port that goes without saying.
std::string authority_form(std::string_view authority, std::string_view scheme) {
  authority.remove_prefix(std::min(authority.rfind('@') + 1, authority.size()));
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return host_form(authority);
  std::string_view port = authority.substr(colon + 1);
  const bool is_number =
      std::all_of(port.begin(), port.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (!is_number) return host_form(authority);
  while (port.size() > 1 && port.front() == '0')
    port.remove_prefix(1);
  const std::string host = host_form(authority.substr(0, colon));
  return port.empty() || port == default_port_of(scheme) ? host : fmt::format("{}:{}", host, port);
}

/// The segments of a path that begins with a slash or is empty.
std::vector<std::string> segments_of(std::string_view path, std::string_view slashes) {
  std::vector<std::string> segments;
  if (!path.empty()) path.remove_prefix(1);
  while (true) {
    const bool is_full = segments.size() + 1 == most_fields;
    const std::size_t end = is_full ? std::string_view::npos : path.find_first_of(slashes);
    const std::string segment = url_decoded(path.substr(0, end));
    const bool is_last = end == std::string_view::npos;
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (segment != ".") {
      segments.push_back(segment);
    }
    if (is_last) {
      // A path that ends in dots names the folder, as one that ends in a slash does.
      if (segment == "." || segment == "..") segments.emplace_back();
      return segments;
    }
    path.remove_prefix(end + 1);
  }
}

std::string decoded_pair_text(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return url_decoded(spaced);
}

}  // namespace

void sort_by_name(std::vector<RequestField>& fields) {
  std::stable_sort(fields.begin(), fields.end(),
                   [](const RequestField& a, const RequestField& b) { return a.name < b.name; });
}

std::vector<RequestField> form_fields(std::string_view text, const std::vector<std::string>& left_out) {
  if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '&')) >= most_fields)
    return {{"", std::string(text)}};
  std::vector<RequestField> fields;
  for (const std::string& pair : split(text, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    RequestField field{decoded_pair_text(std::string_view(pair).substr(0, equals)), {}};
    if (std::find(left_out.begin(), left_out.end(), field.name) != left_out.end()) continue;
    if (equals < pair.size()) field.value = decoded_pair_text(std::string_view(pair).substr(equals + 1));
    fields.push_back(std::move(field));
  }
  sort_by_name(fields);
  return fields;
}

Address address_of(std::string_view url, const std::vector<std::string>& left_out) {
  url = url.substr(0, url.find('#'));
  const std::size_t mark = url.find("://");
  if (mark == std::string_view::npos || !is_scheme(url.substr(0, mark))) return {{}, {std::string(url)}, {}};
  const std::string scheme = ascii_lower(url.substr(0, mark));
  // Browsers take a backslash for a slash in the addresses of the web.
  const std::string_view slashes = is_web_scheme(scheme) ? "/\\" : "/";
  std::string_view rest = url.substr(mark + 3);
  const std::size_t question = std::min(rest.find('?'), rest.size());
  const std::string_view query = rest.substr(std::min(question + 1, rest.size()));
  rest = rest.substr(0, question);
  const std::size_t slash = std::min(rest.find_first_of(slashes), rest.size());
  return {fmt::format("{}://{}", scheme, authority_form(rest.substr(0, slash), scheme)),
          segments_of(rest.substr(slash), slashes), form_fields(query, left_out)};
}

std::string Address::path_text() const {
  std::string out;
  for (const std::string& segment : path)
    out += "/" + url_encoded(segment);
  return out;
}

std::string Address::text() const {
  if (origin.empty()) return join(path, "/");
  std::string out = origin + path_text();
  char mark = '?';
  for (const RequestField& field : query) {
    out += mark + url_encoded(field.name) + "=" + url_encoded(field.value);
    mark = '&';
  }
  return out;
}

}  // namespace offstage::recording
