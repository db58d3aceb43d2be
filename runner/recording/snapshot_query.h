#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "browser/page.h"
#include "browser/query.h"
#include "recording/snapshot_selectors.h"

/// Queries over a snapshot: the rows that narrow them, as runner/browser/inpage/query.js finds them.
namespace offstage::recording::snapshot {

browser::Miss miss_of(browser::Miss::Why why, const std::string& seen, const std::string& selector = {},
                      std::size_t matches = 0);

/// A query compiled once: what it matches, or why its rows could not be narrowed to one.
class CompiledQuery {
 public:
  CompiledQuery(const Ground& ground, const std::vector<browser::Within>& within,
                const browser::Selectors& selectors);
  std::variant<Matches, browser::Miss> all() const;

 private:
  struct Row {
    CompiledSelectors rows;
    std::optional<CompiledSelectors> field;
    std::string value;
  };
  bool is_named(const Row& scope, const Node& row) const;

  Ground ground_;
  std::vector<Row> within_;
  std::optional<CompiledSelectors> selectors_;
};

/// The first that can be seen, else the first; nullptr when there is none.
const Node* first_seen(const Nodes& nodes);

}  // namespace offstage::recording::snapshot
