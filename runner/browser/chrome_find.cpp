#include <unistd.h>

#include "base/environment.h"
#include "base/error.h"
#include "base/text.h"
#include "browser/browser.h"

namespace offstage::browser {

namespace {

constexpr std::string_view install_hint =
    "Install one (Debian: apt-get install chromium-headless-shell), or name it "
    "with --chrome or OFFSTAGE_CHROME.";

bool runs(const std::filesystem::path& file) {
  std::error_code none;
  return std::filesystem::is_regular_file(file, none) && ::access(file.c_str(), X_OK) == 0;
}

std::filesystem::path on_path(const std::string& name) {
  const std::string path = environment("PATH");
  for (const std::string& folder : split(!path.empty() ? path : "/usr/bin:/bin", ':')) {
    std::filesystem::path file = std::filesystem::path(folder) / name;
    if (!folder.empty() && runs(file)) return file;
  }
  return {};
}

std::filesystem::path require(const std::filesystem::path& named, std::string_view by) {
  const std::filesystem::path file = named.has_parent_path() ? named : on_path(named.string());
  if (!file.empty() && runs(file)) return std::filesystem::absolute(file);
  throw Error(Kind::browser,
              "the browser " + std::string(by) +
                  " names is not there or cannot be run: " + printable(named.string(), 300),
              std::string(install_hint));
}

}  // namespace

std::filesystem::path find_chrome(const std::filesystem::path& named) {
  if (!named.empty()) return require(named, "that --chrome");
  const std::string variable = environment("OFFSTAGE_CHROME");
  if (!variable.empty()) return require(variable, "that OFFSTAGE_CHROME");
  for (const char* name : {"chromium-headless-shell", "chrome-headless-shell", "google-chrome",
                           "google-chrome-stable", "chromium", "chromium-browser", "chrome"}) {
    std::filesystem::path file = on_path(name);
    if (!file.empty()) return std::filesystem::absolute(file);
  }
  throw Error(Kind::browser, "no Chrome or Chromium was found on PATH", std::string(install_hint));
}

}  // namespace offstage::browser
