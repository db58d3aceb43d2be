#include "workflow/step_outputs.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

namespace offstage::workflow {
namespace {

namespace fs = std::filesystem;

/// Of the 4096 bytes that a container may leave, as much as always fits.
constexpr std::size_t longest_message = 3000;

using Values = std::vector<std::pair<std::string, std::string>>;

long count_of(const Json& result, const std::string& outcome) {
  return integer_of(member_of(result, "counts"), outcome);
}

/// What other steps ask for, by name.
Values outputs_of(const Json& result) {
  const long targets = static_cast<long>(member_of(result, "targets").size());
  const long gone = count_of(result, "verified") + count_of(result, "already_absent");
  return {{"status", text_of(result, "status")},
          {"exit_code", std::to_string(integer_of(result, "exit_code"))},
          {"message", text_of(result, "message")},
          {"run", text_of(result, "run")},
          {"plan", text_of(result, "plan")},
          {"targets", std::to_string(targets)},
          {"removed", std::to_string(count_of(result, "verified"))},
          {"already_absent", std::to_string(count_of(result, "already_absent"))},
          {"open", std::to_string(targets - gone)},
          {"evidence", text_of(result, "evidence")},
          {"evidence_digest", text_of(result, "evidence_digest")},
          {"report", text_of(result, "report")}};
}

/// Writes into a file of another program, which may be mounted over and cannot be put in place by a rename:
/// with O_APPEND at its end, with O_TRUNC instead of what it holds. Throws Error{usage}.
void write_into(const fs::path& file, int how, const std::string& text) {
  const FileDescriptor fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0644));
  if (!fd.valid() || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw Error(Kind::usage, with_errno("cannot write " + file.string()));
}

/// NAME<<WORD, so that no value can begin an output of its own.
std::string github_outputs(const Json& result) {
  const std::string end = "end-" + random_hex(16);
  std::string text;
  for (const auto& [name, value] : outputs_of(result))
    text += fmt::format("{0}<<{2}\n{1}\n{2}\n", name, printable(value), end);
  return text;
}

void write_outputs(const fs::path& folder, const Json& result) {
  for (const auto& [name, value] : outputs_of(result))
    write_file(folder / name, value, 0644);
}

void write_tekton(const fs::path& folder, const Json& result) {
  write_file(folder / "status", text_of(result, "status"), 0644);
  write_file(folder / "operation_id", text_of(result, "run"), 0644);
  write_file(folder / "plan", text_of(result, "plan"), 0644);
  write_file(folder / "removed", std::to_string(count_of(result, "verified")), 0644);
  write_file(folder / "evidence_digest", text_of(result, "evidence_digest"), 0644);
}

/// All that Markdown, HTML and GitHub read something into, as numbers.
std::string plain_markdown(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte >= 0x80 || std::isalnum(byte) != 0 || c == ' ' || c == ',' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("&#{};", byte);
  }
  return out;
}

std::string_view sign_of(const std::string& outcome) {
  if (outcome == "verified" || outcome == "already_absent") return "✅";
  if (outcome == "planned") return "📝";
  if (outcome == "not_tried") return "⚪";
  return outcome == "unknown" || outcome == "partial" ? "⚠️" : "❌";
}

}  // namespace

std::string in_brief(const Json& result) {
  Json brief{{"status", text_of(result, "status")},
             {"exit_code", integer_of(result, "exit_code")},
             {"message", printable(text_of(result, "message"), 1000)}};
  for (const char* name : {"run", "plan", "evidence_digest"}) {
    if (const std::string value = text_of(result, name); !value.empty()) brief[name] = value;
  }
  if (result.contains("counts")) brief["counts"] = result.at("counts");
  std::string text = brief.dump(-1, ' ', true);
  // Escapes may have made it longer.
  if (text.size() > longest_message) {
    brief["message"] = printable(text_of(result, "message"), 200);
    text = brief.dump(-1, ' ', true);
  }
  return text;
}

