#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "browser/browser.h"
#include "cli/commands.h"
#include "cli/console_session.h"
#include "cli/progress.h"
#include "offboarding/commit.h"
#include "offboarding/evidence.h"
#include "offboarding/journal.h"
#include "script/interpreter.h"
#include "script/script.h"

namespace offstage::cli {
namespace {

std::string_view word(script::Finding::Level level) {
  switch (level) {
    case script::Finding::Level::error:
      return "error";
    case script::Finding::Level::warning:
      return "warning";
    case script::Finding::Level::note:
      return "note";
  }
  return "";
}

std::optional<Kind> check_scripts(Run& run, const std::vector<std::string>& files) {
  Json document{{"version", 1}, {"command", "script check"}, {"files", Json::array()}};
  bool good = true;
  for (const std::string& file : files) {
    Json entry{{"file", file}, {"title", ""}, {"needs", Json::array()}, {"findings", Json::array()}};
    std::vector<script::Finding> findings;
    try {
      const auto script = script::load(file);
      entry["title"] = printable(script->title);
      entry["needs"] = script::free_names(*script);
      findings = script::check(*script);
    } catch (const Error& error) {
      if (error.kind() != Kind::usage) throw;
      findings.push_back({script::Finding::Level::error, "", 0, error.message(), error.hint()});
    }
    if (findings.empty())
      run.output.line(fmt::format("{}: {}", file, run.output.toned("good", Output::Tone::good)));
    for (const script::Finding& finding : findings) {
      good = good && finding.level != script::Finding::Level::error;
      entry["findings"].push_back({{"level", word(finding.level)},
                                   {"path", finding.path},
                                   {"line", finding.line},
                                   {"text", printable(finding.text)},
                                   {"hint", printable(finding.hint)}});
      // An error of the parser names file and line itself.
      const std::string place =
          finding.line == 0 ? "" : fmt::format("{}:{}: {}: ", file, finding.line, finding.path);
      run.output.line(fmt::format("{}{}: {}", place, word(finding.level), printable(finding.text, 600)));
      if (!finding.hint.empty()) run.output.line(fmt::format("  {}", printable(finding.hint, 600)));
    }
    document["files"].push_back(std::move(entry));
  }
  if (run.output.json()) run.output.document(document);
  if (good) return {};
  return Kind::usage;
}

struct ScriptRun {
  std::string file;
  std::vector<std::string> arguments;
  std::string start_url;
  std::vector<std::string> origins;
  bool allow_commit = false;
};

/// NAME=VALUE words. Throws Error{usage}.
std::map<std::string, Json> variables_of(const std::vector<std::string>& words) {
  std::map<std::string, Json> out;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw Error(Kind::usage, fmt::format("--arg {}: is not written as NAME=VALUE", printable(word, 80)),
                  "write --arg user=bob@example.com");
    }
    if (!out.emplace(word.substr(0, equals), word.substr(equals + 1)).second) {
      throw Error(Kind::usage, fmt::format("--arg {} is given twice", printable(word.substr(0, equals), 80)));
    }
  }
  return out;
}

/// Holds the arguments against what the script uses, before any browser starts.
void check_arguments(const script::Script& script, const std::map<std::string, Json>& given) {
  const std::vector<std::string> needed = script::free_names(script);
  for (const std::string& name : needed) {
    if (name == "secret" || name == "otp" || given.contains(name)) continue;
    throw Error(Kind::usage,
                fmt::format("{}: the script needs the argument \"{}\"", script.file.string(), name),
                fmt::format("add --arg {}=VALUE", name));
  }
  for (const auto& [name, value] : given) {
    if (std::find(needed.begin(), needed.end(), name) != needed.end()) continue;
    const std::string meant = nearest(name, needed);
    throw Error(
        Kind::usage,
        fmt::format("{}: the script takes no argument \"{}\"", script.file.string(), printable(name, 80)),
        meant.empty() ? "" : fmt::format("did you mean \"{}\"?", meant));
  }
}

/// Keeps what a script run without a connector leaves behind: pictures, pages and a journal of commits.
class Keeper final : public script::Observer {
 public:
  /// `folder` empty: nothing is kept on disk.
  Keeper(Progress& progress, const std::string& folder) : progress_(progress) {
    if (folder.empty()) return;
    evidence_.emplace(folder);
    journal_.emplace("script-" + random_hex(4), std::vector{evidence_->folder() / "journal.jsonl"});
  }

  void step_started(const std::string& path, const std::string& what) override {
    progress_.step_started(path, what);
  }
  void step_finished(const std::string& path) override {
    ++steps_;
    progress_.step_finished(path);
  }
  void weaker_selector(const std::string& path, const std::string& used) override {
    weaker_.push_back({{"path", path}, {"used", printable(used)}});
    progress_.weaker_selector(path, used);
  }
  void commit_intended(const script::CommitIntent& intent) override {
    if (journal_) {
      journal_->write(offboarding::Event::intent, "",
                      {{"script", intent.script},
                       {"step", intent.step},
                       {"target", printable(intent.target)},
                       {"method", intent.method},
                       {"urls", intent.urls}});
    }
    progress_.commit_intended(intent);
  }
  void commit_reported(const script::CommitIntent& intent, const script::CommitReport& report) override {
    const Json entry{{"step", intent.step},
                     {"target", printable(intent.target)},
                     {"outcome", script::name_of(report.outcome)},
                     {"method", report.method},
                     {"url", printable(report.url)},
                     {"status", report.status},
                     {"words", printable(report.words, script::CommitReport::most_words)}};
    commits_.push_back(entry);
    if (journal_) journal_->write(offboarding::Event::reported, "", entry);
    progress_.commit_reported(intent, report);
  }
  bool wants_captures() const override { return true; }
  void captured(const std::string& name, const std::string& png, const std::string& html) override {
    if (!evidence_) return;
    const std::string stem = fmt::format("{:02}-{}", ++captures_, url_encoded(name));
    evidence_->add(stem + ".png", std::string_view(png));
    evidence_->add(stem + ".html", std::string_view(html));
    files_.push_back((evidence_->folder() / (stem + ".png")).string());
  }

