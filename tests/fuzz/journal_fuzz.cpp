// Bytes as a journal, once as they are and once with each line told to follow the one before. It is refused
// for the person who keeps it, or read; torn anywhere it still gives its whole lines, and no line but the
// last can be changed unseen.
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "fuzz/accepted.h"
#include "fuzz/require.h"
#include "memory_folder.h"
#include "offboarding/history.h"
#include "offboarding/journal.h"

using namespace offstage;
using namespace offstage::offboarding;
using fuzz::require;

namespace {

/// A state folder with one journal, in memory.
const std::filesystem::path& state() {
  static const TemporaryFolder folder = test::memory_folder();
  return folder.path();
}

std::optional<std::vector<Entry>> entries_or_refusal(const std::string& text) {
  const std::filesystem::path file = state() / "r.jsonl";
  std::ofstream(file, std::ios::binary) << text;
  try {
    return read_journal(file);
  } catch (const Error& error) {
    require(error.kind() == Kind::usage, "a journal is refused as damaged");
    return std::nullopt;
  }
}

/// Every line that is an object follows the one before it, as no fuzzer can make it.
std::string chained(const std::string& text) {
  std::string out;
  std::string last(64, '0');
  std::vector<std::string> lines = split(text, '\n');
  const std::string torn = lines.back();
  lines.pop_back();
  for (std::string& line : lines) {
    Json json = Json::parse(line, nullptr, false);
    if (json.is_object()) {
      json["prev"] = last;
      line = json.dump();
    }
    last = sha256(line);
    out += line + "\n";
  }
  return out + torn;
}

bool same(const Entry& a, const Entry& b) {
  return a.number == b.number && a.at == b.at && a.run == b.run && a.event == b.event &&
         a.action == b.action && a.data == b.data;
}

bool begins(const std::vector<Entry>& whole, const std::vector<Entry>& part) {
  if (part.size() > whole.size()) return false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (!same(whole[i], part[i])) return false;
  }
  return true;
}

void check_torn(const std::string& text, const std::vector<Entry>& entries, std::size_t at) {
  const auto torn = entries_or_refusal(text.substr(0, at));
  require(torn && begins(entries, *torn), "a torn journal gives its whole lines");
}

void check_changed(std::string text, const std::vector<Entry>& entries, std::size_t at) {
  // The last line that was read has nothing after it yet that would speak for it.
  std::size_t last = 0;
  for (std::size_t i = 0; i + 1 < entries.size(); ++i)
    last = text.find('\n', last) + 1;
  if (last == 0) return;
  char& byte = text[at % last];
  byte = byte == '7' ? '8' : '7';
  const auto changed = entries_or_refusal(text);
  require(!changed || changed->size() < entries.size(), "a changed line is not followed by the next");
}

/// Whether it could be read.
bool check_journal(const std::string& text, std::size_t seed) {
  const auto entries = entries_or_refusal(text);
  if (!entries) return false;
  require(recover(*entries).size() <= entries->size(), "no more is open than was announced");
  try {
    if (const auto cut_off = interrupted_run(state(), "heroku", "https://dashboard.heroku.com"))
      describe(cut_off->request);
  } catch (const Error& error) {
    require(error.kind() == Kind::usage, "a journal is refused as damaged");
  }
  check_torn(text, *entries, seed % (text.size() + 1));
  check_changed(text, *entries, seed * 31);
  return !entries->empty();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  std::size_t seed = size;
  for (std::size_t i = 0; i < size; i += 97)
    seed = seed * 131 + bytes[i];
  bool is_journal = check_journal(text, seed);
  // What is nested too deeply was refused, and is not for the harness's own reading.
  if (!nested_deeper(text, deepest_nesting)) is_journal = check_journal(chained(text), seed) || is_journal;
  if (is_journal) fuzz::accepted.one();
  return 0;
}
