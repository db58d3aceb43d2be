#include "base/http.h"

#include <algorithm>
#include <memory>

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/fault_point.h"
#include "base/text.h"

namespace offstage {
namespace {

constexpr std::size_t longest_answer = 1 << 20;

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

struct Exchange {
  const Until& until;
  std::string body;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* user) {
  std::string& body = static_cast<Exchange*>(user)->body;
  body.append(data, std::min(size * count, longest_answer - body.size()));
  return size * count;
}

int stopped(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Exchange*>(user)->until.over() ? 1 : 0;
}

void sign(CURL* curl, const HttpRequest::AwsSignature& aws) {
  curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, fmt::format("aws:amz:{}:{}", aws.region, aws.service).c_str());
  curl_easy_setopt(curl, CURLOPT_USERNAME, aws.key_id.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, aws.key.reveal().c_str());
}

}  // namespace

std::string HttpAnswer::why() const {
  return status == 0 ? fault : fmt::format("HTTP {}", status);
}

HttpAnswer send(const HttpRequest& request, const Until& until) {
  const Handle curl(curl_easy_init(), &curl_easy_cleanup);
  Headers headers(nullptr, &curl_slist_free_all);
  for (const std::string& line : request.headers)
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  Exchange exchange{until, {}};
  curl_easy_setopt(curl.get(), CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  if (!request.proxied) curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  if (request.method == "POST") {
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  if (request.aws) sign(curl.get(), *request.aws);
  // A year is more milliseconds than a long of 32 bits holds, and longer than anything here waits.
  const Milliseconds most = std::min<Milliseconds>(until.deadline.left(), std::chrono::hours(24));
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(most.count()) + 1);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &stopped);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &exchange);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &take);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &exchange);
  fault_point("before the request to", request.url);
  const CURLcode code = curl_easy_perform(curl.get());
  fault_point("after the answer of", request.url);
  HttpAnswer answer;
  if (code == CURLE_OK) {
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    answer.body = std::move(exchange.body);
  } else {
    answer.fault = until.over() ? "no answer in time" : curl_easy_strerror(code);
  }
  return answer;
}

std::string host_of_url(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(), curl_url_cleanup);
  char* host = nullptr;
  if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_get(parts.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
    return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner(host, curl_free);
  return ascii_lower(host);
}

std::string shown_url(const std::string& url) {
  const std::size_t host = url.find("://");
  const std::string plain = url.substr(0, url.find_first_of("?#"));
  const std::size_t start = host == std::string::npos ? 0 : host + 3;
  const std::size_t user = plain.substr(0, plain.find('/', start)).rfind('@');
  return printable(
      user == std::string::npos || user < start ? plain : plain.substr(0, start) + plain.substr(user + 1),
      200);
}

}  // namespace offstage
