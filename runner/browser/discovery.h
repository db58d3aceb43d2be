#pragma once

#include <string>

#include "base/deadline.h"

namespace offstage::browser {

/// The DevTools websocket address of the browser at `url`: ws:// and wss:// addresses as they are; for
/// http:// and https:// it asks /json/version there, and keeps host and port of `url`, which a tunnel or a
/// proxy may have made other than the browser knows. Throws Error{usage} for an address that is none,
/// Error{browser} when nobody answers, or not as a browser does.
std::string discover(const std::string& url, const Until& until);

/// The address that discovery gives for the answer `body` of /json/version at `url`. Throws as `discover`.
std::string websocket_address(const std::string& url, const std::string& body);

}  // namespace offstage::browser
