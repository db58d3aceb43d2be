#pragma once

#include "recording/snapshot_page.h"
#include "rehearsal/drift.h"

namespace offstage::rehearsal {

/// The element on today's page that is most alike to what a query found on the recorded one, with selectors
/// by which it alone is found. Without selectors when none is alike enough (0.6), or another nearly as much
/// (less than 0.15 behind): then it is for people to look at. Nothing when the query found nothing then.
std::optional<Proposal> propose(const recording::SnapshotPage& was, const browser::Query& then,
                                const recording::SnapshotPage& is, const browser::Query& now);

}  // namespace offstage::rehearsal
