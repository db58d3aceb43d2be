#include "browser/fence.h"

#include <algorithm>

#include "base/text.h"

namespace offstage::browser {

namespace {

/// The host of an origin, without brackets: the form in which Chrome's rules
/// name it.
std::string host_of(const std::string& origin) {
  std::string host = origin.substr(origin.find("://") + 3);
  const std::size_t port = host.rfind(':');
  if (port != std::string::npos && host.find(']', port) == std::string::npos) host.resize(port);
  return host;
}

bool lists(const std::vector<std::string>& origins, const std::string& origin) {
  return std::any_of(origins.begin(), origins.end(),
                     [&origin](const std::string& each) { return origin_of(each) == origin; });
}

}  // namespace

std::string origin_of(const std::string& url) {
  const std::size_t colon = url.find("://");
  if (colon == std::string::npos) return {};
  std::string scheme = ascii_lower(url.substr(0, colon));
  if (scheme == "ws") scheme = "http";
  if (scheme == "wss") scheme = "https";
  if (scheme != "http" && scheme != "https") return {};
  std::string authority = url.substr(colon + 3);
  authority.resize(std::min(authority.find_first_of("/?#\\"), authority.size()));
  const std::size_t user = authority.rfind('@');
  if (user != std::string::npos) authority.erase(0, user + 1);
  const std::string default_port = scheme == "http" ? ":80" : ":443";
  if (authority.ends_with(default_port)) authority.resize(authority.size() - default_port.size());
  if (authority.empty()) return {};
  return scheme + "://" + ascii_lower(authority);
}

bool may_visit(const Fence& fence, const std::string& url) {
  if (fence.open()) return true;
  const std::string origin = origin_of(url);
  return !origin.empty() && lists(fence.visit, origin);
}

bool may_call(const Fence& fence, const std::string& url) {
  if (fence.open()) return true;
  const std::string origin = origin_of(url);
  return !origin.empty() && (lists(fence.visit, origin) || lists(fence.call, origin));
}

std::string host_resolver_rules(const Fence& fence, const std::optional<HostMapping>& mapping) {
  std::vector<std::string> rules;
  if (mapping) {
    for (const std::string& host : mapping->hosts)
      rules.push_back("MAP " + host + " " + mapping->address);
  }
  if (!fence.open()) {
    // The first MAP that fits decides. EXCLUDE outdoes them all, so a mapped
    // host must not be excluded.
    rules.emplace_back("MAP * ~NOTFOUND");
    std::vector<std::string> hosts;
    for (const std::vector<std::string>* origins : {&fence.visit, &fence.call}) {
      for (const std::string& origin : *origins)
        hosts.push_back(host_of(origin_of(origin)));
    }
    std::sort(hosts.begin(), hosts.end());
    hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
    for (const std::string& host : hosts) {
      const bool mapped = mapping && std::any_of(mapping->hosts.begin(), mapping->hosts.end(),
                                                 [&](const auto& each) { return matches_glob(each, host); });
      if (!mapped) rules.push_back("EXCLUDE " + host);
    }
  }
  return join(rules, " , ");
}

}  // namespace offstage::browser
