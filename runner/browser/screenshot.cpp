#include "browser/screenshot.h"

#include <algorithm>

#include "base/hash.h"
#include "browser/inpage.h"

namespace offstage::browser {

namespace {

constexpr double longest_side = 16'384;
constexpr Milliseconds between_pictures{50};

}  // namespace

std::vector<std::string> Screenshot::documents() {
  std::vector<std::string> ids;
  for (const World& world : asker_.frames().all_worlds())
    ids.push_back(world.unique_id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::optional<std::vector<std::string>> Screenshot::mask(const ScreenshotOptions& options,
                                                         const Until& until) {
  std::vector<std::string> masked;
  for (const World& world : asker_.frames().all_worlds()) {
    const std::optional<Json> reply = asker_.ask_once(world, inpage::mask_request(options), until);
    if (!reply) return std::nullopt;
    inpage::parse_mask(*reply);
    masked.push_back(world.unique_id);
  }
  std::sort(masked.begin(), masked.end());
  return masked;
}

void Screenshot::unmask() noexcept {
  try {
    for (const World& world : asker_.frames().all_worlds()) {
      Json request = inpage::unmask_request();
      request["uniqueContextId"] = world.unique_id;
      world.session->post("Runtime.evaluate", std::move(request));
    }
  } catch (const std::exception&) {
    // Memory has run out: nothing is left to be done for the picture's sake.
    return;
  }
}

std::string Screenshot::capture(bool full_page, const Until& until) {
  Json params = {{"format", "png"}};
  if (full_page) {
    const Json metrics = session_->call("Page.getLayoutMetrics", Json::object(), until);
    const auto side = [&](std::string_view name) {
      const Json& length = member_of(member_of(metrics, "cssContentSize"), name);
      return length.is_number() ? std::min(length.get<double>(), longest_side) : 1.0;
    };
    params["captureBeyondViewport"] = true;
    params["clip"] = {{"x", 0}, {"y", 0}, {"width", side("width")}, {"height", side("height")}, {"scale", 1}};
  }
  return base64_decoded(text_of(session_->call("Page.captureScreenshot", std::move(params), until), "data"));
}

std::string Screenshot::take(const ScreenshotOptions& options, const Until& until) {
  for (;;) {
    if (const std::optional<Dialog> dialog = asker_.dialogs().current()) {
      throw Error(Kind::drift, "no picture can be taken while " + describe(*dialog) + " is open");
    }
    if (!options.mask) return capture(options.full_page, until);
    std::optional<std::string> picture;
    try {
      const std::optional<std::vector<std::string>> masked = mask(options, until);
      if (masked) picture = capture(options.full_page, until);
      if (picture && documents() != *masked) picture.reset();
    } catch (...) {
      unmask();
      throw;
    }
    unmask();
    if (picture) return std::move(*picture);
    if (until.deadline.passed()) {
      throw Error(Kind::unreachable, "the page changed its documents too often for a masked picture");
    }
    asker_.frames().monitor()->pause(between_pictures, until);
  }
}

}  // namespace offstage::browser
