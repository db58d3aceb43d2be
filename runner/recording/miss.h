#pragma once

#include <optional>
#include <string>
#include <vector>

#include "recording/canonical.h"

namespace offstage::recording {

/// A request that a recording has no answer for, and what comes nearest to it. A value.
struct Miss {
  enum class Why {
    unknown,       ///< nothing like it was recorded
    consumed,      ///< a change that was asked as often as it was recorded, and now once more
    out_of_order,  ///< a change, and another one was recorded before it that has not been asked for
    later,         ///< a read that was only recorded after changes that have not been made
    cookies,       ///< recorded, but with a cookie, or with or without a sign-in header, unlike this one
  };
  std::string method;
  std::string url;
  std::string resource_type;  ///< Chrome's word
  Why why = Why::unknown;
  std::optional<std::size_t> nearest{};  ///< the index of the recorded exchange that comes nearest
  std::string nearest_request{};         ///< its method and address
  /// What differs; `Difference` says how. Empty when what is wrong is the order.
  std::string field{};
  std::optional<std::string> expected{};
  std::optional<std::string> actual{};
  /// The change that has to come first, for `out_of_order` and `later`: its index, method and address.
  std::optional<std::size_t> awaited{};
  std::string awaited_request{};

  /// One or two lines for a person: what was asked and why there is no answer; what was recorded instead and
  /// the one thing that differs. Printable.
  std::string explain() const;
};

/// "DELETE https://a.test/teams/acme": cut where it is long. Printable.
std::string request_line(const std::string& method, const std::string& url);

}  // namespace offstage::recording
