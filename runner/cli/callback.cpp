#include "cli/callback.h"

#include <ctime>
#include <memory>

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "offboarding/verify.h"

namespace offstage::cli {
namespace {

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

std::size_t swallow(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

int stopped(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Until*>(user)->over() ? 1 : 0;
}

void add(Headers& headers, const std::string& line) {
  headers.reset(curl_slist_append(headers.release(), line.c_str()));
}

/// One attempt: "" when it was taken, else why not; `again` says whether another one may help.
std::string attempt(const std::string& url, const std::string& id, const std::string& body, const Secret& key,
                    bool& again, const Until& until) {
  const std::string at = std::to_string(std::time(nullptr));
  const std::string signature = base64_encoded(hmac_sha256(key.reveal(), id + "." + at + "." + body));
  Headers headers(nullptr, &curl_slist_free_all);
  add(headers, "Content-Type: application/cloudevents+json; charset=UTF-8");
  add(headers, "webhook-id: " + id);
  add(headers, "webhook-timestamp: " + at);
  add(headers, "webhook-signature: v1," + signature);
  const Handle curl(curl_easy_init(), &curl_easy_cleanup);
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(until.deadline.left().count()) + 1);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &stopped);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &until);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &swallow);
  const CURLcode code = curl_easy_perform(curl.get());
  again = true;
  if (code != CURLE_OK) return until.over() ? "no answer in time" : curl_easy_strerror(code);
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200 && status < 300) return {};
  again = status == 408 || status == 429 || status >= 500;
  return fmt::format("HTTP {}", status);
}

/// The address without what may be a secret in it.
std::string shown(const std::string& url) {
  return printable(url.substr(0, url.find_first_of("?#")), 200);
}

}  // namespace

void send_callback(const std::string& url, const std::string& source, const Json& data, const Secret& key,
                   const CallbackPace& pace, Log& log, const Until& until) {
  const std::string id = random_hex(16);
  const std::string body = Json{
      {"specversion", "1.0"}, {"id", id},
      {"source", source},     {"type", "offstage.job.finished.v1"},
      {"time", utc_now()},    {"datacontenttype", "application/json"},
      {"data", data}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  Milliseconds next = pace.first;
  for (int count = 1;; ++count) {
    bool again = false;
    const std::string why = attempt(url, id, body, key, again, until.within(pace.answer));
    if (why.empty()) return;
    if (!again || count >= pace.attempts || until.over()) {
      throw Error(
          Kind::unreachable,
          fmt::format("the callback to {} was not taken: {} ({} attempt{})", shown(url), why, count,
                      count == 1 ? "" : "s"),
          "what the job did stands in its result; send the same request again with its idempotency key "
          "to get that result and the callback once more");
    }
    log.warn(fmt::format("the callback to {} was not taken ({}); trying again", shown(url), why));
    offboarding::pause(std::min(next, until.deadline.left()), until.stop);
    next *= 2;
  }
}

}  // namespace offstage::cli
