#include "script/literals.h"

#include <algorithm>
#include <array>

namespace offstage::script {
namespace {

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// After these words an operand follows, and not an operator.
constexpr std::array<std::string_view, 12> before_operands{
    "return", "typeof", "case", "in", "of", "instanceof", "new", "delete", "void", "throw", "await", "yield"};

}  // namespace

Literals::Literals(std::string_view text) : text_(text) {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (std::string_view(" \t\r\n").find(c) != std::string_view::npos) {
      ++at_;
    } else if (c == '/') {
      slash();
    } else {
      if (c == '"' || c == '\'') {
        quoted();
      } else if (c == '`') {
        template_text();
      } else if (c == '}' && !templates_.empty() && templates_.back() == depth_) {
        templates_.pop_back();
        template_text();
      } else {
        if (c == '{') ++depth_;
        if (c == '}' && depth_ > 0) --depth_;
        ++at_;
      }
      code_ = at_;
    }
  }
}

bool Literals::hold(std::size_t at) const {
  return std::any_of(spans_.begin(), spans_.end(),
                     [at](const auto& span) { return span.first <= at && at < span.second; });
}

void Literals::keep(std::size_t start) {
  at_ = std::min(at_, text_.size());
  spans_.emplace_back(start, at_);
}

void Literals::quoted() {
  const std::size_t start = at_++;
  while (at_ < text_.size() && text_[at_] != text_[start])
    at_ += text_[at_] == '\\' ? 2 : 1;
  ++at_;
  keep(start);
}

/// From a backtick, or the brace that ends a computed part, to the next computed part or the backtick that
/// ends it all.
void Literals::template_text() {
  const std::size_t start = at_++;
  while (at_ < text_.size() && text_[at_] != '`') {
    if (text_.substr(at_).starts_with("${")) {
      keep(start);
      at_ += 2;
      templates_.push_back(depth_);
      return;
    }
    at_ += text_[at_] == '\\' ? 2 : 1;
  }
  ++at_;
  keep(start);
}

void Literals::comment(std::string_view end) {
  const std::size_t found = text_.find(end, at_ + 2);
  at_ = found == std::string_view::npos ? text_.size() : found + end.size();
}

void Literals::slash() {
  if (text_.substr(at_).starts_with("//")) return comment("\n");
  if (text_.substr(at_).starts_with("/*")) return comment("*/");
  const std::size_t start = at_++;
  if (begins_value()) {
    bool in_class = false;
    std::size_t end = at_;
    while (end < text_.size() && text_[end] != '\n' && (in_class || text_[end] != '/')) {
      if (text_[end] == '[') in_class = true;
      if (text_[end] == ']') in_class = false;
      end += text_[end] == '\\' ? 2 : 1;
    }
    if (end < text_.size() && text_[end] == '/') {
      at_ = end + 1;
      keep(start);
    }
  }
  code_ = at_;
}

/// Whether an operand, and no operator, follows what came before.
bool Literals::begins_value() const {
  if (code_ == 0) return true;
  const std::string_view before = text_.substr(0, code_);
  if (is_of_word(before.back())) {
    std::size_t start = before.size();
    while (start > 0 && is_of_word(before[start - 1]))
      --start;
    return std::find(before_operands.begin(), before_operands.end(), before.substr(start)) !=
           before_operands.end();
  }
  if (before.ends_with("++") || before.ends_with("--")) return false;
  return std::string_view(")]}\"'`").find(before.back()) == std::string_view::npos;
}

}  // namespace offstage::script
