#include "cli/run.h"

#include <unistd.h>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/console_session.h"

namespace offstage::cli {
namespace {

/// An error as a script or a person reads it: the document goes to stdout, the text always to stderr.
int report(const Error& error, bool json, const SecretStore& secrets) {
  write_error(error_text(error, secrets));
  if (json) {
    try {
      Output(true, false, false).document(error_document(error, secrets));
    } catch (const Error&) {
      return exit_code_of(error.kind());
    }
  }
  return exit_code_of(error.kind());
}

int run_guarded(const std::vector<std::string>& arguments, Signals& signals, SecretStore& secrets,
                bool& json) {
  CommandLine line(first_connector());
  for (const auto add : {add_remove, add_plan, add_apply, add_policy, add_resume, add_journal, add_list,
                         add_check, add_script, add_record, add_replay, add_test, add_recording, add_diff,
                         add_practice, add_connectors, add_doctor, add_pages, add_job}) {
    add(line);
  }
  const CommandLine::Request request = line.parse(arguments);
  const Settings& settings = line.settings();
  json = settings.json();
  Output output(json, wants_colour(settings.colour_wish(), STDOUT_FILENO), settings.quiet);
  if (!request.action) {
    output.raw(request.text);
    return 0;
  }
  Log log(settings.log_level(), settings.log_format == "json" ? Log::Format::json : Log::Format::text,
          wants_colour(settings.colour_wish(), STDERR_FILENO));
  log.redact(secrets);
  SecretStore session_keys;
  Run run{settings, output, log, secrets, session_keys, signals};
  const std::optional<Kind> outcome = request.action(run);
  return outcome ? exit_code_of(*outcome) : 0;
}

}  // namespace

int run(const std::vector<std::string>& arguments, Signals& signals) {
  bool json = asks_for_json(arguments);
  SecretStore secrets;
  try {
    return run_guarded(arguments, signals, secrets, json);
  } catch (const Error& error) {
    return report(as_signalled(error, signals), json, secrets);
  } catch (const std::exception& error) {
    return report(Error(Kind::internal, fmt::format("a defect in Offstage: {}", error.what()),
                        "please report it with the command and its --verbose output"),
                  json, secrets);
  }
}

}  // namespace offstage::cli
