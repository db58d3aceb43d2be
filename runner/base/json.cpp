#include "base/json.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"

template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace offstage {
namespace {

/// Walks a JSON text that is known to be valid and notes the line on which each value starts. Of a member
/// that is there twice the last one counts, here as for the parser; `on_twice` is told of it.
class LineIndex {
 public:
  using OnTwice = std::function<void(const std::string& pointer, const std::string& key, int line)>;
  LineIndex(std::string_view text, std::map<std::string, int>& lines, OnTwice on_twice)
      : text_(text), lines_(lines), on_twice_(std::move(on_twice)) {}
  void run() { value(""); }

 private:
  char skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      if (text_[at_] == '\n') ++line_;
      ++at_;
    }
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  std::string_view string_token() {
    const std::size_t start = at_++;
    while (text_[at_] != '"')
      at_ += text_[at_] == '\\' ? 2 : 1;
    ++at_;
    return text_.substr(start, at_ - start);
  }

  static std::string escaped(const std::string& key) {
    std::string out;
    for (const char c : key)
      out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
  }

  void value(const std::string& pointer) {
    const char first = skip_space();
    lines_[pointer] = line_;
    if (first == '{') {
      ++at_;
      while (skip_space() != '}') {
        const std::string key = Json::parse(string_token()).get<std::string>();
        const std::string member = pointer + "/" + escaped(key);
        if (lines_.contains(member)) on_twice_(pointer, key, line_);
        skip_space();
        ++at_;  // the colon
        value(member);
        if (skip_space() == ',') ++at_;
      }
      ++at_;
    } else if (first == '[') {
      ++at_;
      for (int index = 0; skip_space() != ']'; ++index) {
        value(fmt::format("{}/{}", pointer, index));
        if (skip_space() == ',') ++at_;
      }
      ++at_;
    } else if (first == '"') {
      string_token();
    } else {
      while (at_ < text_.size() && std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos)
        ++at_;
    }
  }

  std::string_view text_;
  std::map<std::string, int>& lines_;
  OnTwice on_twice_;
  std::size_t at_ = 0;
  int line_ = 1;
};

std::string type_name(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "an array";
    case Json::value_t::string:
      return "a string";
    case Json::value_t::boolean:
      return "a boolean";
    default:
      return "a number";
  }
}

}  // namespace

bool nested_deeper(std::string_view text, int levels) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > levels) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

