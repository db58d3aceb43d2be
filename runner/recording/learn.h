#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/json.h"
#include "recording/bindings.h"
#include "recording/parts.h"
#include "recording/people.h"
#include "recording/tokens.h"

namespace offstage::recording::redaction {

/// Finds the values of a recording that must not stand in it, and binds them. One thread; refers to the
/// bindings and the people, which must outlive it.
class Learner {
 public:
  Learner(const TrafficRules& rules, Bindings& bindings, People& people);

  /// Everything: what fields, headers and cookies are named for first, so that a token which is also a UUID
  /// is a token; then what values look like.
  void learn(Recording& recording);

 private:
  void named(const Part& part, const std::string& text);
  void header_named(const Part& part, const std::string& value);
  void cookie(std::string_view name, std::string_view value, bool whole);
  void credentials(const std::string& value);
  void pairs(std::string_view text, bool sent);
  void multipart(std::string_view body);
  void json_named(const std::string& name, const Json& json, bool sent, int depth);
  void field(std::string_view name, std::string_view value, bool sent);
  void decoded_text(std::string_view text, bool sent);

  void code(const std::string& text);
  void shapes(const std::string& text);
  void json_people(const std::string& name, const Json& json, int depth);

  TokenNames names_;
  Bindings& bindings_;
  People& people_;
};

/// Every e-mail address in a recording, in lower case, in order.
std::set<std::string> addresses_of(Recording& recording);

/// The JSON values that a body holds: one, one a line, or those of server-sent events; none when it is no
/// JSON.
std::vector<Json> json_in(std::string_view body);

/// `name=value` and `"name": "value"` in a decoded text: addresses, forms, scripts, attributes.
void for_each_pair(std::string_view text,
                   const std::function<void(std::string_view name, std::string_view value)>& visit);

/// What `<meta name=… content=…>` and `<input name=… value=…>` say in a decoded text.
void for_each_named_tag(std::string_view text,
                        const std::function<void(std::string_view name, std::string_view value)>& visit);

}  // namespace offstage::recording::redaction
