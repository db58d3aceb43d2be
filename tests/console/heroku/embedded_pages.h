#pragma once

#include <span>
#include <string_view>

namespace offstage::practice_heroku {

/// A file of tests/console/heroku/pages as it was built in.
struct EmbeddedPage {
  std::string_view name;
  std::string_view content;
};

/// All of them. The table is written by CMake, so that a new page needs no line here.
std::span<const EmbeddedPage> embedded_pages();

}  // namespace offstage::practice_heroku
