#include "cli/output.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

#include <fmt/format.h>

#include "base/environment.h"
#include "base/file.h"
#include "base/text.h"
#include "offboarding/paint.h"

namespace offstage::cli {
namespace {

std::string safe(std::string_view text, const SecretStore& secrets) {
  return printable(secrets.redacted(std::string(text)), 2000);
}

}  // namespace

bool wants_colour(Colour wish, int fd) {
  if (wish != Colour::automatic) return wish == Colour::always;
  return environment("NO_COLOR").empty() && environment("TERM") != "dumb" && ::isatty(fd) == 1;
}

bool writes_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = ascii_lower(environment(name));
    if (!value.empty())
      return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

void Output::raw(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      if (errno == EPIPE && !json_) return;  // the reader has seen enough
      throw Error(Kind::usage, with_errno("cannot write the result to standard output"),
                  "what was done is done: see the evidence folder");
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Output::document(const Json& value) {
  raw(value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void Output::line(std::string_view text) {
  if (!json_) raw(std::string(text) + "\n");
}

std::string Output::toned(std::string_view text, Tone tone) const {
  if (!colour_ || tone == Tone::plain) return std::string(text);
  const char* code = "";
  switch (tone) {
    case Tone::strong:
      code = "1";
      break;
    case Tone::good:
      code = "32";
      break;
    case Tone::bad:
      code = "31";
      break;
    case Tone::dim:
      code = "2";
      break;
    case Tone::plain:
      break;
  }
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

void Table::add(std::vector<Cell> row) {
  for (Cell& cell : row)
    cell.text = printable(cell.text, 100);
  row.resize(headings_.size(), Cell(""));
  rows_.push_back(std::move(row));
}

void Table::print(Output& output) const {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < headings_.size(); ++column) {
    std::size_t width = offboarding::columns(headings_[column]);
    for (const auto& row : rows_)
      width = std::max(width, offboarding::columns(row[column].text));
    widths.push_back(width);
  }
  const auto padding = [&](std::size_t column, std::string_view text) {
    return column + 1 == widths.size() ? ""
                                       : std::string(widths[column] - offboarding::columns(text) + 2, ' ');
  };
  std::string heading;
  for (std::size_t column = 0; column < headings_.size(); ++column)
    heading += headings_[column] + padding(column, headings_[column]);
  output.line("  " + output.toned(heading, Output::Tone::strong));
  for (const auto& row : rows_) {
    std::string text;
    for (std::size_t column = 0; column < row.size(); ++column)
      text += output.toned(row[column].text, row[column].tone) + padding(column, row[column].text);
    output.line("  " + text);
  }
}

Json error_document(const Error& error, const SecretStore& secrets) {
  Json causes = Json::array();
  std::string hint = error.hint();
  for (const Error* cause = error.cause(); cause != nullptr; cause = cause->cause()) {
    causes.push_back(safe(cause->message(), secrets));
    if (hint.empty()) hint = cause->hint();
  }
  return Json{{"version", 1},
              {"error",
               {{"kind", name_of(error.kind())},
                {"exit_code", exit_code_of(error.kind())},
                {"message", safe(error.message(), secrets)},
                {"hint", safe(hint, secrets)},
                {"causes", causes},
                {"try_again", info(error.kind()).try_again}}}};
}

std::string error_text(const Error& error, const SecretStore& secrets) {
  std::string text = "error: " + safe(error.message(), secrets) + "\n";
  std::string hint = error.hint();
  for (const Error* cause = error.cause(); cause != nullptr; cause = cause->cause()) {
    text += "  because: " + safe(cause->message(), secrets) + "\n";
    if (hint.empty()) hint = cause->hint();
  }
  if (!hint.empty()) text += "  " + safe(hint, secrets) + "\n";
  return text;
}

}  // namespace offstage::cli
