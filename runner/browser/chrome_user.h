#pragma once

#include <filesystem>
#include <optional>
#include <sys/types.h>

namespace offstage::browser {

/// The user that Chrome runs as when Offstage is root: one that owns nothing
/// and exists nowhere else.
struct ChromeUser {
  uid_t uid = 0;
  gid_t gid = 0;
};

/// A fresh user id if this process is root and may take one on; nothing for an
/// ordinary user, who runs Chrome as themselves. Throws Error{browser} for a
/// root that may not change its user (a container without CAP_SETUID), unless
/// `allow_root`.
std::optional<ChromeUser> chrome_user(bool allow_root);

/// Gives a folder and what is in it to that user. Throws Error{browser}, also
/// when the user cannot reach it.
void give_to(const ChromeUser& user, const std::filesystem::path& folder);

}  // namespace offstage::browser
