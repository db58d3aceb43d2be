#include "recording/snapshot_source.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace offstage::recording::snapshot {
namespace {

template <std::size_t count>
bool is_among(const std::array<std::string_view, count>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 16> void_names = {
    "area", "base", "br",    "col",    "embed", "hr",  "img",      "input",
    "link", "meta", "param", "source", "track", "wbr", "basefont", "frame"};
constexpr std::array<std::string_view, 9> raw_names = {"script", "style",    "textarea", "title",   "xmp",
                                                       "iframe", "noscript", "noembed",  "noframes"};
/// Those that the next one of their kind ends: they nest only by way of others.
constexpr std::array<std::string_view, 16> self_ending = {
    "html", "head", "body",   "li",       "dt",    "dd",    "p",     "tr",
    "td",   "th",   "option", "optgroup", "tbody", "thead", "tfoot", "colgroup"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/// Walks over the tags of HTML text, copies it without what <noscript> holds, and counts how deep it nests.
class SourceWalk {
 public:
  explicit SourceWalk(std::string_view html) : html_(html) { out_.reserve(html.size()); }

  std::string run() {
    while (at_ < html_.size()) {
      const std::size_t tag = std::min(html_.find('<', at_), html_.size());
      copy_to(tag);
      if (tag == html_.size()) break;
      if (html_.substr(tag).starts_with("<!--")) {
        const std::size_t end = html_.find("-->", tag + 2);
        copy_to(end == std::string_view::npos ? html_.size() : end + 3);
      } else if (tag + 1 < html_.size() && is_letter(html_[tag + 1])) {
        start_tag();
      } else if (tag + 2 < html_.size() && html_[tag + 1] == '/' && is_letter(html_[tag + 2])) {
        const std::string name = name_at(tag + 2);
        copy_to(end_of_tag(tag + 2 + name.size()));
        close(name);
      } else {
        copy_to(tag + 1);
      }
    }
    return std::move(out_);
  }

 private:
  void copy_to(std::size_t end) {
    out_ += html_.substr(at_, end - at_);
    at_ = end;
  }

  std::string name_at(std::size_t start) const {
    std::size_t end = start;
    while (end < html_.size() && !is_blank(html_[end]) && html_[end] != '/' && html_[end] != '>')
      ++end;
    return ascii_lower(html_.substr(start, end - start));
  }

  /// Behind the `>` of a tag whose attributes start at `at`.
  std::size_t end_of_tag(std::size_t at) const {
    bool value = false;
    while (at < html_.size() && html_[at] != '>') {
      const char c = html_[at];
      if (value && (c == '"' || c == '\'')) {
        at = std::min(html_.find(c, at + 1), html_.size() - 1);
        value = false;
      } else if (c == '=') {
        value = true;
      } else if (!is_blank(c)) {
        value = false;
      }
      ++at;
    }
    return std::min(at + 1, html_.size());
  }

  void start_tag() {
    const std::string name = name_at(at_ + 1);
    const std::size_t end = end_of_tag(at_ + 1 + name.size());
    const bool ends_itself = end >= 2 && html_[end - 2] == '/' && foreign_ > 0;
    copy_to(end);
    if (ends_itself || is_void_tag(name)) return;
    if (foreign_ == 0 && is_among(raw_names, name)) {
      raw(name);
      return;
    }
    if (is_among(self_ending, name)) return;
    open_.push_back(name);
    if (name == "svg" || name == "math") ++foreign_;
    if (open_.size() > deepest) throw_too_deep();
  }

  /// The content of an element in which no tags count.
  void raw(const std::string& name) {
    std::size_t end = at_;
    while ((end = html_.find("</", end)) != std::string_view::npos) {
      if (name_at(end + 2) == name) break;
      end += 2;
    }
    end = std::min(end, html_.size());
    if (name == "noscript") at_ = end;
    copy_to(end);
    if (end < html_.size()) copy_to(end_of_tag(end + 2 + name.size()));
  }

  void close(const std::string& name) {
    const auto found = std::find(open_.rbegin(), open_.rend(), name);
    if (found == open_.rend()) return;
    const auto first = found.base() - 1;
    for (auto at = first; at != open_.end(); ++at) {
      if (*at == "svg" || *at == "math") --foreign_;
    }
    open_.erase(first, open_.end());
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::string out_;
  std::vector<std::string> open_;
  int foreign_ = 0;
};

}  // namespace

bool is_void_tag(std::string_view name) {
  return is_among(void_names, name);
}

void throw_too_deep() {
  throw Error(Kind::usage,
              "a page snapshot nests its elements more than " + std::to_string(deepest) + " deep",
              "record the page again; no browser writes such HTML");
}

std::string prepared_source(std::string_view html) {
  if (html.size() > largest_html) {
    throw Error(Kind::usage, "a page snapshot is larger than 64 MiB", "record the page again");
  }
  return SourceWalk(html).run();
}

}  // namespace offstage::recording::snapshot
