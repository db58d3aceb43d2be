#pragma once

#include <optional>
#include <string>
#include <vector>

#include "recording/canonical.h"

namespace offstage::recording {

/// What shows that a request belongs to a session that the console opened: the names of the cookies it
/// carries which the console had set, and whether it carries an Authorization header. Values do not count. A
/// value.
struct SessionMarks {
  std::vector<std::string> cookies;  ///< sorted
  bool authorization = false;
  bool operator==(const SessionMarks&) const = default;
};

/// For each exchange what its request must carry in a replay: of its cookies those that an answer before it
/// had set.
std::vector<SessionMarks> session_marks(const std::vector<Exchange>& exchanges);

/// What `request` lacks of the marks, or has too much; nothing when it will do. More cookies are no
/// difference.
std::optional<Difference> session_difference(const SessionMarks& recorded, const Headers& request);

/// The names in all Cookie headers, and in all Set-Cookie headers; sorted, each once.
std::vector<std::string> cookie_names(const Headers& headers);
std::vector<std::string> set_cookie_names(const Headers& headers);

}  // namespace offstage::recording