  long steps() const { return steps_; }
  const Json& weaker() const { return weaker_; }
  const Json& commits() const { return commits_; }
  const Json& files() const { return files_; }

 private:
  Progress& progress_;
  std::optional<offboarding::Evidence> evidence_;
  std::optional<offboarding::Journal> journal_;
  long steps_ = 0;
  int captures_ = 0;
  Json weaker_ = Json::array();
  Json commits_ = Json::array();
  Json files_ = Json::array();
};

/// "https://example.com" of an address; "" of what has none.
std::string origin_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return "";
  return url.substr(0, url.find_first_of("/?#", scheme + 3));
}

std::optional<Kind> run_script(Run& run, const ScriptRun& options) {
  const auto script = script::load(options.file);
  for (const script::Finding& finding : script::check(*script)) {
    if (finding.level != script::Finding::Level::error) continue;
    throw Error(Kind::usage,
                fmt::format("{}:{}: {}: {}", options.file, finding.line, finding.path, finding.text),
                finding.hint);
  }
  script::Environment environment;
  environment.variables = variables_of(options.arguments);
  check_arguments(*script, environment.variables);
  environment.secrets = &run.secrets;
  environment.may_commit = options.allow_commit;
  const Until until = run.until(Milliseconds(10 * 60'000));
  read_secrets(run.secrets, run.settings, until);
  const auto mapping = run.settings.practice.empty()
                           ? std::nullopt
                           : std::optional(connector::load_practice(run.settings.practice).mapping);
  browser::Fence fence;
  fence.visit = options.origins;
  const std::string start = origin_of(options.start_url);
  if (!fence.open() && !start.empty()) fence.visit.push_back(start);

  Progress progress(run);
  Keeper keeper(progress, run.settings.evidence);
  progress.doing("starting Chrome");
  const auto browser = launcher(run.settings, mapping)(fence, until);
  const auto context = browser->new_context(until);
  browser::Page& page = context->new_page(until);
  if (!options.start_url.empty()) {
    progress.doing("opening " + printable(options.start_url, 200));
    page.navigate(options.start_url, until);
  }
  script::Interpreter interpreter(*context, page, environment, keeper, run.log);
  interpreter.run(*script, until);
  progress.done();

  const Json fenced = context->fenced();
  if (run.output.json()) {
    Json variables = Json::object();
    for (const auto& [name, value] : environment.variables)
      variables[name] = value;
    run.output.document(
        {{"version", 1},
         {"command", "script run"},
         {"script",
          {{"file", options.file}, {"title", printable(script->title)}, {"sha256", script->digest}}},
         {"steps", keeper.steps()},
         {"variables", variables},
         {"commits", keeper.commits()},
         {"weaker_selectors", keeper.weaker()},
         {"fenced", fenced},
         {"captures", keeper.files()}});
    return {};
  }
  run.output.line(
      fmt::format("{}: {} steps done{}", printable(script->title, 200), keeper.steps(),
                  keeper.commits().empty() ? "" : fmt::format(", {} committed", keeper.commits().size())));
  for (const Json& address : fenced)
    run.output.line("stopped by the fence: " + printable(address.get<std::string>(), 200));
  for (const Json& file : keeper.files())
    run.output.line("captured: " + file.get<std::string>());
  return {};
}

}  // namespace

void add_script(CommandLine& line) {
  CLI::App& group =
      line.group(line.root(), "script", "Check and play scripts: Chrome DevTools Recorder's JSON");

  const auto files = std::make_shared<std::vector<std::string>>();
  CLI::App& check =
      line.command(group, "check", "Read scripts as a careful reviewer would, without a browser",
                   {"script check scripts/{app}/*.json", "script check recording.json --output json"},
                   [files](Run& run) { return check_scripts(run, *files); });
  check.add_option("FILE", *files, "The scripts")->type_name("FILE")->required();

  const auto options = std::make_shared<ScriptRun>();
  CLI::App& play = line.command(
      group, "run", "Play one script, any Recorder export, against any page, without a connector",
      {"script run recording.json",
       "script run sign-in.json --start-url https://example.com/ --arg user=me@example.com",
       "script run delete.json --arg name=old --allow-commit --evidence kept"},
      [options](Run& run) { return run_script(run, *options); });
  play.add_option("FILE", options->file, "The script")->type_name("FILE")->required();
  play.add_option("--arg", options->arguments, "A value for {{NAME}} in the script; may be repeated")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->take_all();
  play.add_option("--start-url", options->start_url, "The page to open first")->type_name("URL");
  play.add_option("--allow-origin", options->origins,
                  "Reach only these origins (https://host[:port]); may be repeated; without it, all")
      ->type_name("ORIGIN")
      ->expected(1)
      ->take_all();
  add_repair(line, group);
  play.add_flag("--allow-commit", options->allow_commit,
                "Let commit steps run: this approves whatever the script takes away");
}

}  // namespace offstage::cli
