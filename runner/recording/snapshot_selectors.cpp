#include "recording/snapshot_selectors.h"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "recording/snapshot_css.h"
#include "recording/snapshot_names.h"
#include "recording/snapshot_roles.h"
#include "recording/snapshot_text.h"

namespace offstage::recording::snapshot {
namespace {

Error wrong_selector(std::string_view part, std::string_view what) {
  return {Kind::usage, "the selector '" + std::string(part) + "' " + std::string(what),
          "mend the selector or rule in the script"};
}

void sort_in_order(Nodes& nodes) {
  std::sort(nodes.begin(), nodes.end(), [](const Node* a, const Node* b) { return a->order < b->order; });
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
}

Finder css_finder(const Ground& ground, std::string_view css, std::string_view part) {
  return [&document = ground.document, list = parse_css(css, part)](const Node& root) {
    // Below a host means in its shadow tree; where that holds nothing, what was put into its slots.
    if (root.shadow != nullptr) {
      Nodes inside = css_matches(document, *root.shadow, list);
      if (!inside.empty()) return inside;
    }
    return css_matches(document, root, list);
  };
}

Finder pierce_finder(const Ground& ground, std::string_view css, std::string_view part) {
  return [&document = ground.document, list = parse_css(css, part)](const Node& root) {
    Nodes found = css_matches(document, root, list);
    const auto add = [&](const Node& host) {
      if (host.shadow == nullptr) return;
      const Nodes inside = css_matches(document, *host.shadow, list);
      found.insert(found.end(), inside.begin(), inside.end());
    };
    add(root);
    const auto [first, end] = document.below(root);
    std::for_each(first, end, [&add](const Node* host) { add(*host); });
    sort_in_order(found);
    return found;
  };
}

/// What an aria selector asks for: `[name="…"]`, `[role="…"]`, or a plain name.
struct AriaWanted {
  std::string role;
  std::string name;
};

class AriaReader {
 public:
  AriaReader(std::string_view body, std::string_view part) : body_(body), part_(part) {}

  AriaWanted read() {
    AriaWanted wanted;
    std::string rest;
    bool named = false;
    bool with_role = false;
    while (at_ < body_.size()) {
      if (body_[at_] != '[' || !attribute()) {
        rest += body_[at_++];
        continue;
      }
      if (key_ == "role") {
        wanted.role = canonical_role(value_);
        with_role = true;
      } else if (key_ == "name") {
        wanted.name = value_;
        named = true;
      } else {
        throw wrong_selector(part_, "asks for '" + key_ + "': aria/ knows name and role");
      }
    }
    if (!named && (!rest.empty() || !with_role)) {
      wanted.name = wanted.role.empty() ? rest : rest.substr(0, rest.find_last_not_of(" \t\n\r\f\v") + 1);
    }
    if (wanted.name.empty() && wanted.role.empty()) throw wrong_selector(part_, "names nothing");
    return wanted;
  }

 private:
  void skip(std::size_t& at) const {
    while (at < body_.size() && std::string_view(" \t\n\r\f\v").find(body_[at]) != std::string_view::npos)
      ++at;
  }

  /// `[word="value"]` from here on: then behind it, with `key_` and `value_` set.
  bool attribute() {
    std::size_t at = at_ + 1;
    skip(at);
    std::size_t end = at;
    while (end < body_.size() &&
           (std::isalnum(static_cast<unsigned char>(body_[end])) != 0 || body_[end] == '_'))
      ++end;
    key_ = body_.substr(at, end - at);
    at = end;
    skip(at);
    if (key_.empty() || at >= body_.size() || body_[at] != '=') return false;
    skip(++at);
    if (at >= body_.size() || (body_[at] != '"' && body_[at] != '\'')) return false;
    const char quote = body_[at++];
    // A quote ends the value where the bracket follows it.
    for (value_.clear(); at < body_.size(); ++at) {
      std::size_t after = at + 1;
      skip(after);
      if (body_[at] == quote && after < body_.size() && body_[after] == ']') {
        at_ = after + 1;
        return true;
      }
      if (body_[at] == '\\' && at + 1 < body_.size()) ++at;
      value_ += body_[at];
    }
    return false;
  }

