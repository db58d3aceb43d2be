#include "cli/kept_session.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"

namespace offstage::cli {
namespace {

constexpr const char* name = "session-key";

Seal seal_of(const Settings& settings, SecretStore& keys, const Until& until) {
  const std::string hint = "give it with --session-key file:PATH (or fd:N, command:CMD)";
  if (settings.session_key.empty())
    throw Error(Kind::usage, "--session needs a key to seal the session with", hint);
  try {
    const SecretSource source = secret_source(settings.session_key, "--session-key ");
    if (source.where != SecretSource::Where::descriptor || !keys.has(name)) keys.add(name, source, until);
    return Seal(keys.get(name));
  } catch (const Error& error) {
    if (error.kind() != Kind::usage) throw;
    throw Error(Kind::usage, "the key of the session is of no use",
                error.hint().find("--secret") == std::string::npos ? error.hint() : hint, error);
  }
}

}  // namespace

KeptSession::KeptSession(const Settings& settings, SecretStore& keys, std::string about, const Until& until)
    : file_(settings.session), about_(std::move(about)), seal_(seal_of(settings, keys, until)) {}

Secret KeptSession::open(Log& log) const {
  std::error_code unknown;
  if (!std::filesystem::exists(file_, unknown) && !unknown) return {};
  try {
    return seal_.opened(read_file(file_), about_);
  } catch (const Error& error) {
    log.warn(fmt::format("the session in {} cannot be used: {}; signing in anew", file_.string(),
                         error.message()));
    return {};
  }
}

void KeptSession::keep(const Secret& session, Log& log) const {
  try {
    write_file(file_, seal_.sealed(session, about_));
  } catch (const Error& error) {
    log.warn(fmt::format("the session was not kept: {}", error.message()));
  }
}

void KeptSession::forget(Log& log) const {
  std::error_code why;
  if (std::filesystem::remove(file_, why))
    log.info(fmt::format("{} is removed: the next run signs in without a kept session", file_.string()));
  if (why) log.warn(fmt::format("{} could not be removed: {}", file_.string(), why.message()));
}

}  // namespace offstage::cli
