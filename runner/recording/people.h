#pragma once

#include <map>
#include <string>
#include <string_view>

#include "recording/bindings.h"

namespace offstage::recording::redaction {

/// The people of a recording, numbered in the order in which they are told: an address and the names that go
/// with it have one number. One thread; refers to the bindings, which must outlive it.
class People {
 public:
  explicit People(Bindings& bindings) : bindings_(bindings) {}

  /// How many there will be at least: numbers get as many digits, so that fakes sort as numbers do.
  void expect(std::size_t count) { digits_ = std::to_string(count).size(); }
  /// An address, and the names that its local part tells (`dana.whitfield`). Returns the person's number.
  int address(const std::string& address);
  /// A name that a field gives, of the person with this address; `address` may be empty.
  void name(const std::string& name, const std::string& address);
  /// A name in two parts, as `first_name` and `last_name` give it; either may be empty.
  void name(const std::string& first, const std::string& last, const std::string& address);

 private:
  int person_of(const std::string& name, const std::string& address);
  void bind_name(int person, const std::string& name, const std::string& text);

  Bindings& bindings_;
  std::string number(int person) const;
  /// An address with a plus tag: a person of its own, that sorts where the tag makes it sort.
  int tagged(const std::string& key, const std::string& plain);

  int count_ = 0;
  std::size_t digits_ = 1;
  std::map<std::string, int> by_address_;  // in lower case, as all keys
  std::map<std::string, int> by_name_;
  std::map<std::string, int> tags_;  // how many of an address
};

/// Whether a name field's text is a person's name: words of letters, and no role or state.
bool is_person_name(std::string_view text);

}  // namespace offstage::recording::redaction
