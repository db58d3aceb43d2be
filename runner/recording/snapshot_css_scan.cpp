#include "recording/snapshot_css_scan.h"

#include <algorithm>

namespace offstage::recording::snapshot {
namespace {

bool is_css_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_name_letter(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == '-';
}

int css_hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void append_utf8(std::string& out, char32_t code) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    out += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

}  // namespace

bool CssScanner::take(char c) {
  if (peek() != c || done()) return false;
  ++at_;
  return true;
}

bool CssScanner::skip_space() {
  bool space = false;
  while (!done()) {
    if (is_css_space(peek())) {
      space = true;
      ++at_;
    } else if (!skip_comment()) {
      break;
    }
  }
  return space;
}

bool CssScanner::skip_comment() {
  if (!css_.substr(std::min(at_, css_.size())).starts_with("/*")) return false;
  const std::size_t end = css_.find("*/", at_ + 2);
  at_ = end == std::string_view::npos ? css_.size() : end + 2;
  return true;
}

bool CssScanner::is_escape(std::size_t ahead) const {
  return peek(ahead) == '\\' && at_ + ahead + 1 < css_.size() && peek(ahead + 1) != '\n';
}

bool CssScanner::is_identifier() const {
  if (peek() == '-') return is_name_start(peek(1)) || peek(1) == '-' || is_escape(1);
  return is_name_start(peek()) || is_escape(0);
}

void CssScanner::take_escape(std::string& out) {
  ++at_;
  if (css_hex(peek()) < 0 || done()) {
    out += css_[at_++];
    return;
  }
  char32_t code = 0;
  for (int digits = 0; digits < 6 && css_hex(peek()) >= 0 && !done(); ++digits)
    code = code * 16 + static_cast<char32_t>(css_hex(css_[at_++]));
  if (peek() == '\r' && peek(1) == '\n') ++at_;
  if (!done() && is_css_space(peek())) ++at_;
  append_utf8(out, code);
}

std::string CssScanner::name() {
  std::string out;
  while (!done()) {
    if (is_escape(0)) {
      take_escape(out);
    } else if (is_name_letter(peek())) {
      out += css_[at_++];
    } else {
      break;
    }
  }
  return out;
}

std::string CssScanner::identifier() {
  if (!is_identifier()) throw NotCss();
  return name();
}

std::string CssScanner::quoted() {
  const char quote = css_[at_++];
  std::string out;
  while (!done() && peek() != quote) {
    if (peek() == '\n') throw NotCss();
    if (peek() != '\\') {
      out += css_[at_++];
    } else if (peek(1) == '\n') {
      at_ += 2;
    } else if (at_ + 1 >= css_.size()) {
      ++at_;
    } else {
      take_escape(out);
    }
  }
  take(quote);
  return out;
}

void CssScanner::skip_choice() {
  int open = 0;
  while (!done()) {
    const char c = peek();
    if (c == '"' || c == '\'') {
      quoted();
      continue;
    }
    if (c == '(' || c == '[') ++open;
    if (open == 0 && (c == ',' || c == ')')) return;
    if (c == ')' || c == ']') --open;
    at_ += c == '\\' ? 2 : 1;
  }
  at_ = css_.size();
}

int CssScanner::number() {
  int value = 0;
  std::size_t digits = 0;
  while (peek() >= '0' && peek() <= '9') {
    value = std::min(value * 10 + (css_[at_++] - '0'), 1'000'000);
    ++digits;
  }
  if (digits == 0) throw NotCss();
  return value;
}

}  // namespace offstage::recording::snapshot
