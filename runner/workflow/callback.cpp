#include "workflow/callback.h"

#include <ctime>

#include "base/error.h"
#include "base/hash.h"

namespace offstage::workflow {

Secret signing_key(const Secret& secret) {
  constexpr std::string_view mark = "whsec_";
  if (!secret.reveal().starts_with(mark)) return secret;
  Secret key;
  try {
    key = Secret(base64_decoded(std::string_view(secret.reveal()).substr(mark.size())));
  } catch (const Error&) {
    // Said below: what is no base64 gives no key.
  }
  if (key.empty()) {
    throw Error(Kind::usage, "the secret \"callback\" begins with whsec_, and what follows is no base64",
                "give it as the receiver shows it: whsec_ and base64, or any text that does not begin so");
  }
  return key;
}

void send_callback(const std::string& url, const std::string& source, const Json& data, const Secret& secret,
                   const DeliveryPace& pace, Log& log, const Until& until) {
  const Secret key = signing_key(secret);
  const std::string id = random_hex(16);
  const std::string time = utc_now();
  const std::string body = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto attempt = [&](const Until& soon) {
    // Each attempt has a timestamp, and so a signature, of its own.
    const std::string at = std::to_string(std::time(nullptr));
    const std::string signature = base64_encoded(hmac_sha256(key.reveal(), id + "." + at + "." + body));
    HttpRequest request{url, "POST"};
    request.headers = {"Content-Type: application/json",
                       "ce-specversion: 1.0",
                       "ce-id: " + id,
                       "ce-source: " + source,
                       "ce-type: offstage.job.finished.v1",
                       "ce-time: " + time,
                       "webhook-id: " + id,
                       "webhook-timestamp: " + at,
                       "webhook-signature: v1," + signature};
    request.body = body;
    return send(request, soon);
  };
  deliver("the callback to " + shown_url(url), attempt, pace, log, until);
}

}  // namespace offstage::workflow
