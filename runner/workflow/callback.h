#pragma once

#include <string>

#include "base/json.h"
#include "base/secret.h"
#include "workflow/delivery.h"

namespace offstage::workflow {

/// Sends `data` to `url` as a CloudEvents 1.0 event (structured mode), signed as Standard Webhooks says
/// (webhook-id, webhook-timestamp, webhook-signature: v1, HMAC-SHA-256 with `key`). The event's id stays the
/// same from one attempt to the next. Follows no redirect. Throws as deliver does. Sources:
/// CloudEvents 1.0 JSON format, section 3; Standard Webhooks specification, "Signature scheme".
void send_callback(const std::string& url, const std::string& source, const Json& data, const Secret& key,
                   const DeliveryPace& pace, Log& log, const Until& until);

}  // namespace offstage::workflow
