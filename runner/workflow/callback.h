#pragma once

#include <string>

#include "base/json.h"
#include "base/secret.h"
#include "workflow/delivery.h"

namespace offstage::workflow {

/// What a callback is signed with: the bytes whose base64 follows "whsec_", as Standard Webhooks writes a
/// secret, or any other text as it stands. Throws Error{usage} when what follows is no base64, or nothing.
Secret signing_key(const Secret& secret);

/// Sends `data` to `url` as a CloudEvents 1.0 event in its binary mode (the body is the data, the event's
/// attributes are headers: some receivers, n8n among them, read no other JSON than application/json), signed
/// as Standard Webhooks says (webhook-id, webhook-timestamp, webhook-signature: v1, HMAC-SHA-256 with the key
/// in `secret`). The event's id stays the same from one attempt to the next. Follows no redirect. Throws as
/// deliver does. Sources: CloudEvents 1.0 HTTP protocol binding, section 3.1; Standard Webhooks
/// specification, "Signature scheme".
void send_callback(const std::string& url, const std::string& source, const Json& data, const Secret& secret,
                   const DeliveryPace& pace, Log& log, const Until& until);

}  // namespace offstage::workflow
