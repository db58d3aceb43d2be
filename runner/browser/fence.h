#pragma once

#include <optional>
#include <string>
#include <vector>

#include "browser/browser.h"

namespace offstage::browser {

/// The origin of an absolute http, https, ws or wss address as browsers compare
/// it: "https://a.test" or "http://127.0.0.1:8080", in lower case, without a
/// default port; ws and wss count as http and https. Empty for anything else.
std::string origin_of(const std::string& url);

/// Whether a document may come from that address. An open fence lets everything
/// through.
bool may_visit(const Fence& fence, const std::string& url);
/// Whether a page may send a request to that address: what may be visited may
/// also be called.
bool may_call(const Fence& fence, const std::string& url);

/// The rules for Chrome's --host-resolver-rules that let only the fence's hosts
/// resolve, and send the mapped ones to where they really are. Empty when there
/// is nothing to rule. The rules know hosts, not ports.
std::string host_resolver_rules(const Fence& fence, const std::optional<HostMapping>& mapping);

}  // namespace offstage::browser