std::string text_of(const Json& object, std::string_view key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

int integer_of(const Json& object, std::string_view key) {
  const Json& member = member_of(object, key);
  if (!member.is_number_integer()) return 0;
  const auto value = member.get<std::int64_t>();
  return std::in_range<int>(value) ? static_cast<int>(value) : 0;
}

bool flag_of(const Json& object, std::string_view key) {
  const Json& member = member_of(object, key);
  return member.is_boolean() && member.get<bool>();
}

const Json& member_of(const Json& object, std::string_view key) {
  static const Json none;
  const auto member = object.find(key);
  return member != object.end() ? *member : none;
}

std::shared_ptr<const JsonDocument> JsonDocument::parse(std::string text, std::string name, Twice twice) {
  std::shared_ptr<JsonDocument> document(new JsonDocument);
  document->name_ = std::move(name);
  document->text_ = std::move(text);
  if (document->text_.starts_with("\xEF\xBB\xBF")) document->text_.erase(0, 3);
  if (nested_deeper(document->text_, deepest_nesting)) {
    throw Error(Kind::usage,
                fmt::format("{}: is nested deeper than {} levels", document->name_, deepest_nesting));
  }
  try {
    document->root_ = Json::parse(document->text_);
  } catch (const Json::parse_error& error) {
    const std::size_t end = std::min(error.byte > 0 ? error.byte - 1 : 0, document->text_.size());
    const std::string_view before = std::string_view(document->text_).substr(0, end);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t line_start = before.rfind('\n');
    const std::size_t column = end - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1;
    std::string what = error.what();
    if (const std::size_t colon = what.rfind(": "); colon != std::string::npos) what = what.substr(colon + 2);
    throw Error(Kind::usage, fmt::format("{}:{}:{}: is not valid JSON: {}", document->name_, line, column,
                                         printable(what, 200)));
  } catch (const Json::out_of_range&) {
    // The parser does not say where it stands.
    throw Error(Kind::usage,
                fmt::format("{}: is not valid JSON: it holds a number too large to read", document->name_));
  }
  const auto on_twice = [&](const std::string& pointer, const std::string& key, int line) {
    if (twice == Twice::last_counts) return;
    throw Error(Kind::usage,
                fmt::format("{}:{}: {}holds `{}` twice", document->name_, line,
                            pointer.empty() ? "" : printable(pointer, 200) + ": ", printable(key, 80)),
                "keep one of them: the other would be lost");
  };
  LineIndex(document->text_, document->lines_, on_twice).run();
  return document;
}

std::shared_ptr<const JsonDocument> JsonDocument::load(const std::filesystem::path& file) {
  return parse(read_file(file), file.string());
}

int JsonDocument::line_of(std::string pointer) const {
  while (true) {
    if (const auto found = lines_.find(pointer); found != lines_.end()) return found->second;
    const std::size_t slash = pointer.rfind('/');
    if (slash == std::string::npos) return 1;
    pointer.erase(slash);
  }
}

Error JsonDocument::error_at(const std::string& pointer, std::string_view what, std::string hint) const {
  return Error(
      Kind::usage,
      fmt::format("{}:{}: {}{}{}", name_, line_of(pointer), pointer, pointer.empty() ? "" : ": ", what),
      std::move(hint));
}

JsonView::JsonView(std::shared_ptr<const JsonDocument> document)
    : document_(std::move(document)), value_(&document_->root()) {}

JsonView::JsonView(std::shared_ptr<const JsonDocument> document, const Json& value, std::string pointer)
    : document_(std::move(document)), value_(&value), pointer_(std::move(pointer)) {}

Error JsonView::error(std::string_view what, std::string hint) const {
  return document_->error_at(pointer_, what, std::move(hint));
}

JsonView JsonView::at(std::string_view key) const {
  if (!value_->is_object()) throw error("is " + type_name(*value_) + ", not an object");
  const auto found = value_->find(key);
  if (found == value_->end()) throw error(fmt::format("is missing `{}`", key));
  return {document_, *found, fmt::format("{}/{}", pointer_, key)};
}

std::optional<JsonView> JsonView::find(std::string_view key) const {
  if (!value_->is_object()) throw error("is " + type_name(*value_) + ", not an object");
  const auto found = value_->find(key);
  if (found == value_->end() || found->is_null()) return std::nullopt;
  return JsonView(document_, *found, fmt::format("{}/{}", pointer_, key));
}

std::vector<JsonView> JsonView::elements() const {
  if (!value_->is_array()) throw error("is " + type_name(*value_) + ", not an array");
  std::vector<JsonView> views;
  for (std::size_t i = 0; i < value_->size(); ++i) {
    views.emplace_back(document_, (*value_)[i], fmt::format("{}/{}", pointer_, i));
  }
  return views;
}

std::vector<std::pair<std::string, JsonView>> JsonView::members() const {
  if (!value_->is_object()) throw error("is " + type_name(*value_) + ", not an object");
  std::vector<std::pair<std::string, JsonView>> views;
  for (const auto& [key, value] : value_->items()) {
    views.emplace_back(key, JsonView(document_, value, fmt::format("{}/{}", pointer_, key)));
  }
  return views;
}

std::string JsonView::string() const {
  if (!value_->is_string()) throw error("is " + type_name(*value_) + ", not a string");
  return value_->get<std::string>();
}

bool JsonView::boolean() const {
  if (!value_->is_boolean()) throw error("is " + type_name(*value_) + ", not a boolean");
  return value_->get<bool>();
}

double JsonView::number() const {
  if (!value_->is_number()) throw error("is " + type_name(*value_) + ", not a number");
  return value_->get<double>();
}

long JsonView::integer() const {
  if (!value_->is_number_integer()) throw error("is not a whole number");
  return value_->get<long>();
}

std::string JsonView::string_or(std::string_view key, std::string fallback) const {
  const auto found = find(key);
  return found ? found->string() : std::move(fallback);
}

bool JsonView::boolean_or(std::string_view key, bool fallback) const {
  const auto found = find(key);
  return found ? found->boolean() : fallback;
}

long JsonView::integer_or(std::string_view key, long fallback) const {
  const auto found = find(key);
  return found ? found->integer() : fallback;
}

std::vector<std::string> JsonView::strings() const {
  std::vector<std::string> out;
  for (const JsonView& element : elements())
    out.push_back(element.string());
  return out;
}

void JsonView::only(const std::vector<std::string>& known) const {
  for (const auto& [key, view] : members()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string near = nearest(key, known);
    throw view.error(
        fmt::format("`{}` is not a known member", printable(key, 80)),
        near.empty() ? "known members: " + join(known, ", ") : fmt::format("did you mean `{}`?", near));
  }
}

}  // namespace offstage
