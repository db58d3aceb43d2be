#include "cli/settings.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/terminal.h"

namespace offstage::cli {
namespace {

std::vector<std::pair<std::string, SecretSource>> named_sources(const Settings& settings) {
  std::vector<std::pair<std::string, SecretSource>> sources;
  for (const std::string& word : settings.secrets) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (equals == std::string::npos || name.empty()) {
      throw Error(Kind::usage, "--secret is not written as NAME=SOURCE",
                  "write --secret password=file:PATH, password=fd:N or password=command:CMD");
    }
    sources.emplace_back(
        name, secret_source(word.substr(equals + 1), fmt::format("--secret {}=", printable(name, 40))));
  }
  return sources;
}

}  // namespace

std::string Settings::who() const {
  const std::string_view name = trimmed(by);
  return name.empty() ? who_runs() : printable(name, 200);
}

Colour Settings::colour_wish() const {
  if (colour == "always") return Colour::always;
  return colour == "never" ? Colour::never : Colour::automatic;
}

Log::Level Settings::log_level() const {
  if (verbose) return Log::Level::verbose;
  return quiet ? Log::Level::quiet : Log::Level::normal;
}

Milliseconds Settings::time_or(Milliseconds fallback) const {
  return timeout.empty() ? fallback : parse_span(timeout);
}

Milliseconds parse_span(const std::string& text) {
  constexpr long most = 24L * 3600 * 1000;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string unit = text.substr(digits);
  long count = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + digits, count);
  const long factor = unit == "ms"                  ? 1
                      : unit.empty() || unit == "s" ? 1000
                      : unit == "m"                 ? 60'000
                      : unit == "h"                 ? 3'600'000
                                                    : 0;
  if (digits == 0 || parsed.ec != std::errc() || factor == 0 || count <= 0 || count > most / factor) {
    throw Error(Kind::usage, fmt::format("\"{}\" is no span of time", printable(text, 40)),
                "write a whole number with its unit, at most 24h: 90s, 5m, 1h");
  }
  return Milliseconds(count * factor);
}

SecretSource secret_source(const std::string& text, const std::string& option) {
  for (const char* kind : {"file:", "fd:", "command:"}) {
    if (text.starts_with(kind)) return SecretSource::parse(text);
  }
  // What stands here may be the secret itself: it is not repeated.
  throw Error(Kind::usage, fmt::format("the source that {} names has no known kind", option),
              fmt::format("write {}file:PATH, {}fd:N or {}command:CMD; the value itself never stands on the "
                          "command line",
                          option, option, option));
}

void read_secrets(SecretStore& store, const Settings& settings, const Until& until) {
  const std::vector<std::string> known = store.names();
  for (const auto& [name, source] : named_sources(settings)) {
    if (std::find(known.begin(), known.end(), name) == known.end()) store.add(name, source, until);
  }
  if (!settings.secrets_folder.empty()) store.add_folder(settings.secrets_folder);
}

void read_secrets_again(SecretStore& store, const Settings& settings, const Until& until) {
  SecretStore anew;
  for (const auto& [name, source] : named_sources(settings)) {
    if (source.where != SecretSource::Where::descriptor) continue;
    if (!store.has(name)) store.add(name, source, until);
    anew.add(name, store.get(name));
  }
  read_secrets(anew, settings, until);
  store = std::move(anew);
}

}  // namespace offstage::cli
