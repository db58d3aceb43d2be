#pragma once

#include <string>

#include "base/deadline.h"
#include "base/json.h"
#include "base/log.h"
#include "base/secret.h"

namespace offstage::cli {

/// How a callback is repeated.
struct CallbackPace {
  int attempts = 5;
  Milliseconds first{500};      ///< before the second attempt; each next pause is twice as long
  Milliseconds answer{10'000};  ///< how long one attempt may take
};

/// Sends `data` to `url` as a CloudEvents 1.0 event (structured mode), signed as Standard Webhooks says
/// (webhook-id, webhook-timestamp, webhook-signature: v1, HMAC-SHA-256 with `key`). The event's id stays the
/// same from one attempt to the next. Repeats what failed to connect, took too long, or was answered with
/// 408, 429 or 5xx. Follows no redirect. Throws Error{unreachable} when it could not be delivered. Sources:
/// CloudEvents 1.0 JSON format, section 3; Standard Webhooks specification, "Signature scheme".
void send_callback(const std::string& url, const std::string& source, const Json& data, const Secret& key,
                   const CallbackPace& pace, Log& log, const Until& until);

}  // namespace offstage::cli
