#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "recording/recording.h"

namespace offstage::recording {

// Words of the file that both its writer and its reader use.

/// The one page of a recording, which its entries refer to.
inline constexpr std::string_view har_page = "page_1";

/// The words for what a step did with the page.
inline constexpr std::array<std::pair<Snapshot::What, std::string_view>, 3> snapshot_words = {{
    {Snapshot::What::target, "target"},
    {Snapshot::What::expect, "expect"},
    {Snapshot::What::extract, "extract"},
}};

constexpr std::string_view snapshot_word(Snapshot::What what) {
  return snapshot_words[static_cast<std::size_t>(what)].second;
}

}  // namespace offstage::recording
