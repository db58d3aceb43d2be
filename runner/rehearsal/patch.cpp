#include "rehearsal/patch.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "recording/har.h"
#include "rehearsal/suite.h"
#include "script/selectors.h"

namespace offstage::rehearsal {
namespace {

/// Goes through a valid JSON text value by value.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  /// The span of the value at the rest of a pointer, from where the walker stands.
  std::optional<std::pair<std::size_t, std::size_t>> find(const std::vector<std::string>& parts,
                                                          std::size_t depth) {
    skip_space();
    if (depth == parts.size()) {
      const std::size_t start = at_;
      skip_value();
      return std::pair(start, at_);
    }
    if (peek() == '{') return find_member(parts, depth);
    if (peek() == '[') return find_element(parts, depth);
    return std::nullopt;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
  }
  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    ++at_;
  }
  void skip_value() {
    int depth = 0;
    do {
      const char c = peek();
      if (c == '"') {
        skip_string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
      if (depth == 0 && c != '}' && c != ']') {
        // A number or a word goes on to the next sign.
        while (at_ < text_.size() &&
               std::string_view(",]} \n\t\r").find(text_[at_]) == std::string_view::npos)
          ++at_;
        return;
      }
    } while (depth > 0 && at_ < text_.size());
  }
  std::optional<std::pair<std::size_t, std::size_t>> find_member(const std::vector<std::string>& parts,
                                                                 std::size_t depth) {
    for (++at_, skip_space(); peek() == '"'; skip_space()) {
      const std::size_t start = at_;
      skip_string();
      const Json name = Json::parse(text_.substr(start, at_ - start), nullptr, false);
      skip_space();
      ++at_;  // the colon
      if (name.is_string() && name.get<std::string>() == parts[depth]) return find(parts, depth + 1);
      skip_space();
      skip_value();
      skip_space();
      if (peek() == ',') ++at_;
    }
    return std::nullopt;
  }
  std::optional<std::pair<std::size_t, std::size_t>> find_element(const std::vector<std::string>& parts,
                                                                  std::size_t depth) {
    ++at_;
    for (std::size_t index = 0;; ++index) {
      skip_space();
      if (peek() == ']' || at_ >= text_.size()) return std::nullopt;
      if (std::to_string(index) == parts[depth]) return find(parts, depth + 1);
      skip_value();
      skip_space();
      if (peek() == ',') ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The member that holds the selectors of a step which may be given more of them; empty: none may.
std::string selectors_member(const script::Step& step) {
  if (step.type != script::StepType::custom) return step.selectors.empty() ? "" : "/selectors";
  return step.name == "expect" ? "/parameters/selectors" : "";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace

std::optional<std::pair<std::size_t, std::size_t>> span_of(std::string_view json, std::string_view pointer) {
  std::vector<std::string> parts;
  if (!pointer.empty()) {
    parts = split(pointer.substr(1), '/');
  }
  return Walker(json).find(parts, 0);
}

std::vector<Patch> patches_for(const Comparison& comparison, const Scenario& scenario,
                               std::vector<std::string>& left) {
  std::vector<Patch> patches;
  ScriptShelf shelf(scenario);
  for (const StepDrift& drift : comparison.steps) {
    const std::string place = drift.script + " " + drift.step;
    const script::Script* script = shelf.find(drift.script);
    const script::Step* step = script == nullptr ? nullptr : script::step_at(*script, drift.step);
    const std::string member = step == nullptr ? "" : selectors_member(*step);
    if (drift.commits) {
      left.push_back(place + ": a commit step is mended by a person only");
      continue;
    }
    if (!drift.proposal || drift.proposal->selectors.empty() || member.empty()) {
      left.push_back(place + ": nothing on the page is clearly what it was; look at the page");
      continue;
    }
    auto patch = std::find_if(patches.begin(), patches.end(),
                              [&](const Patch& each) { return each.file == script->file; });
    if (patch == patches.end()) {
      patches.push_back({script->file, script->document->text(), script->document->text(), {}});
      patch = patches.end() - 1;
    }
    const auto span = span_of(patch->after, drift.step + member);
    if (!span) continue;
    const browser::SelectorChain& chain = drift.proposal->selectors.front();
    const std::string written = Json(chain.front()).dump();
    if (patch->after.substr(span->first, span->second - span->first).find(written) != std::string::npos) {
      left.push_back(place + ": what is most alike is named in the script already; look at the page");
      continue;
    }
    // Behind the last selector, not behind the white space that follows it.
    const std::size_t last = patch->after.find_last_not_of(" \t\r\n", span->second - 2);
    patch->after.insert(last + 1, fmt::format(", [{}]", written));
    patch->words.push_back(fmt::format("{}: also {} ({}; alike {:.2f}, the next one {:.2f})", drift.step,
                                       script::written(chain), printable(drift.proposal->element, 100),
                                       drift.proposal->score, drift.proposal->runner_up));
  }
  std::erase_if(patches, [](const Patch& patch) { return patch.words.empty(); });
  return patches;
}

std::string unified_diff(const Patch& patch) {
  // Only insertions within lines are made: both texts have the same lines.
  const std::vector<std::string> before = lines_of(patch.before);
  const std::vector<std::string> after = lines_of(patch.after);
  const std::string name = patch.file.filename().string();
  std::string out = fmt::format("--- {}\n+++ {}\n", name, name);
  constexpr std::size_t around = 3;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    std::size_t end = i + 1;
    for (std::size_t j = i + 1; j < before.size() && j < end + around; ++j)
      if (before[j] != after[j]) end = j + 1;
    const std::size_t from = i > around ? i - around : 0;
    const std::size_t to = std::min(before.size(), end + around);
    out += fmt::format("@@ -{},{} +{},{} @@\n", from + 1, to - from, from + 1, to - from);
    for (std::size_t j = from; j < to; ++j) {
      if (before[j] == after[j]) {
        out += " " + before[j] + "\n";
      } else {
        out += "-" + before[j] + "\n+" + after[j] + "\n";
      }
    }
    i = to;
  }
  return out;
}

std::vector<std::string> disproofs(const std::vector<Patch>& patches,
                                   const std::vector<std::filesystem::path>& recordings,
                                   const connector::Registry& registry, const browser::LaunchOptions& options,
                                   const Until& until) {
  namespace fs = std::filesystem;
  // All scripts of the folder, since they run each other, with the patched ones in their places.
  const TemporaryFolder folder("offstage-repair-");
  for (const Patch& patch : patches) {
    for (const auto& entry : fs::directory_iterator(fs::absolute(patch.file).parent_path())) {
      const fs::path copy = folder.path() / entry.path().filename();
      if (entry.path().extension() == ".json" && !fs::exists(copy)) fs::copy_file(entry.path(), copy);
    }
    write_file(folder.path() / patch.file.filename(), patch.after);
  }
  std::vector<std::string> reasons;
  std::vector<Case> cases;
  for (const fs::path& file : recordings) {
    const auto recording = std::make_shared<const recording::Recording>(recording::load(file));
    const auto scenario = std::make_shared<Scenario>(scenario_of(*recording, file, registry));
    for (auto& script : scenario->scripts) {
      const fs::path copy = folder.path() / script->file.filename();
      if (fs::exists(copy)) script = script::load(copy);
    }
    const bool concerned =
        std::any_of(recording->scripts.begin(), recording->scripts.end(), [&](const auto& script) {
          return std::any_of(patches.begin(), patches.end(),
                             [&](const Patch& patch) { return patch.file.filename() == script.file; });
        });
    if (!concerned) continue;
    for (const std::string& fault : check_snapshots(*recording, *scenario).faults)
      reasons.push_back(file.filename().string() + ": " + fault);
    cases.push_back(
        {file.string(), file,
         [recording, scenario](browser::Browser& browser, recording::Traffic& traffic, const Until& soon) {
           return replayed(browser, traffic, *recording, *scenario, soon);
         }});
  }
  if (cases.empty()) reasons.emplace_back("no recording plays these scripts: nothing proves the change");
  SuiteObserver nobody;
  for (const Result& result : run_cases(cases, options, 4, nobody, until)) {
    if (result.error) reasons.push_back(result.name + ": " + result.error->message());
    for (const std::string& fault : result.verdict.faults)
      reasons.push_back(result.name + ": " + fault);
  }
  return reasons;
}

}  // namespace offstage::rehearsal