  std::string_view body_;
  std::string_view part_;
  std::size_t at_ = 0;
  std::string key_;
  std::string value_;
};

/// Most elements cannot have the role asked for: cheaper to see than to compute.
bool may_be(const Node& element, std::string_view role) {
  static const std::map<std::string_view, std::set<std::string_view>> tags = {
      {"button", {"button", "input", "summary"}},
      {"link", {"a", "area"}},
      {"row", {"tr"}},
      {"cell", {"td", "th"}}};
  const auto found = tags.find(role);
  return found == tags.end() || found->second.contains(element.name) || element.has("role");
}

Finder aria_finder(const Ground& ground, std::string_view body, std::string_view part) {
  return [&document = ground.document, wanted = AriaReader(body, part).read()](const Node& root) {
    Nodes found;
    HiddenMemory hidden;
    const auto [first, end] = document.below(root);
    for (const auto* at = first; at != end; ++at) {
      const Node& element = **at;
      if (!may_be(element, wanted.role)) continue;
      if (!wanted.role.empty() && role_of(document, element) != wanted.role) continue;
      if (is_ignored(element, &hidden)) continue;
      if (!wanted.name.empty()) {
        const std::string actual = accessible_name(document, element);
        // Chrome leaves a space at the end of some names, and Recorder copies it.
        if (actual.empty() || (actual != wanted.name && actual != folded_name(wanted.name))) continue;
      }
      if (wanted.role.empty() && role_of(document, element) == "none") continue;
      found.push_back(&element);
    }
    return found;
  };
}

bool is_unsearched(const std::string& name) {
  static const std::set<std::string_view> names = {"script", "style", "head", "noscript", "template"};
  return names.contains(name);
}

/// One search for a text: the text below each node as it stands, hidden parts included, and the values of
/// fields.
class TextSearch {
 public:
  TextSearch(std::string_view needle, std::string_view spaced) : needle_(needle), spaced_(spaced) {}

  Nodes below(const Node& root) {
    descend(root, root);
    return std::move(found_);
  }

 private:
  static void add_searched(const Node& node, Nodes& list) {
    for (const Node* child : node.children) {
      if (child->is_element() && !is_unsearched(child->name)) list.push_back(child);
    }
    if (node.shadow != nullptr) add_searched(*node.shadow, list);
  }

  const std::string& text_below(const Node& node) {
    if (const auto known = texts_.find(&node); known != texts_.end()) return known->second;
    std::string text;
    if (is_field(node)) {
      const std::string type = node.tag() == "input" ? input_type(node) : std::string();
      if (type != "checkbox" && type != "radio" && type != "image") text = value_of(node).value_or("");
    } else {
      for (const Node* child : node.children) {
        if (child->is_text()) {
          text += child->text;
        } else if (!is_unsearched(child->name)) {
          text += text_below(*child);
        }
      }
      if (node.shadow != nullptr) text += text_below(*node.shadow);
    }
    return texts_.emplace(&node, std::move(text)).first->second;
  }

  bool holds(const Node& node) {
    const std::string& text = text_below(node);
    return text.find(needle_) != std::string::npos ||
           (!spaced_.empty() && folded(text).find(spaced_) != std::string::npos);
  }

  void descend(const Node& node, const Node& root) {
    bool deeper = false;
    Nodes list;
    add_searched(node, list);
    for (const Node* child : list) {
      if (!holds(*child)) continue;
      deeper = true;
      descend(*child, root);
    }
    if (!deeper && node.is_element() && &node != &root) found_.push_back(&node);
  }

