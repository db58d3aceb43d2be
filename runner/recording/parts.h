#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "recording/encodings.h"
#include "recording/recording.h"

namespace offstage::recording::redaction {

/// Where a text of a recording stands. A value.
struct Part {
  std::string where;  ///< for people: "exchange 3, response body"
  Content content = Content::text;
  bool request = false;                ///< sent by the page
  bool script = false;                 ///< a script: what a person wrote
  std::string_view header;             ///< the name of a header; else empty
  const Exchange* exchange = nullptr;  ///< else: of the recording itself
};

/// Calls `visit` with every text that a recording holds and that may hold data of a run, which it may change.
/// In order: what was there before the first request (title, arguments, start_url), then each exchange, its
/// request before its response, then what was seen and how it ended.
void for_each_text(Recording& recording, const std::function<void(const Part&, std::string&)>& visit);

/// The same for the texts that must stay as they were written: scripts, which are known by their digest.
void for_each_script(const Recording& recording,
                     const std::function<void(const Part&, const std::string&)>& visit);

/// What a body is, by its type and its bytes. `type` is the Content-Type, `resource` Chrome's resource type.
Content content_of(std::string_view type, std::string_view resource, std::string_view body);

/// Whether a recording keeps a header of this name: what decides on an answer, or tells a reviewer something.
bool is_kept_header(std::string_view name, const TrafficRules& rules);
/// Takes all others out.
void drop_headers(Recording& recording, const TrafficRules& rules);

}  // namespace offstage::recording::redaction
