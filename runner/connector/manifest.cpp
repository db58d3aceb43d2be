#include "connector/manifest.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/schema.h"
#include "base/text.h"
#include "embedded/connector_json.h"

namespace offstage::connector {
namespace {

/// What a member says, or what `fallback` is when it is absent.
std::vector<std::string> strings_of(const JsonView& object, std::string_view key) {
  const auto found = object.find(key);
  return found ? found->strings() : std::vector<std::string>{};
}

/// "https://name[:port]" in lower case, which is how browsers compare origins.
bool is_origin(std::string_view text) {
  const bool secure = text.starts_with("https://");
  if (!secure && !text.starts_with("http://")) return false;
  std::string_view host = text.substr(secure ? 8 : 7);
  if (const std::size_t colon = host.find(':'); colon != std::string_view::npos) {
    const std::string_view port = host.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos) {
      return false;
    }
    host = host.substr(0, colon);
  }
  return !host.empty() &&
         host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string_view::npos;
}

std::vector<std::string> origins(const JsonView& object, std::string_view key) {
  const auto found = object.find(key);
  if (!found) return {};
  std::vector<std::string> out;
  for (const JsonView& element : found->elements()) {
    out.push_back(element.string());
    if (!is_origin(out.back())) {
      throw element.error(fmt::format("\"{}\" is not an origin", printable(out.back(), 100)),
                          "an origin is a scheme, a host and perhaps a port, in lower case and without a "
                          "path: \"https://dashboard.example.com\"");
    }
  }
  return out;
}

std::string script_name(const JsonView& view) {
  std::string name = view.string();
  if (!name.ends_with(".json") || name.find('/') != std::string::npos) {
    throw view.error(fmt::format("\"{}\" is not the name of a script", printable(name, 100)),
                     "scripts are .json files in the connector's scripts folder, without a path");
  }
  return name;
}

SecretNeed secret(const std::string& name, const JsonView& view) {
  view.only({"title", "needed", "hint"});
  return {name, view.at("title").string(), view.string_or("hint", ""), view.boolean_or("needed", true)};
}

std::optional<ListScript> list_script(const JsonView& object, std::string_view key) {
  const auto view = object.find(key);
  if (!view) return std::nullopt;
  view->only({"script", "into", "about"});
  return ListScript{script_name(view->at("script")), view->at("into").string(), view->string_or("about", "")};
}

ResourceType resource_type(const std::string& type, const JsonView& view) {
  view.only({"title", "list", "grants", "revoke", "delete", "privileged_roles"});
  ResourceType out;
  out.type = type;
  out.title = view.at("title").string();
  out.list = list_script(view, "list");
  out.grants = list_script(view, "grants");
  if (out.list.has_value() != out.grants.has_value()) {
    throw view.error(
        fmt::format("has \"{}\" and no \"{}\"", out.list ? "list" : "grants", out.list ? "grants" : "list"),
        "the type that people are removed from needs both");
  }
  if (const auto revoke = view.find("revoke")) {
    revoke->only({"active", "pending"});
    for (const auto& [state, script] : revoke->members())
      out.revoke[state] = script_name(script);
  }
  if (const auto remove = view.find("delete")) out.remove = script_name(*remove);
  out.privileged_roles = strings_of(view, "privileged_roles");
  return out;
}

browser::Selectors selectors(const JsonView& view) {
  browser::Selectors out;
  for (const JsonView& element : view.elements())
    out.push_back(element.json().is_string() ? browser::SelectorChain{element.string()} : element.strings());
  return out;
}

void read_sign_in(const JsonView& view, Manifest& manifest) {
  view.only({"script", "account", "signed_out"});
  manifest.sign_in_script = script_name(view.at("script"));
  manifest.account_variable = view.at("account").string();
  const JsonView out = view.at("signed_out");
  out.only({"urls", "selectors"});
  manifest.signed_out_urls = strings_of(out, "urls");
  if (const auto found = out.find("selectors")) manifest.signed_out_selectors = selectors(*found);
  if (manifest.signed_out_urls.empty() && manifest.signed_out_selectors.empty()) {
    throw out.error("says nothing about how to tell that the session is over", "give urls or selectors");
  }
}

recording::TrafficRules traffic_rules(const JsonView& view) {
  view.only({"volatile", "key_headers", "unanswered", "tokens", "public"});
  recording::TrafficRules rules;
  rules.volatile_fields = strings_of(view, "volatile");
  rules.key_headers = strings_of(view, "key_headers");
  rules.unanswered = strings_of(view, "unanswered");
  rules.tokens = strings_of(view, "tokens");
  rules.public_values = strings_of(view, "public");
  return rules;
}

}  // namespace

