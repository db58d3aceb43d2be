#pragma once

#include <filesystem>

#include "recording/recording.h"

namespace offstage::recording {

// A recording's file is a HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) that any HAR viewer
// opens, described by connectors/schema/recording.json. What HAR has a place for stands in HAR's place and
// nowhere else; what it has none for stands in `_offstage`, of the log and of each entry. Bodies stand beside
// the file, in bodies/ (recording/body_store.h); texts of less than a kilobyte are repeated in the file, so
// that viewers and reviewers see them, and must be the same there. `cookies`, `queryString`, `timings`,
// `pages` and the like are worked out for viewers and not read back.

/// Writes a recording and its bodies, all of them or nothing: bodies first, the file itself last, so that
/// whoever sees the file has all of it. What a folder above lacks is made. Bodies that are there already are
/// not written again, and bodies that an older version of the file used stay (see unused_bodies). The same
/// recording gives the same bytes. Throws Error{usage}, naming file and reason, when the disk does not take
/// it; what had been written is then taken away again, and an older version of the file still stands. Throws
/// Error{internal} for a recording that could not be read back as it is. One writer for a folder at a time.
void save(const Recording& recording, const std::filesystem::path& file);

/// Reads a recording with all its bodies. Throws Error{usage}, naming file, line and path, for anything that
/// `save` does not write: text that is no JSON, a HAR of another tool, another version of the format, a
/// member that is missing, a body that is missing or not the one that was recorded.
Recording load(const std::filesystem::path& file);

}  // namespace offstage::recording
