#include "recording/snapshot_page.h"

#include <algorithm>

#include "recording/snapshot_condition.h"
#include "recording/snapshot_extract.h"
#include "recording/snapshot_query.h"
#include "recording/snapshot_sight.h"
#include "recording/snapshot_text.h"

namespace offstage::recording {

using snapshot::CompiledQuery;
using snapshot::Matches;
using snapshot::Node;

struct SnapshotPage::Impl {
  Impl(std::string_view html, std::string address)
      : document(snapshot::Document::parse(html)), xpath(document), url(std::move(address)) {}

  snapshot::Ground ground() { return {document, xpath}; }

  snapshot::Document document;
  snapshot::XPathMirror xpath;
  std::string url;
};

SnapshotPage::SnapshotPage(std::string_view html, std::string url)
    : impl_(std::make_unique<Impl>(html, std::move(url))) {}
SnapshotPage::SnapshotPage(SnapshotPage&&) noexcept = default;
SnapshotPage& SnapshotPage::operator=(SnapshotPage&&) noexcept = default;
SnapshotPage::~SnapshotPage() = default;

const snapshot::Document& SnapshotPage::document() const {
  return impl_->document;
}

const std::string& SnapshotPage::url() const {
  return impl_->url;
}

std::vector<const Node*> SnapshotPage::find(const browser::Query& query) const {
  auto answer = CompiledQuery(impl_->ground(), query.within, query.selectors).all();
  auto* found = std::get_if<Matches>(&answer);
  if (found == nullptr) return {};
  std::stable_partition(found->elements.begin(), found->elements.end(),
                        [](const Node* node) { return snapshot::is_visible(*node); });
  return std::move(found->elements);
}

std::optional<browser::Miss> SnapshotPage::find_one(const browser::Query& query) const {
  const auto answer = CompiledQuery(impl_->ground(), query.within, query.selectors).all();
  if (const auto* miss = std::get_if<browser::Miss>(&answer)) return *miss;
  const auto& [elements, alternative, selector] = std::get<Matches>(answer);
  if (elements.empty())
    return snapshot::miss_of(browser::Miss::Why::absent, "nothing matches " + selector, selector);
  std::string seen;
  std::size_t visible = 0;
  for (const Node* element : elements) {
    if (!snapshot::is_visible(*element)) continue;
    if (++visible <= 3) seen += (seen.empty() ? "" : ", ") + snapshot::describe(element);
  }
  if (visible == 0) {
    return snapshot::miss_of(browser::Miss::Why::hidden,
                             snapshot::describe(elements.front()) + " is there but cannot be seen", selector,
                             elements.size());
  }
  if (!query.unique || visible == 1) return std::nullopt;
  return snapshot::miss_of(browser::Miss::Why::ambiguous,
                           std::to_string(visible) + " elements match " + selector + ": " + seen, selector,
                           visible);
}

std::optional<browser::Miss> SnapshotPage::check(const browser::Condition& condition) const {
  return snapshot::look_at(impl_->ground(), impl_->url, condition);
}

Json SnapshotPage::extract(const browser::Extraction& extraction) const {
  return snapshot::rows_of(impl_->ground(), extraction);
}

std::optional<std::string> SnapshotPage::text(const browser::Query& query) const {
  const auto answer = CompiledQuery(impl_->ground(), query.within, query.selectors).all();
  const auto* found = std::get_if<Matches>(&answer);
  const Node* element = found == nullptr ? nullptr : snapshot::first_seen(found->elements);
  if (element == nullptr) return std::nullopt;
  return snapshot::text_of(*element);
}

}  // namespace offstage::recording
