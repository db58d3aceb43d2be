// Reads bytes as the text of a HAR, as a recording and as what another tool wrote. Whatever they are, the
// answer is a recording or an Error for the person who gave the file; and what could be read can be written,
// read again the same, told and checked.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "base/error.h"
#include "fuzz/accepted.h"
#include "recording/body_store.h"
#include "recording/faults.h"
#include "recording/har_reader.h"
#include "recording/har_writer.h"
#include "recording/import.h"
#include "recording/layout.h"
#include "recording/story.h"

namespace {

using namespace offstage;
using namespace offstage::recording;

/// Bodies of which the seeds know the digests; anything else is missing.
std::string body_of_seed(const std::string& file) {
  for (const char* body : {"<p>one</p>", "{\"a\":1}", "a=1&b=2"}) {
    for (const char* type : {"text/html", "application/json", "application/x-www-form-urlencoded"}) {
      const StoredBody stored = stored_body(body, type);
      if (stored.file == file) return stored.content;
    }
  }
  throw Error(Kind::usage, "there is no such file");
}

/// What `read` gives, unless it refuses as it should.
template <typename Read>
std::optional<Recording> recording_or_refusal(Read read) {
  try {
    return read();
  } catch (const Error& error) {
    if (error.kind() != Kind::usage) std::abort();
    return std::nullopt;
  }
}

void use(const Recording& recording) {
  BodyBundle bodies;
  const std::string text = laid_out(har_of(recording, bodies));
  if (recording_from(recording_document(text, "again.har"), bodies.lookup()) != recording) std::abort();
  static_cast<void>(story(recording));
  static_cast<void>(faults(recording));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto own =
      recording_or_refusal([&] { return recording_from(recording_document(text, "own.har"), body_of_seed); });
  if (own) use(*own);
  const auto foreign = recording_or_refusal(
      [&] { return imported_from(JsonDocument::parse(text, "foreign.har"), body_of_seed, "foreign.har"); });
  if (foreign) use(*foreign);
  if (own || foreign) fuzz::accepted.one();
  return 0;
}
