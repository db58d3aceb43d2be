#include "console/heroku/pages.h"

#include <array>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "console/heroku/embedded_pages.h"

namespace offstage::practice_heroku {
namespace {

std::optional<std::string_view> content_of(std::string_view file) {
  for (const EmbeddedPage& each : embedded_pages()) {
    if (each.name == file) return each.content;
  }
  return std::nullopt;
}

const std::string& value_of(const Values& values, const std::string& name, std::string_view file) {
  const auto found = values.find(name);
  if (found == values.end())
    throw Error(Kind::internal, fmt::format("the page {} needs a value for {}", file, name));
  return found->second;
}

/// Puts a module and all that it imports one after the other, each after those it needs: the one file that a
/// real console would send. Modules here import by name from beside them, one import a line, and share no
/// name.
class Bundle {
 public:
  explicit Bundle(const std::string& entry) { add(entry); }
  const std::string& text() const { return text_; }

 private:
  void add(const std::string& file) {
    if (!added_.insert(file).second) return;
    const auto content = content_of(file);
    if (!content) throw Error(Kind::internal, fmt::format("there is no module {}", file));
    std::string own;
    for (const std::string& line : split(std::string(*content), '\n')) {
      constexpr std::string_view from = "} from './";
      constexpr std::string_view exported = "export ";
      if (const std::size_t at = line.find(from); line.starts_with("import {") && at != std::string::npos) {
        const std::size_t name = at + from.size();
        add(line.substr(name, line.find('\'', name) - name));
      } else {
        own += line.starts_with(exported) ? line.substr(exported.size()) : line;
        own += '\n';
      }
    }
    text_ += own;
  }

  std::set<std::string> added_;
  std::string text_;
};

}  // namespace

std::string page(std::string_view file, const Values& values) {
  const auto content = content_of(file);
  if (!content) throw Error(Kind::internal, fmt::format("there is no page {}", file));
  std::string out;
  std::string_view rest = *content;
  while (true) {
    const std::size_t open = rest.find("{{");
    out += rest.substr(0, open);
    if (open == std::string_view::npos) return out;
    const bool as_it_stands = rest.substr(open).starts_with("{{{");
    const std::string_view closing = as_it_stands ? "}}}" : "}}";
    const std::size_t start = open + closing.size();
    const std::size_t close = rest.find(closing, start);
    if (close == std::string_view::npos)
      throw Error(Kind::internal, fmt::format("{}: {{{{ is not closed", file));
    const std::string& value = value_of(values, std::string(rest.substr(start, close - start)), file);
    out += as_it_stands ? value : html_escaped(value);
    rest.remove_prefix(close + closing.size());
  }
}

std::optional<Response> asset(std::string_view file) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> types = {
      {{".js", "text/javascript; charset=utf-8"},
       {".css", "text/css; charset=utf-8"},
       {".svg", "image/svg+xml"}}};
  for (const auto& [ending, type] : types) {
    if (!file.ends_with(ending)) continue;
    const auto content = content_of(file);
    if (!content) return std::nullopt;
    static const std::string dashboard = Bundle("dashboard.js").text();
    Response response = html(200, file == "dashboard.js" ? dashboard : std::string(*content));
    response.content_type = type;
    response.with("Cache-Control", "max-age=3600");
    return response;
  }
  return std::nullopt;
}

}  // namespace offstage::practice_heroku
