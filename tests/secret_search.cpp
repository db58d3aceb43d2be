#include "secret_search.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "processes.h"

namespace offstage::test {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

std::string hex_of(std::string_view bytes, bool upper) {
  std::string out;
  for (const char c : bytes)
    out += upper ? fmt::format("{:02X}", static_cast<unsigned char>(c))
                 : fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::string wide(std::string_view bytes) {
  std::string out;
  for (const char c : bytes)
    out.append({c, '\0'});
  return out;
}

/// The base64 of `value` where `before` bytes stand before it: only the digits that no neighbour has a part
/// in.
std::string base64_inside(const std::string& value, std::size_t before) {
  const std::string all = base64_encoded(std::string(before, 'x') + value);
  const std::size_t first = (before * 8 + 5) / 6;
  return all.substr(first, (before + value.size()) * 8 / 6 - first);
}

std::string for_addresses(std::string base64) {
  std::replace(base64.begin(), base64.end(), '+', '-');
  std::replace(base64.begin(), base64.end(), '/', '_');
  return base64;
}

/// `%41` and `+` as the bytes that they stand for, everything else as it is: what follows need be no address.
std::string percent_decoded(std::string_view text) {
  const auto value = [](char c) {
    if (digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escape =
        text[at] == '%' && at + 2 < text.size() && value(text[at + 1]) >= 0 && value(text[at + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(value(text[at + 1]) * 16 + value(text[at + 2]));
      at += 2;
    } else {
      out += text[at] == '+' ? ' ' : text[at];
    }
  }
  return out;
}

/// JSON's escapes as what they stand for; those above ASCII are left.
std::string json_unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    const char next = text[++at];
    const std::string_view code = next == 'u' && at + 4 < text.size() ? text.substr(at + 1, 4) : "";
    const bool ascii =
        code.starts_with("00") && code.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    if (ascii) {
      out += static_cast<char>(std::stoi(std::string(code), nullptr, 16));
      at += 4;
    } else {
      out += next;
    }
  }
  return out;
}

std::optional<std::string> content_of(const std::filesystem::path& file) {
  try {
    return read_file(file);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

void SecretSearch::note(const std::string& name, const std::string& how, std::string bytes,
                        bool whole_number) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  std::vector<Written>& same = by_first_[first];
  const bool known = std::any_of(same.begin(), same.end(), [&](const Written& each) {
    return each.bytes == bytes && each.name.starts_with(name + " (");
  });
  if (known) return;
  beginnings_.set(first * 256U + static_cast<unsigned char>(bytes[1]));
  same.push_back({fmt::format("{} ({})", name, how), std::move(bytes), whole_number});
}

void SecretSearch::add(const std::string& name, const std::string& value) {
  if (value.size() < 5) throw Error(Kind::internal, "too short a secret to be told from chance: " + name);
  const bool number = std::all_of(value.begin(), value.end(), digit);
  note(name, "plain", value, number);
  note(name, "HTML", html_escaped(value), number);
  note(name, "UTF-16LE", wide(value));
  note(name, "hexadecimal", hex_of(value, false));
  note(name, "hexadecimal", hex_of(value, true));
  for (std::size_t before = 0; before < 3; ++before) {
    note(name, "base64", base64_inside(value, before));
    note(name, "base64", for_addresses(base64_inside(value, before)));
  }
}

void SecretSearch::scan(std::string_view bytes, const std::string& also, std::set<std::string>& found) const {
  for (std::size_t at = 0; at + 1 < bytes.size(); ++at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    if (!beginnings_.test(first * 256U + static_cast<unsigned char>(bytes[at + 1]))) continue;
    for (const Written& each : by_first_[first]) {
      const std::size_t end = at + each.bytes.size();
      if (bytes.compare(at, each.bytes.size(), each.bytes) != 0) continue;
      const bool longer = (at > 0 && digit(bytes[at - 1])) || (end < bytes.size() && digit(bytes[end]));
      if (!(each.whole_number && longer)) found.insert(each.name + also);
    }
  }
}

std::set<std::string> SecretSearch::in(std::string_view bytes) const {
  std::set<std::string> found;
  scan(bytes, "", found);
  // Taking the escapes out finds every way to write them.
  if (bytes.find_first_of("%+") != std::string::npos)
    scan(percent_decoded(bytes), ", percent-encoded", found);
  if (bytes.find('\\') != std::string::npos) scan(json_unescaped(bytes), ", escaped as in JSON", found);
  return found;
}

void SecretSearch::search(const std::string& place, std::string_view bytes, Findings& findings) const {
  ++findings.places;
  for (const std::string& each : in(bytes))
    findings.found.insert(fmt::format("{}: {}", place, each));
}

void SecretSearch::search_folder(const std::filesystem::path& folder, Findings& findings) const {
  std::error_code gone;  // files come and go while a program runs
  std::filesystem::recursive_directory_iterator entry(folder, gone);
  for (const std::filesystem::recursive_directory_iterator end; !gone && entry != end;
       entry.increment(gone)) {
    const std::filesystem::path path = entry->path();
    search("the name " + path.string(), path.lexically_relative(folder).string(), findings);
    std::error_code none;
    if (entry->is_symlink(none)) {
      search("the link " + path.string(), std::filesystem::read_symlink(path, none).string(), findings);
    } else if (entry->is_regular_file(none)) {
      const std::optional<std::string> content = content_of(path);
      if (content) search(path.string(), *content, findings);
      if (!content && std::filesystem::exists(path, none)) findings.unreadable.insert(path.string());
    }
  }
}

void SecretSearch::search_family(long ancestor, Findings& findings) const {
  for (const std::string& pid : family_of(ancestor)) {
    for (const char* what : {"comm", "cmdline", "environ"}) {
      const std::string place = "/proc/" + pid + "/" + what;
      const std::optional<std::string> content = content_of(place);
      if (content) search(place, *content, findings);
      // One that is about to end has given its memory back, arguments and environment included.
      if (!content && !read_proc(pid, "cmdline").empty()) findings.unreadable.insert(place);
    }
  }
}

}  // namespace offstage::test
