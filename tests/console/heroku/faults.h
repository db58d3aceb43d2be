#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace offstage::practice_heroku {

/// One way in which the console can be made to misbehave, or differ from its default.
struct FaultInfo {
  enum class Takes {
    flag,    ///< on or off
    choice,  ///< one of `choices`, separated by |
    number,  ///< a whole number; the unit stands in `meaning`
    status,  ///< an HTTP status from 400 to 599, or STATUS:TIMES for the first TIMES answers only
    text,    ///< a name
  };
  std::string_view name;
  Takes takes;
  std::string_view choices;
  std::string_view preset;   ///< the value without any switch; "" is off
  std::string_view implied;  ///< the value of the name alone; "" when one must be given
  std::string_view meaning;
};

/// Every switch, in the order in which they are listed.
std::span<const FaultInfo> fault_table();

/// The switches as they stand. Not thread-safe: its owner guards it.
class Faults {
 public:
  /// All at their presets.
  Faults() = default;

  /// "NAME" or "NAME=VALUE", as the command line has it. Throws Error{usage} with the nearest name or the
  /// values that are possible.
  void set(std::string_view text);
  /// The same in two parts; no value puts the switch back to its preset.
  void set(std::string_view name, const std::optional<std::string>& value);

  bool on(std::string_view name) const;
  /// The value as text; "" when the switch is off.
  std::string text(std::string_view name) const;
  /// The value of a number switch; nothing when it is off.
  std::optional<long> number(std::string_view name) const;
  /// The status that a status switch asks for now, counting down its times; nothing when it is off or used
  /// up.
  std::optional<int> take_status(std::string_view name);
  /// Every switch that is not at its preset, by name.
  const std::map<std::string, std::string, std::less<>>& changed() const { return values_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace offstage::practice_heroku
