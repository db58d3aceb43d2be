#pragma once

#include <string>

#include "browser/query.h"

namespace offstage::test {

/// The element of one selector.
inline browser::Query at(const std::string& selector) {
  browser::Query query;
  query.selectors = {{selector}};
  return query;
}

/// The element of one selector has exactly this text.
inline browser::Condition reads(const std::string& selector, const std::string& text) {
  browser::Condition condition;
  condition.query = at(selector);
  condition.text_equals = text;
  return condition;
}

/// The element of one selector is there.
inline browser::Condition is_there(const std::string& selector) {
  browser::Condition condition;
  condition.query = at(selector);
  return condition;
}

}  // namespace offstage::test
