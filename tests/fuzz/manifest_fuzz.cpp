// Bytes as a connector.json: refused for its author, or a manifest on which the rest can rely.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "connector/manifest.h"
#include "fuzz/accepted.h"
#include "fuzz/require.h"

using namespace offstage;
using namespace offstage::connector;
using fuzz::require;

namespace {

void check_manifest(const Manifest& manifest) {
  require(!manifest.id.empty() && manifest.id.find('/') == std::string::npos, "an id can name a folder");
  require(manifest.find(manifest.primary().type) != nullptr, "the type that is listed is one of its types");
  for (const std::string& script : manifest.scripts()) {
    require(script.ends_with(".json") && script.find('/') == std::string::npos,
            "a script is a file of the connector's folder");
  }
  for (const auto& list : {manifest.fence.visit, manifest.fence.call}) {
    for (const std::string& origin : list) {
      require(
          origin.find_first_of("*@?# \\") == std::string::npos && origin.find('/', 8) == std::string::npos,
          "an origin names one host");
    }
  }
  require(manifest.pace.actions_per_minute > 0 && manifest.pace.min_interval.count() >= 0,
          "a pace goes forward");
  require(manifest.operation_timeout.count() > 0, "an operation has some time");
  require(!manifest.signed_out_urls.empty() || !manifest.signed_out_selectors.empty(),
          "the end of a session can be told");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    const auto document = JsonDocument::parse({reinterpret_cast<const char*>(bytes), size}, "connector.json");
    const Manifest manifest = parse_manifest(document);
    fuzz::accepted.one();
    check_manifest(manifest);
  } catch (const Error& error) {
    require(error.kind() == Kind::usage, "a manifest is refused as its author's mistake");
  }
  return 0;
}
