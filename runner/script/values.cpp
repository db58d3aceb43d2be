#include "script/values.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/text.h"
#include "script/placeholders.h"

namespace offstage::script {

const Json* Values::find(std::string_view name) const {
  const std::vector<std::string> parts = split(name, '.');
  const auto found = variables_->find(parts.front());
  if (found == variables_->end()) return nullptr;
  const Json* at = &found->second;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string& part = parts[i];
    if (at->is_object()) {
      const auto member = at->find(part);
      if (member == at->end()) return nullptr;
      at = &*member;
    } else if (at->is_array()) {
      const bool number =
          !part.empty() && part.size() < 9 && std::all_of(part.begin(), part.end(), [](char c) {
            return std::isdigit(static_cast<unsigned char>(c)) != 0;
          });
      if (!number || std::stoul(part) >= at->size()) return nullptr;
      at = &(*at)[std::stoul(part)];
    } else {
      return nullptr;
    }
  }
  return at;
}

const Json& Values::at(std::string_view name) const {
  const Json* value = find(name);
  if (value != nullptr) return *value;
  std::vector<std::string> names;
  for (const auto& [known, json] : *variables_)
    names.push_back(known);
  const std::string near = nearest(first_part(name), names);
  refuse(name, "has no value",
         near.empty() || near == first_part(name) ? "" : fmt::format("did you mean {{{{{}}}}}?", near));
}

std::string Values::text(std::string_view name) const {
  const Json& value = at(name);
  if (value.is_string()) {
    if (!is_valid_utf8(value.get_ref<const std::string&>())) refuse(name, "is no text: it is not UTF-8");
    return value.get<std::string>();
  }
  if (value.is_number() || value.is_boolean()) return value.dump();
  refuse(name, value.is_null() ? "is empty here: the page showed nothing for it"
                               : "is " + kind_word(value) + ", not a text");
}

}  // namespace offstage::script
