#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/secret.h"

namespace offstage::cli {

/// Whether text for people may hold colour.
enum class Colour { automatic, always, never };
/// Decides for one file descriptor: `automatic` means a terminal, without NO_COLOR and TERM=dumb.
bool wants_colour(Colour wish, int fd);
/// Whether the locale of this process writes UTF-8: decides between "✓" and "ok".
bool writes_utf8();

/// The result of a command on stdout: text for people, or one JSON document. One thread.
class Output {
 public:
  Output(bool json, bool colour, bool quiet) : json_(json), colour_(colour), quiet_(quiet) {}

  bool json() const { return json_; }
  bool quiet() const { return quiet_; }

  /// Writes the one document, in JSON mode.
  void document(const Json& value);
  /// Writes a line for people; nothing in JSON mode. Text from pages must be `printable` already.
  void line(std::string_view text = {});
  /// The same as it stands, without an end of line, in either mode: generated files.
  void raw(std::string_view text);

  enum class Tone { plain, strong, good, bad, dim };
  /// `text` in a tone, when colour is wanted.
  std::string toned(std::string_view text, Tone tone) const;

 private:
  bool json_;
  bool colour_;
  bool quiet_;
};

/// Rows under headings, aligned, with tones that do not disturb the alignment.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}
  struct Cell {
    std::string text;
    Output::Tone tone = Output::Tone::plain;
    Cell(std::string text_in, Output::Tone tone_in = Output::Tone::plain)  // NOLINT: made from strings
        : text(std::move(text_in)), tone(tone_in) {}
  };
  /// Cells are made printable here.
  void add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  void print(Output& output) const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<Cell>> rows_;
};

/// The error document of JSON mode: {"version": 1, "error": {…}}.
Json error_document(const Error& error, const SecretStore& secrets);
/// The same for people: "error: …", its causes, and what to do next.
std::string error_text(const Error& error, const SecretStore& secrets);

}  // namespace offstage::cli
