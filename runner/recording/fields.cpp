#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "recording/learn.h"

namespace offstage::recording::redaction {
namespace {

constexpr std::size_t longest_name = 60;
constexpr std::size_t longest_tag = 20000;

bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' || c == '[' ||
         c == ']';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_quote(char c) {
  return c == '"' || c == '\'' || c == '`';
}

/// The name that ends before `end`, which may be quoted.
std::string_view name_before(std::string_view text, std::size_t end) {
  while (end > 0 && is_blank(text[end - 1]))
    --end;
  if (end > 0 && is_quote(text[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && end - begin < longest_name && is_name_char(text[begin - 1]))
    --begin;
  const std::string_view name = text.substr(begin, end - begin);
  const std::size_t dot = name.rfind('.');  // window.csrf = "…"
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

/// The attributes of the tag whose `<` stands at `at`, which is moved behind it; names are in lower case.
std::vector<std::pair<std::string, std::string_view>> attributes_of(std::string_view text, std::size_t& at) {
  std::vector<std::pair<std::string, std::string_view>> out;
  const std::size_t last = std::min(text.size(), at + longest_tag);
  while (at < last && !is_blank(text[at]) && text[at] != '>')
    ++at;
  while (at < last && text[at] != '>') {
    if (is_blank(text[at]) || text[at] == '/') {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < last && !is_blank(text[at]) && text[at] != '=' && text[at] != '>')
      ++at;
    std::string name = ascii_lower(text.substr(begin, at - begin));
    if (at >= last || text[at] != '=') {
      out.emplace_back(std::move(name), std::string_view{});
      continue;
    }
    ++at;
    const bool quoted = at < last && is_quote(text[at]);
    const char quote = quoted ? text[at++] : ' ';
    const std::size_t value = at;
    while (at < last && (quoted ? text[at] != quote : !is_blank(text[at]) && text[at] != '>'))
      ++at;
    out.emplace_back(std::move(name), text.substr(value, at - value));
    if (quoted && at < last) ++at;
  }
  return out;
}

}  // namespace

std::vector<Json> json_in(std::string_view body) {
  std::vector<Json> out;
  std::string_view text = trimmed(body);
  if (text.starts_with(")]}'")) text = trimmed(text.substr(4));
  const auto parse = [&out](std::string_view each) {
    each = trimmed(each);
    if (!each.starts_with('{') && !each.starts_with('[')) return false;
    Json json = Json::parse(each, nullptr, false);
    if (json.is_discarded()) return false;
    out.push_back(std::move(json));
    return true;
  };
  if (parse(text)) return out;
  if (text.empty() ||
      (text[0] != '{' && text[0] != '[' && !text.starts_with("data:") && !text.starts_with("event:") &&
       !text.starts_with("id:") && !text.starts_with(':') && !text.starts_with("retry:"))) {
    return out;
  }
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (line.starts_with("data:")) line.remove_prefix(5);
    parse(line);
    begin = end + 1;
  }
  return out;
}

void for_each_pair(std::string_view text,
                   const std::function<void(std::string_view, std::string_view)>& visit) {
  constexpr std::string_view ends = "&#\"'`<>;,)}]| \t\r\n";
  for (std::size_t at = text.find_first_of("=:"); at != std::string_view::npos;
       at = text.find_first_of("=:", at + 1)) {
    const std::string_view name = name_before(text, at);
    if (name.size() < 3) continue;
    std::size_t begin = at + 1;
    while (begin < text.size() && is_blank(text[begin]))
      ++begin;
    if (begin >= text.size()) break;
    if (is_quote(text[begin])) {
      const std::size_t end = text.find(text[begin], begin + 1);
      if (end != std::string_view::npos) visit(name, text.substr(begin + 1, end - begin - 1));
    } else if (text[at] == '=' && begin == at + 1) {
      const std::size_t end = std::min(text.find_first_of(ends, begin), text.size());
      visit(name, text.substr(begin, end - begin));
    }
  }
}

void for_each_named_tag(std::string_view text,
                        const std::function<void(std::string_view, std::string_view)>& visit) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
    const std::string tag = ascii_lower(text.substr(at + 1, 6));
    if (!tag.starts_with("meta") && !tag.starts_with("input") && !tag.starts_with("button")) {
      ++at;
      continue;
    }
    std::string_view name;
    std::string_view value;
    for (const auto& [key, each] : attributes_of(text, at)) {
      if (key == "name" || key == "property" || (key == "id" && name.empty())) name = each;
      if (key == "content" || key == "value") value = each;
    }
    if (!name.empty() && !value.empty()) visit(name, value);
  }
}

}  // namespace offstage::recording::redaction
