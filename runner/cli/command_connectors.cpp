#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/console_session.h"

namespace offstage::cli {
namespace {

Json as_json(const connector::Connector& connector) {
  Json secrets = Json::array();
  for (const connector::SecretNeed& need : connector.manifest.secrets) {
    secrets.push_back(
        {{"name", need.name}, {"title", need.title}, {"hint", need.hint}, {"needed", need.needed}});
  }
  return {{"id", connector.manifest.id},
          {"title", connector.manifest.title},
          {"file", connector.file.string()},
          {"operations", connector.operations()},
          {"origins", connector.manifest.fence.visit},
          {"secrets", secrets}};
}

std::optional<Kind> list_connectors(Run& run, bool names) {
  const connector::Registry all = registry(run.settings);
  if (names) {
    for (const std::string& id : all.ids())
      run.output.raw(id + "\n");
    return {};
  }
  Json document{{"version", 1}, {"command", "connectors"}, {"connectors", Json::array()}};
  Table table({"NAME", "CONSOLE", "CAN", "NEEDS"});
  for (const connector::Connector& connector : all.list()) {
    document["connectors"].push_back(as_json(connector));
    std::vector<std::string> needs;
    for (const connector::SecretNeed& need : connector.manifest.secrets)
      needs.push_back(need.needed ? need.name : need.name + " (some accounts)");
    table.add({connector.manifest.id, connector.manifest.title, join(connector.operations(), ", "),
               join(needs, ", ")});
  }
  if (run.output.json()) {
    run.output.document(document);
  } else if (table.empty()) {
    run.output.line("No connectors are installed.");
  } else {
    table.print(run.output);
  }
  return {};
}

}  // namespace

void add_connectors(CommandLine& line) {
  const auto names = std::make_shared<bool>(false);
  CLI::App& command = line.command(
      line.root(), "connectors", "List the consoles that Offstage knows, and what it can do there",
      {"connectors", "connectors --output json"}, [names](Run& run) { return list_connectors(run, *names); });
  command.add_flag("--names", *names, "Only the names, one a line");
}

}  // namespace offstage::cli
