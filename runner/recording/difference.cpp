#include <algorithm>

#include <fmt/format.h>

#include "recording/canonical.h"

namespace offstage::recording {
namespace {

/// Walks two sorted lists of fields side by side: `visit(recorded, asked)` gets each pair of one name, and a
/// nullptr for what one side does not have.
template <typename Visit>
void side_by_side(const std::vector<RequestField>& recorded, const std::vector<RequestField>& asked,
                  const Visit& visit) {
  auto a = recorded.begin();
  auto b = asked.begin();
  while (a != recorded.end() || b != asked.end()) {
    if (b == asked.end() || (a != recorded.end() && a->name < b->name)) {
      visit(&*a++, nullptr);
    } else if (a == recorded.end() || b->name < a->name) {
      visit(nullptr, &*b++);
    } else {
      visit(&*a++, &*b++);
    }
  }
}

bool same_field(const RequestField& recorded, const RequestField& asked, const SameValue& same) {
  return recorded.type == asked.type && same(recorded.value, asked.value);
}

/// As people read it: a text that differs from a number only by being a text shows its quotes.
std::optional<std::string> shown_value(const RequestField* field, const RequestField* other) {
  if (field == nullptr) return std::nullopt;
  const bool is_like = other != nullptr && other->type != field->type;
  return is_like && field->type == RequestField::Type::text ? '"' + field->value + '"' : field->value;
}

std::optional<Difference> field_difference(std::string_view what, const std::vector<RequestField>& recorded,
                                           const std::vector<RequestField>& asked, const SameValue& same) {
  std::optional<Difference> changed;
  std::optional<Difference> missing;
  side_by_side(recorded, asked, [&](const RequestField* a, const RequestField* b) {
    std::optional<Difference>& found = a != nullptr && b != nullptr ? changed : missing;
    if (found || (a != nullptr && b != nullptr && same_field(*a, *b, same))) return;
    const std::string& name = a != nullptr ? a->name : b->name;
    found = Difference{
        name.empty() ? std::string(what.substr(0, what.find(' '))) : fmt::format("{} {}", what, name),
        shown_value(a, b), shown_value(b, a)};
  });
  return changed ? changed : missing;
}

/// The part of the fields that are equal; 1 when there are none.
double equal_share(const std::vector<RequestField>& recorded, const std::vector<RequestField>& asked,
                   const SameValue& same) {
  int all = 0;
  int equal = 0;
  side_by_side(recorded, asked, [&](const RequestField* a, const RequestField* b) {
    ++all;
    if (a != nullptr && b != nullptr && same_field(*a, *b, same)) ++equal;
  });
  return all == 0 ? 1.0 : static_cast<double>(equal) / all;
}

bool same_path(const Address& recorded, const Address& asked, const SameValue& same) {
  return std::equal(recorded.path.begin(), recorded.path.end(), asked.path.begin(), asked.path.end(), same);
}

double path_share(const Address& recorded, const Address& asked, const SameValue& same) {
  const std::size_t common = std::min(recorded.path.size(), asked.path.size());
  int equal = 0;
  for (std::size_t i = 0; i < common; ++i)
    equal += same(recorded.path[i], asked.path[i]) ? 1 : 0;
  return equal / static_cast<double>(std::max(recorded.path.size(), asked.path.size()));
}

const char* accept_name(Canonical::Accept accept) {
  if (accept == Canonical::Accept::html) return "HTML";
  return accept == Canonical::Accept::json ? "JSON" : "anything";
}

}  // namespace

std::optional<Difference> difference(const Canonical& recorded, const Canonical& asked,
                                     const SameValue& same) {
  if (recorded.address.origin != asked.address.origin)
    return Difference{"host", recorded.address.origin, asked.address.origin};
  if (!same_path(recorded.address, asked.address, same))
    return Difference{"path", recorded.address.path_text(), asked.address.path_text()};
  if (recorded.method != asked.method) return Difference{"method", recorded.method, asked.method};
  if (auto found = field_difference("query parameter", recorded.address.query, asked.address.query, same))
    return found;
  if (recorded.body.form != asked.body.form)
    return Difference{"body", std::string(form_name(recorded.body.form)),
                      std::string(form_name(asked.body.form))};
  if (auto found = field_difference("body field", recorded.body.fields, asked.body.fields, same))
    return found;
  if (auto found = field_difference("header", recorded.headers, asked.headers, same)) return found;
  if (recorded.accept != asked.accept)
    return Difference{"header accept", accept_name(recorded.accept), accept_name(asked.accept)};
  return std::nullopt;
}

double likeness(const Canonical& recorded, const Canonical& asked, const SameValue& same) {
  const bool is_one_path = same_path(recorded.address, asked.address, same);
  const bool is_one_origin = recorded.address.origin == asked.address.origin;
  if (!is_one_path && !is_one_origin) return 0;
  double score = path_share(recorded.address, asked.address, same) * 4;
  if (is_one_origin) score += 4;
  if (is_one_path) score += 2;
  if (recorded.method == asked.method) score += 2;
  score += equal_share(recorded.address.query, asked.address.query, same) * 2;
  if (recorded.body.form == asked.body.form)
    score += equal_share(recorded.body.fields, asked.body.fields, same) * 2;
  score += equal_share(recorded.headers, asked.headers, same);
  if (recorded.accept == asked.accept) score += 0.5;
  return score;
}

}  // namespace offstage::recording
