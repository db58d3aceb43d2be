#pragma once

#include <string>
#include <vector>

#include "base/secret.h"
#include "recording/recording.h"

namespace offstage::recording {

/// Takes secrets, tokens and people out of a recording before it is written: in all that it holds and in
/// every encoding the same value becomes the same placeholder. For one recording. One thread.
class Redactor {
 public:
  explicit Redactor(TrafficRules rules);

  /// What the run was given. The one called "email" is a person's address, which becomes a stable fake
  /// address. Empty ones count for nothing. Throws Error{refused} for one of fewer than four bytes.
  void add_secret(const std::string& name, const Secret& value);
  /// A one-time code that was given out, in order.
  void add_code(const Secret& code);
  /// How somebody is called who may stand on a page.
  void add_person(const std::string& name);

  /// `raw` with its headers cut down to those that a recording keeps, every value replaced, and
  /// `placeholders`, `secrets` and `codes` filled in. Throws Error{refused} that names the places when
  /// something survived: a known value in any encoding, an e-mail address, or what looks like a token that no
  /// rule named; Error{usage} when a pattern of the rules is none.
  Recording redact(Recording raw);

 private:
  struct Given {
    std::string name;
    Secret value;
  };
  TrafficRules rules_;
  std::vector<Given> secrets_;
  std::vector<Secret> codes_;
  std::vector<std::string> people_;
};

/// Throws Error{refused} that names the places when the texts of a recording's scripts hold an e-mail
/// address: for a recording into which they are put without the run in which it was made, and so without its
/// secrets. Error{usage} when a pattern of the rules is none.
void check_scripts(const std::vector<RecordedScript>& scripts, const TrafficRules& rules);

}  // namespace offstage::recording
