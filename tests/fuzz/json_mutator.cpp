// What libFuzzer changes in inputs that are JSON, or lines of JSON: one value, so that the rest stays what it
// is and is read further than to its first broken bracket. One time in three it changes bytes as always.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"

using offstage::Json;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* bytes, std::size_t size, std::size_t most);

namespace {

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t count) { return random_() % count; }

  /// One change somewhere in the document.
  void change(Json& root) {
    std::vector<Json*> all;
    collect(root, all);
    Json& chosen = *all[below(all.size())];
    // A copy: it may hold what it is put into.
    const Json other = *all[below(all.size())];
    if (below(4) == 0) {
      chosen = other;
    } else if (chosen.is_object() && !chosen.empty()) {
      change_object(chosen, other);
    } else if (chosen.is_array() && !chosen.empty()) {
      change_array(chosen, other);
    } else if (chosen.is_string()) {
      chosen = changed(chosen.get<std::string>());
    } else {
      chosen = plain_value();
    }
  }

 private:
  static void collect(Json& value, std::vector<Json*>& all) {
    all.push_back(&value);
    if (!value.is_structured()) return;
    for (Json& each : value)
      collect(each, all);
  }

  void change_object(Json& object, const Json& other) {
    auto member = object.begin();
    std::advance(member, static_cast<std::ptrdiff_t>(below(object.size())));
    switch (below(4)) {
      case 0:
        object.erase(member);
        break;
      case 1:
        if (other.is_object() && !other.empty()) object.update(other);
        break;
      case 2:
        object[changed(member.key())] = other;
        break;
      default:
        member.value() = other;
    }
  }

  void change_array(Json& array, const Json& other) {
    const std::size_t at = below(array.size());
    const auto place = array.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(4)) {
      case 0:
        array.erase(place);
        break;
      case 1:
        array.insert(place, Json(array[at]));
        break;
      case 2:
        std::swap(array[at], array[below(array.size())]);
        break;
      default:
        array.insert(place, other);
    }
  }

  static std::string changed(std::string text) {
    constexpr std::size_t room = 16;
    const std::size_t size = text.size();
    text.resize(size + room);
    text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), size, text.size()));
    return text;
  }

  Json plain_value() {
    static const std::vector<Json> values{
        0,     1,    -1,      2147483648LL, 1e300,         0.5, true,
        false, "",   nullptr, "a",          Json::array(), 7,   Json::object(),
        60000, 65535};
    return values[below(values.size())];
  }

  std::minstd_rand random_;
};

/// The text with one value of its JSON changed, or of one of its lines; "" when it holds none.
std::string changed_json(const std::string& text, Mutator& mutator) {
  if (offstage::nested_deeper(text, offstage::deepest_nesting)) return {};
  Json whole = Json::parse(text, nullptr, false);
  if (whole.is_structured()) {
    mutator.change(whole);
    return whole.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  std::vector<std::string> lines = offstage::split(text, '\n');
  std::string& line = lines[mutator.below(lines.size())];
  Json one = Json::parse(line, nullptr, false);
  if (!one.is_structured()) return {};
  mutator.change(one);
  line = one.dump(-1, ' ', false, Json::error_handler_t::replace);
  return offstage::join(lines, "\n");
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t size, std::size_t most,
                                               unsigned seed) {
  Mutator mutator(seed);
  if (mutator.below(3) != 0) {
    const std::string changed = changed_json({reinterpret_cast<const char*>(bytes), size}, mutator);
    if (!changed.empty() && changed.size() <= most) {
      std::copy(changed.begin(), changed.end(), bytes);
      return changed.size();
    }
  }
  return LLVMFuzzerMutate(bytes, size, most);
}
