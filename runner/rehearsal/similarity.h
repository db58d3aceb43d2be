#pragma once

#include <string>
#include <utility>
#include <vector>

#include "recording/snapshot_page.h"

namespace offstage::rehearsal {

/// What an element can be known again by: independent facts of it. A value.
struct Fingerprint {
  std::string tag;
  std::string role;
  std::string name;  ///< the accessible one
  std::string text;  ///< what can be read of it
  std::string near;  ///< what can be read of its parent besides
  std::string path;  ///< the tags above it, the outermost first
  std::vector<std::pair<std::string, std::string>> attributes;
};
Fingerprint fingerprint_of(const recording::snapshot::Document& document,
                           const recording::snapshot::Node& element);

/// How alike two elements are, from 0 to 1: a sum over facts with fixed weights, of those facts that the
/// first one has. Source of the weights: Kluge & Stocco, arXiv 2505.16424, whose order they keep; where an
/// element stands on the screen is not known in a snapshot and left out.
double similarity(const Fingerprint& then, const Fingerprint& now);

/// An element that may be the one that was meant.
struct Candidate {
  const recording::snapshot::Node* element = nullptr;
  double score = 0;
};
/// The elements of a page most alike to one of another page, the best first; two at most. Only suggests:
/// nothing is ever acted on by a score.
std::vector<Candidate> best_candidates(const Fingerprint& then, const recording::SnapshotPage& now);

}  // namespace offstage::rehearsal
