#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/secret.h"

namespace offstage {

/// One request over HTTP or HTTPS, by libcurl. No redirect is followed.
struct HttpRequest {
  std::string url;
  std::string method = "GET";             ///< with POST, `body` is sent
  std::vector<std::string> headers = {};  ///< "Name: value"
  std::string body = {};
  bool proxied = true;  ///< as http_proxy and its kin in the environment say

  /// Signs it as AWS wants (Signature Version 4).
  struct AwsSignature {
    std::string region;
    std::string service;
    std::string key_id;
    Secret key;
  };
  std::optional<AwsSignature> aws = {};
};

/// What came of it.
struct HttpAnswer {
  long status = 0;    ///< 0: there was no answer
  std::string body;   ///< the first megabyte of it
  std::string fault;  ///< why there was none, in a few words
  bool good() const { return status >= 200 && status < 300; }
  /// Whether the same request may be answered otherwise a moment later: no answer, 408, 429 or 5xx.
  bool worth_repeating() const { return status == 0 || status == 408 || status == 429 || status >= 500; }
  /// "HTTP 503", or the fault.
  std::string why() const;
};

/// Sends a request and waits for its answer until `until`. Throws nothing for what the network does: see
/// HttpAnswer::fault.
HttpAnswer send(const HttpRequest& request, const Until& until);

/// The host that libcurl would ask for a URL: lower case, IPv6 in brackets; nothing for what is no URL.
std::string host_of_url(const std::string& url);

/// A URL without what may be a secret in it, printable: for messages.
std::string shown_url(const std::string& url);

}  // namespace offstage