std::string markdown_summary(const Json& result) {
  constexpr std::size_t most_rows = 200;
  const bool good = text_of(result, "status") == "ok";
  std::string text =
      fmt::format("### {} Offstage: {}\n\n", good ? "✅" : "❌", plain_markdown(text_of(result, "message")));
  if (const std::string hint = text_of(result, "hint"); !hint.empty()) text += plain_markdown(hint) + "\n\n";
  const Json& targets = member_of(result, "targets");
  if (targets.is_array() && !targets.empty()) {
    text += "| | Who | Outcome | What was seen |\n|---|---|---|---|\n";
    for (std::size_t i = 0; i < std::min(targets.size(), most_rows); ++i) {
      const Json& target = targets.at(i);
      std::string outcome = text_of(target, "outcome");
      const std::string_view sign = sign_of(outcome);
      std::replace(outcome.begin(), outcome.end(), '_', ' ');
      text += fmt::format("| {} | {} | {} | {} |\n", sign, plain_markdown(text_of(target, "target")), outcome,
                          plain_markdown(printable(text_of(target, "text"), 500)));
    }
    if (targets.size() > most_rows) text += fmt::format("\nand {} more\n", targets.size() - most_rows);
    text += "\n";
  }
  for (const auto& [name, title] : {std::pair("plan", "Plan"), {"run", "Run"}, {"evidence", "Evidence"}}) {
    if (const std::string value = text_of(result, name); !value.empty())
      text += fmt::format("{}: {}  \n", title, plain_markdown(value));
  }
  return text;
}

void write_step_outputs(const Json& result, const StepPlaces& places, Log& log) {
  const auto attempt = [&](const std::string& what, const std::function<void()>& write) {
    try {
      write();
    } catch (const Error& error) {
      log.warn(fmt::format("{} was not written: {}", what, error.message()));
    }
  };
  if (const std::string file = places.variable("GITHUB_OUTPUT"); !file.empty())
    attempt("the step's output", [&] { write_into(file, O_APPEND, github_outputs(result)); });
  if (const std::string file = places.variable("GITHUB_STEP_SUMMARY"); !file.empty())
    attempt("the step's summary", [&] { write_into(file, O_APPEND, markdown_summary(result)); });
  if (const std::string folder = places.variable("OFFSTAGE_OUT_DIR"); !folder.empty()) {
    attempt("the outputs", [&] {
      std::error_code fault;
      fs::create_directories(fs::path(folder) / "outputs", fault);
      write_outputs(fs::path(folder) / "outputs", result);
    });
  }
  std::error_code none;
  if (const fs::path folder = places.root / "tekton/results"; fs::is_directory(folder, none))
    attempt("Tekton's results", [&] { write_tekton(folder, result); });
  if (const fs::path folder = places.root / "airflow/xcom"; fs::is_directory(folder, none)) {
    attempt("Airflow's XCom", [&] { write_file(folder / "return.json", result.dump(), 0644); });
  }
  if (const fs::path file = places.root / "dev/termination-log"; fs::is_regular_file(file, none))
    attempt("the termination message", [&] { write_into(file, O_TRUNC, in_brief(result)); });
}

QuietRunner::QuietRunner(const StepPlaces& places) : on_(places.variable("GITHUB_ACTIONS") == "true") {
  stop();
}

QuietRunner::~QuietRunner() {
  resume();
}

void QuietRunner::stop() {
  if (!on_) return;
  token_ = random_hex(16);
  write_error("::stop-commands::" + token_ + "\n");
}

void QuietRunner::resume() {
  if (!token_.empty()) write_error("::" + token_ + "::\n");
  token_.clear();
}

std::string QuietRunner::harmless(std::string json) const {
  constexpr std::string_view command = "##[";
  constexpr std::string_view escaped = "\\u0023\\u0023[";
  for (std::size_t at = json.find(command); on_ && at != std::string::npos; at = json.find(command, at))
    json.replace(at, command.size(), escaped);
  return json;
}

void QuietRunner::annotate(const std::string& message) {
  if (!on_) return;
  std::string text;
  // Of a command's data, these are read: GitHub's toolkit escapes them so.
  for (const char c : printable(message, 1000))
    text += c == '%' ? "%25" : std::string(1, c);
  resume();
  write_error("::error title=Offstage::" + text + "\n");
  stop();
}

}  // namespace offstage::workflow
