#include <fmt/format.h>

#include "base/text.h"
#include "browser/page.h"

namespace offstage::browser {

namespace {

constexpr std::size_t longest_seen = 500;

std::string_view words(Miss::Why why) {
  switch (why) {
    case Miss::Why::absent:
      return "nothing on the page matches";
    case Miss::Why::ambiguous:
      return "more than one element matches where exactly one was asked for";
    case Miss::Why::hidden:
      return "the element is there but cannot be seen";
    case Miss::Why::unstable:
      return "the element does not stop moving";
    case Miss::Why::disabled:
      return "the element is disabled";
    case Miss::Why::covered:
      return "another element would get the click";
    case Miss::Why::guard:
      return "a guard does not hold";
    case Miss::Why::not_editable:
      return "the element does not take this value";
    case Miss::Why::no_option:
      return "the list has no such option";
    case Miss::Why::condition:
      return "the condition does not hold";
    case Miss::Why::frame:
      return "the frame is not there";
  }
  return "the element cannot be used";
}

}  // namespace

std::string Miss::explain() const {
  std::string text(words(why));
  if (matches > 1) text += fmt::format(" ({} matches)", matches);
  if (!selector.empty()) text += fmt::format(" [{}]", printable(selector, longest_seen));
  if (!seen.empty()) text += ": " + printable(seen, longest_seen);
  return text;
}

}  // namespace offstage::browser
