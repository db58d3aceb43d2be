#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "recording/body_fields.h"

namespace offstage::recording {
namespace {

/// How many bytes the pointers of one body may take together: long keys above many values would multiply.
constexpr std::size_t most_pointer_bytes = 16U << 20U;

/// Collects the scalars of a JSON text while it is read, without ever holding it as a tree. Returning false
/// ends the reading.
class ScalarCollector : public nlohmann::json_sax<Json> {
 public:
  explicit ScalarCollector(const std::vector<std::string>& left_out) : left_out_(left_out) {}
  std::vector<RequestField> take() { return std::move(fields_); }

  bool null() override { return add("null", RequestField::Type::literal); }
  bool boolean(bool value) override { return add(value ? "true" : "false", RequestField::Type::literal); }
  bool number_integer(number_integer_t value) override {
    return add(fmt::format("{}", value), RequestField::Type::literal);
  }
  bool number_unsigned(number_unsigned_t value) override {
    return add(fmt::format("{}", value), RequestField::Type::literal);
  }
  bool number_float(number_float_t value, const string_t& /*text*/) override {
    return add(fmt::format("{}", value), RequestField::Type::literal);
  }
  bool string(string_t& value) override { return add(value, RequestField::Type::text); }
  bool binary(binary_t& /*value*/) override { return false; }  // JSON has none
  bool start_object(std::size_t /*elements*/) override { return open(false); }
  bool end_object() override { return close("{}"); }
  bool start_array(std::size_t /*elements*/) override { return open(true); }
  bool end_array() override { return close("[]"); }
  bool key(string_t& name) override {
    levels_.back().key = name;
    levels_.back().is_left_out = std::find(left_out_.begin(), left_out_.end(), name) != left_out_.end();
    return true;
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*why*/) override {
    return false;
  }

 private:
  /// An object or list that is being read, and where in it.
  struct Level {
    bool is_array = false;
    std::size_t index = 0;  // of a list: of the value to come
    std::string key;        // of an object: of the value to come
    bool is_left_out = false;
    std::size_t fields_before = 0;
  };

  bool is_left_out() const {
    return std::any_of(levels_.begin(), levels_.end(), [](const Level& each) { return each.is_left_out; });
  }

  std::string pointer() const {
    std::string out;
    for (const Level& level : levels_) {
      out += '/';
      if (level.is_array) {
        out += fmt::format("{}", level.index);
        continue;
      }
      for (const char c : level.key) {
        if (c == '~' || c == '/') {
          out += c == '~' ? "~0" : "~1";
        } else {
          out += c;
        }
      }
    }
    return out;
  }

  bool add(std::string value, RequestField::Type type) {
    if (!is_left_out()) {
      if (fields_.size() == most_fields) return false;
      fields_.push_back({pointer(), std::move(value), type});
      pointer_bytes_ += fields_.back().name.size();
      if (pointer_bytes_ > most_pointer_bytes) return false;
    }
    if (!levels_.empty()) ++levels_.back().index;
    return true;
  }

  bool open(bool is_array) {
    if (levels_.size() == deepest_json) return false;
    levels_.push_back({is_array, 0, {}, false, fields_.size()});
    return true;
  }

  /// One in which nothing counts is as one that is empty.
  bool close(const char* when_empty) {
    const bool is_empty = fields_.size() == levels_.back().fields_before;
    levels_.pop_back();
    if (is_empty) return add(when_empty, RequestField::Type::literal);
    if (!levels_.empty()) ++levels_.back().index;
    return true;
  }

  const std::vector<std::string>& left_out_;
  std::vector<Level> levels_;
  std::vector<RequestField> fields_;
  std::size_t pointer_bytes_ = 0;
};

}  // namespace

std::optional<std::vector<RequestField>> json_fields(std::string_view text,
                                                     const std::vector<std::string>& left_out) {
  ScalarCollector collector(left_out);
  if (!Json::sax_parse(text, &collector)) return std::nullopt;
  std::vector<RequestField> fields = collector.take();
  sort_by_name(fields);
  return fields;
}

}  // namespace offstage::recording
