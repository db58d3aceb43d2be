#pragma once

#include <cstddef>
#include <functional>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "recording/bindings.h"
#include "recording/parts.h"

namespace offstage::recording::redaction {

/// What is still there after the replacing, and where. A value; safe to print.
struct Survivor {
  std::string where;       ///< "exchange 3, response body, after `csrf`, byte 120"
  std::string what;        ///< "the value of cookie session", "an e-mail address", "what looks like a token"
  std::string glimpse;     ///< its first characters, and how many there are
  bool in_script = false;  ///< where only whoever wrote the script can take it out
};

/// Finds many values in a text at once: by the hash of their first characters. Immutable; safe on any thread.
class Traces {
 public:
  /// Values of fewer than four bytes are not looked for.
  void add(const std::string& value, std::size_t tag, bool bounded);
  /// Calls `found` with the tag, the place and the size of each occurrence.
  void find(std::string_view text,
            const std::function<void(std::size_t tag, std::size_t at, std::size_t size)>& found) const;

 private:
  struct Trace {
    std::string value;
    std::size_t tag;
    bool bounded;
  };
  std::vector<Trace> traces_;
  std::unordered_multimap<std::uint32_t, std::size_t> by_start_;
  std::vector<bool> starts_ = std::vector<bool>(1 << 16);
};

/// Looks for what must not be in a recording, in another way than it was replaced: every text is decoded
/// until nothing changes, base64 included, and searched at each stage, also for the values' own base64 in
/// each alignment. Immutable; one thread.
class Survivors {
 public:
  /// What is bound must not survive; `public_values` (regular expressions) may. Throws Error{usage} when one
  /// is none.
  Survivors(const std::vector<Binding>& bindings, const std::vector<std::string>& public_values);

  /// In the order of the parts, each place once; at most `most`.
  std::vector<Survivor> find(Recording& recording, std::size_t most = 20) const;
  /// The addresses that tags divide, in a recording in which nothing has been replaced yet: no address is
  /// found where they stand, and so none is replaced.
  std::vector<Survivor> find_divided(Recording& recording) const;

 private:
  struct Search;

  void search(Search& search, const Part& part, const std::string& text) const;
  void look_at_bytes(Search& search, const std::string& bytes, bool decoded) const;
  std::string name_of(std::size_t binding) const;
  /// `whole`: there is nothing left to decode in `view`.
  void look(Search& search, std::string view, bool decoded, bool whole) const;
  std::string masked(std::string view) const;
  bool is_public(std::string_view run) const;

  const std::vector<Binding>& bindings_;
  Traces plain_;
  Traces traces_;
  Traces people_;  ///< addresses, in lower case
  std::set<std::string, std::less<>> placeholders_;
  std::vector<std::regex> public_values_;
  bool spaces_ = false;  ///< a secret has one: `+` may stand for it
};

/// Throws Error{refused} that names each place, unless there is none.
void refuse_survivors(const std::vector<Survivor>& survivors);

}  // namespace offstage::recording::redaction
