#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/json.h"
#include "recording/body_store.h"
#include "recording/recording.h"

namespace offstage::recording {

/// Makes a recording of a HAR that another tool wrote: Chrome's or Firefox's export, Playwright's with bodies
/// in the text or in files beside it. Exchanges stand in the order in which they started; mutations and
/// epochs are worked out as if no connector declared anything, redirects from what the answers say.
///
/// What a HAR does not hold is not in the recording: scripts, arguments, snapshots, dialogs, how it ended,
/// and the time zone (UTC is put in its place). Left out besides: pseudo headers (":path") and
/// Content-Encoding and Content-Length of answers, since bodies are decoded; addresses that no server answers
/// (data:, blob:, extensions); the messages of WebSockets, whose addresses are kept; connections,
/// certificates, initiators, what was answered from a cache, and timings but for the whole time. Bodies and
/// cookies that the tool did not export (Chrome leaves cookies out unless asked for "HAR with sensitive
/// data") are not there. The body of a form that is given as parameters only is put together anew.
///
/// Nothing is redacted: passwords, cookies and people stand in the result until a redactor has been over it.
/// Throws Error{usage}, naming file, line and path, for what is no HAR, for a recording of Offstage (it needs
/// no conversion), and for a value that cannot be what it should.
Recording import_har(const std::filesystem::path& file);

/// The same from a document whose attached files come from `files`; `file` is what the recording says it was
/// imported from.
Recording imported_from(const std::shared_ptr<const JsonDocument>& document, const BodyLookup& files,
                        const std::string& file);

}  // namespace offstage::recording
