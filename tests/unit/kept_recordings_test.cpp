// The recordings that the repository holds: whatever made them, nobody real and nothing secret may stand in
// them.
#include <filesystem>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "console/heroku/seed.h"
#include "recording/har.h"
#include "recording/survivors.h"
#include "secret_search.h"

namespace offstage::kept_recordings_test {

namespace fs = std::filesystem;

namespace {

const fs::path folder = fs::path(OFFSTAGE_SOURCE_DIR) / "recordings";

std::vector<fs::path> recordings() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".har") files.push_back(entry.path());
  }
  return files;
}

/// The cookies that a header sets or sends, as NAME=VALUE.
std::vector<std::string> cookies_in(const recording::Headers& headers) {
  std::vector<std::string> cookies;
  for (const auto& [name, value] : headers) {
    const std::string header = ascii_lower(name);
    if (header == "set-cookie") cookies.push_back(value.substr(0, value.find(';')));
    if (header != "cookie") continue;
    for (const std::string& cookie : split(value, ';'))
      cookies.emplace_back(trimmed(cookie));
  }
  return cookies;
}

bool is_placeholder(const std::string& cookie) {
  const std::string value = cookie.substr(std::min(cookie.find('=') + 1, cookie.size()));
  // A flag says nothing of anybody.
  return value.size() < 4 || value.starts_with("offstage-");
}

}  // namespace

TEST_CASE("no address of the console they were made from stands in the kept recordings, however written",
          "[recordings]") {
  test::SecretSearch search;
  const practice_heroku::World world = practice_heroku::world_of(practice_heroku::default_seed());
  for (const auto& [key, account] : world.accounts)
    search.add(account.email, account.email);
  test::Findings findings;
  search.search_folder(folder, findings);
  CHECK(findings.places > recordings().size());
  CHECK(findings.unreadable.empty());
  CHECK(findings.found == std::set<std::string>{});
}

TEST_CASE("every cookie in the kept recordings has a placeholder for a value", "[recordings]") {
  std::size_t seen = 0;
  for (const fs::path& file : recordings()) {
    const recording::Recording kept = recording::load(file);
    for (const recording::Exchange& exchange : kept.exchanges) {
      for (const auto* headers : {&exchange.request_headers, &exchange.response_headers}) {
        for (const std::string& cookie : cookies_in(*headers)) {
          INFO(file.filename().string() << ": " << exchange.url);
          CHECK(is_placeholder(cookie));
          ++seen;
        }
      }
    }
  }
  CHECK(seen > 100);
}

TEST_CASE("a recording made today is refused for nothing that stands in the kept ones", "[recordings]") {
  for (const fs::path& file : recordings()) {
    recording::Recording kept = recording::load(file);
    recording::redaction::Bindings bindings;
    for (const recording::Placeholder& each : kept.placeholders)
      bindings.address(each.text, each.text);
    const recording::redaction::Survivors survivors(bindings.all(), {".*"});
    CAPTURE(file.filename().string());
    const auto places = [](const std::vector<recording::redaction::Survivor>& found) {
      std::string out;
      for (const auto& each : found)
        out += each.where + ": " + each.what + " " + each.glimpse + "\n";
      return out;
    };
    CHECK(places(survivors.find(kept)).empty());
    CHECK(places(survivors.find_divided(kept)).empty());
  }
}

}  // namespace offstage::kept_recordings_test
