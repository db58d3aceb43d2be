#pragma once

#include <string_view>
#include <vector>

#include "recording/shapes.h"

namespace offstage::recording::redaction {

/// Shannon's entropy of the characters of `text`, in bits a character.
double entropy_of(std::string_view text);

/// Whether a run of [A-Za-z0-9_-+/=.] looks drawn at random: 20 characters or more that are left when words
/// and short numbers are taken out, of mixed classes, in disorder; or 32 and more hexadecimal digits.
bool looks_random(std::string_view run);

/// The runs in `text` that look random, but for SRI digests and what stands in a `data:` address of an image.
std::vector<Span> random_runs_in(std::string_view text);

}  // namespace offstage::recording::redaction