  std::string_view needle_;
  std::string_view spaced_;
  std::unordered_map<const Node*, std::string> texts_;
  Nodes found_;
};

Finder text_finder(std::string_view needle, std::string_view part) {
  if (needle.empty()) throw wrong_selector(part, "names no text");
  // Only a text with white space reads otherwise when it is folded.
  const std::string whole = folded(needle);
  bool has_space = whole != needle;
  for (const char c : needle)
    has_space = has_space || c == ' ';
  return [needle = std::string(needle), spaced = has_space ? whole : std::string()](const Node& root) {
    return TextSearch(needle, spaced).below(root);
  };
}

Finder xpath_finder(const Ground& ground, const std::string& path, const std::string& part) {
  XPathMirror& mirror = ground.xpath;
  const std::string below = path.starts_with("/") ? "." + path : path;
  // A shadow root is no context for XPath: its children are, and a leading // then includes them.
  const std::string at_child =
      path.starts_with("//") ? "descendant-or-self::" + path.substr(2) : "self::node()" + path;
  mirror.check(below, part);
  return [&mirror, path, part, below, at_child](const Node& root) {
    if (root.type == Node::Type::document) return mirror.evaluate(path, part, root);
    Nodes found;
    if (const Node* shadow = root.is_element() ? root.shadow : &root) {
      for (const Node* child : shadow->children) {
        if (!child->is_element()) continue;
        const Nodes inside = mirror.evaluate(at_child, part, *child);
        found.insert(found.end(), inside.begin(), inside.end());
      }
    }
    if (found.empty() && root.is_element()) found = mirror.evaluate(below, part, root);
    // A path may climb out again: what is above or beside the root is no match below it.
    std::erase_if(found, [&root](const Node* node) { return node == &root || !is_inside(*node, root); });
    return found;
  };
}

Finder finder_of(const Ground& ground, const std::string& part) {
  static constexpr std::array<std::string_view, 5> prefixes = {"aria/", "text/", "xpath/", "pierce/", "css/"};
  for (const std::string_view prefix : prefixes) {
    if (!part.starts_with(prefix)) continue;
    const std::string body = part.substr(prefix.size());
    if (prefix == "aria/") return aria_finder(ground, body, part);
    if (prefix == "text/") return text_finder(body, part);
    if (prefix == "xpath/") return xpath_finder(ground, body, part);
    if (prefix == "pierce/") return pierce_finder(ground, body, part);
    return css_finder(ground, body, part);
  }
  return css_finder(ground, part, part);
}

}  // namespace

CompiledSelectors::CompiledSelectors(const Ground& ground, const browser::Selectors& selectors) {
  std::vector<Error> faults;
  for (const browser::SelectorChain& chain : selectors) {
    std::vector<Finder> finders;
    try {
      for (const std::string& part : chain) {
        if (!part.empty()) finders.push_back(finder_of(ground, part));
      }
      if (finders.empty()) throw Error(Kind::usage, "a selector is empty", "mend the selector in the script");
    } catch (const CannotJudge&) {
      throw;
    } catch (const Error& error) {
      if (error.kind() != Kind::usage) throw;
      faults.push_back(error);
      finders.clear();
    }
    chains_.emplace_back(join(chain, " "), std::move(finders));
  }
  if (!faults.empty() && faults.size() == chains_.size()) throw Error(faults.front());
}

Matches CompiledSelectors::operator()(const Node& root) const {
  std::string all;
  for (std::size_t at = 0; at < chains_.size(); ++at) {
    const auto& [written, finders] = chains_[at];
    all += (at == 0 ? "" : " | ") + written;
    Nodes roots;
    for (std::size_t part = 0; part < finders.size(); ++part) {
      if (part == 0) {
        roots = finders[part](root);
        continue;
      }
      Nodes next;
      std::unordered_set<const Node*> seen;
      for (const Node* each : roots) {
        for (const Node* match : finders[part](*each)) {
          if (seen.insert(match).second) next.push_back(match);
        }
      }
      roots = std::move(next);
    }
    if (!roots.empty()) return {std::move(roots), static_cast<int>(at), written};
  }
  return {{}, 0, all};
}

}  // namespace offstage::recording::snapshot