const ResourceType& Manifest::primary() const {
  const auto found = std::find_if(resources.begin(), resources.end(),
                                  [](const ResourceType& type) { return type.list.has_value(); });
  if (found == resources.end()) throw Error(Kind::internal, "a manifest without a type that is listed");
  return *found;
}

const ResourceType* Manifest::find(std::string_view type) const {
  for (const ResourceType& resource : resources) {
    if (resource.type == type) return &resource;
  }
  return nullptr;
}

std::vector<std::string> Manifest::scripts() const {
  std::vector<std::string> out{sign_in_script};
  const auto add = [&out](const std::string& script) {
    if (!script.empty() && std::find(out.begin(), out.end(), script) == out.end()) out.push_back(script);
  };
  for (const ResourceType& resource : resources) {
    if (resource.list) add(resource.list->script);
    if (resource.grants) add(resource.grants->script);
    for (const auto& [state, script] : resource.revoke)
      add(script);
    add(resource.remove);
  }
  return out;
}

Manifest parse_manifest(const std::shared_ptr<const JsonDocument>& document) {
  const JsonView root(document);
  root.only({"$schema", "version", "id", "title", "origins", "secrets", "sign_in", "resources",
             "harmless_requests", "recording", "pace", "operation_timeout_ms"});
  if (const JsonView version = root.at("version"); version.integer() != 1) {
    throw version.error("is a version that this Offstage does not know", "it knows version 1");
  }
  Manifest manifest;
  manifest.id = root.at("id").string();
  manifest.title = root.at("title").string();
  const JsonView fence = root.at("origins");
  fence.only({"visit", "call"});
  manifest.fence = {origins(fence, "visit"), origins(fence, "call")};
  for (const auto& [name, view] : root.at("secrets").members())
    manifest.secrets.push_back(secret(name, view));
  read_sign_in(root.at("sign_in"), manifest);

  const JsonView resources = root.at("resources");
  for (const auto& [type, view] : resources.members())
    manifest.resources.push_back(resource_type(type, view));
  const auto listed = std::count_if(manifest.resources.begin(), manifest.resources.end(),
                                    [](const ResourceType& type) { return type.list.has_value(); });
  if (listed != 1) {
    throw resources.error(fmt::format("has {} types with \"list\" and \"grants\"", listed),
                          "exactly one type is listed; the others are found on its pages");
  }
  manifest.harmless_requests = strings_of(root, "harmless_requests");
  if (const auto recording = root.find("recording")) manifest.traffic = traffic_rules(*recording);
  manifest.traffic.reads = manifest.harmless_requests;
  if (const auto pace = root.find("pace")) {
    pace->only({"actions_per_minute", "min_interval_ms"});
    manifest.pace.actions_per_minute =
        static_cast<int>(pace->integer_or("actions_per_minute", manifest.pace.actions_per_minute));
    manifest.pace.min_interval =
        Milliseconds(pace->integer_or("min_interval_ms", manifest.pace.min_interval.count()));
  }
  manifest.operation_timeout =
      Milliseconds(root.integer_or("operation_timeout_ms", manifest.operation_timeout.count()));
  // Last, for what is about values rather than structure (patterns, ranges): the errors above say more.
  validate(*document, embedded::connector_json);
  return manifest;
}

Manifest load_manifest(const std::filesystem::path& file) {
  return parse_manifest(JsonDocument::load(file));
}

}  // namespace offstage::connector
