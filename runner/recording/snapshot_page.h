#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "browser/page.h"
#include "browser/query.h"
#include "recording/snapshot_dom.h"

namespace offstage::recording {

/// A page as a snapshot holds it, to which the queries of scripts can be put without a browser. It answers as
/// browser::Page does (runner/browser/inpage/*.js), in milliseconds. What needs style sheets is not known in
/// HTML: capitals that CSS makes and text that it draws are missing from accessible names. Regular
/// expressions are ECMAScript's as the C++ library knows them: no look-behind, no named groups, no \p{…}, and
/// not on texts longer than 4000 bytes.
///
/// Everything throws Error{usage} for a selector, expression or property that is not valid or that a snapshot
/// cannot judge, naming it. Immutable, but for what it remembers: one thread at a time.
class SnapshotPage {
 public:
  /// `html` as Page::html gives it, or other HTML; `url` is the document's. Throws Error{usage} for HTML that
  /// is out of all bounds (snapshot_dom.h).
  SnapshotPage(std::string_view html, std::string url);
  SnapshotPage(SnapshotPage&&) noexcept;
  SnapshotPage& operator=(SnapshotPage&&) noexcept;
  ~SnapshotPage();

  const snapshot::Document& document() const;
  const std::string& url() const;

  /// The matches of the first alternative that has any, those that can be seen first: an action means the
  /// first. None when a `within` does not narrow to one row. They live as long as this page.
  std::vector<const snapshot::Node*> find(const browser::Query& query) const;
  /// Why an action on the query's element could not be done, as far as a snapshot tells: absent, ambiguous,
  /// hidden.
  std::optional<browser::Miss> find_one(const browser::Query& query) const;
  /// Empty when the condition holds.
  std::optional<browser::Miss> check(const browser::Condition& condition) const;
  /// Rows as an array of objects. Throws Error{drift} naming row and field when one cannot be read, or when a
  /// `within` does not narrow to exactly one row.
  Json extract(const browser::Extraction& extraction) const;
  /// Text of the first match that can be seen (of the first when none can), folded; nothing when there is no
  /// match.
  std::optional<std::string> text(const browser::Query& query) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace offstage::recording
