#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace offstage::test {

/// What was searched for secrets, and what was found. A value.
struct Findings {
  std::size_t places = 0;            ///< files, their names, command lines, environments and the like
  std::set<std::string> found;       ///< "PLACE: NAME (how it was written)"
  std::set<std::string> unreadable;  ///< places that could not be searched
};

/// Finds secrets in bytes, however they are written there: plain, percent-encoded, base64 at any alignment
/// (also the variant for addresses), hexadecimal, UTF-16LE, escaped as in JSON or HTML. One thread.
class SecretSearch {
 public:
  /// `value` has at least five bytes. One of digits only counts where no further digit stands beside it: six
  /// digits in a row are easily part of a longer number.
  void add(const std::string& name, const std::string& value);

  /// "NAME (how it is written)" of everything that stands in `bytes`.
  std::set<std::string> in(std::string_view bytes) const;

  /// Searches one place.
  void search(const std::string& place, std::string_view bytes, Findings& findings) const;
  /// Searches every file below a folder, and the names of files, folders and what links lead to.
  void search_folder(const std::filesystem::path& folder, Findings& findings) const;
  /// Searches name, command line and environment of a process and of all that descend from it.
  void search_family(long ancestor, Findings& findings) const;

 private:
  struct Written {
    std::string name;  ///< and how, in brackets
    std::string bytes;
    bool whole_number = false;
  };

  void note(const std::string& name, const std::string& how, std::string bytes, bool whole_number = false);
  void scan(std::string_view bytes, const std::string& also, std::set<std::string>& found) const;

  std::array<std::vector<Written>, 256> by_first_;
  std::bitset<65536> beginnings_;  // the first two bytes of each
};

}  // namespace offstage::test
