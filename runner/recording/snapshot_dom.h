#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The tree of a page snapshot, as the DOM of the live page stood: open shadow trees hang on their hosts,
/// what is in other templates is no part of it. The functions answer what runner/browser/inpage/dom.js
/// answers of a live page.
namespace offstage::recording::snapshot {

struct Node;

/// Whether a person sees an element; how Page::html marks it (`data-offstage-hidden`), or what its HTML says.
enum class Sight {
  seen,
  empty,   ///< its own box is empty: what is in it may be seen
  closed,  ///< seen itself; text that stands directly in it is not
  unseen,  ///< `visibility: hidden`: rendered, and not shown
  none,    ///< not rendered, with all that is in it
};

using Attributes = std::vector<std::pair<std::string, std::string>>;

/// One node. Owned by its Document, immutable once that is made. Pointers are never owned.
struct Node {
  enum class Type { document, shadow_root, fragment, element, text };
  enum class Space { html, svg, mathml };
  Type type = Type::element;
  Space space = Space::html;
  std::string name;  ///< of an element: its local name
  std::string text;  ///< of a text
  Attributes attributes;
  Node* parent = nullptr;       ///< of a shadow root: none (see `host`)
  std::vector<Node*> children;  ///< elements and texts; no comments, no two texts beside each other
  Node* shadow = nullptr;       ///< the open shadow root of a host
  Node* content = nullptr;      ///< of a template: the fragment of what is in it
  Node* host = nullptr;         ///< of a shadow root
  Node* root = nullptr;         ///< the tree it stands in: document, shadow root or fragment
  std::size_t index = 0;        ///< among the parent's children

  /// Its place in composed order (a shadow tree before the light children), and that of the last node inside.
  std::size_t order = 0;
  std::size_t last = 0;
  /// Among the elements of its parent, from 1: from the start and the end, all of them and those of its name.
  int nth = 0;
  int nth_last = 0;
  int nth_of_type = 0;
  int nth_last_of_type = 0;
  Sight sight = Sight::seen;

  bool is_element() const { return type == Type::element; }
  bool is_text() const { return type == Type::text; }
  bool is_html() const { return is_element() && space == Space::html; }
  /// The name of an HTML element, in lower case; "" for all else.
  std::string_view tag() const { return is_html() ? std::string_view(name) : std::string_view(); }
  /// The value of an attribute, or nothing.
  const std::string* attribute(std::string_view wanted) const;
  bool has(std::string_view wanted) const { return attribute(wanted) != nullptr; }
  /// The value, or "" where it is absent.
  std::string_view value_of(std::string_view wanted) const;
};

/// A parsed snapshot. Moves keep its nodes where they are. Immutable once made: any number of threads may
/// read.
class Document {
 public:
  /// Throws Error{usage} for what is larger than 64 MiB or nested more than 1000 deep. Never runs or fetches
  /// anything. Broken HTML is mended as browsers do it.
  static Document parse(std::string_view html);

  Document(Document&&) noexcept = default;
  Document& operator=(Document&&) noexcept = default;

  const Node& root() const { return *root_; }
  /// The <html> element, or nullptr.
  const Node* document_element() const;
  /// Every element, in composed order; none of a template's content.
  const std::vector<const Node*>& elements() const { return elements_; }
  /// The elements below a node, itself left out, in composed order, shadow trees included.
  std::pair<const Node* const*, const Node* const*> below(const Node& node) const;
  /// The element with that id in the tree of `element`, or nullptr.
  const Node* by_id(const Node& element, std::string_view id) const;
  /// "html" of `<!DOCTYPE html>`; "" where there is none.
  const std::string& doctype() const { return doctype_; }
  /// Browsers compare classes and ids of such old documents without their case.
  bool quirks() const { return quirks_; }
  /// The labels of a tree whose form control is this element, in order.
  std::vector<const Node*> labels_of(const Node& control) const;

 private:
  friend class TreeBuilder;
  Document() = default;
  std::deque<Node> nodes_;
  Node* root_ = nullptr;
  std::vector<const Node*> elements_;
  std::multimap<std::string, const Node*, std::less<>> ids_;
  std::multimap<const Node*, const Node*> labels_;
  std::string doctype_;
  bool quirks_ = false;
};

/// The parent through shadow roots to their hosts; nullptr above the document's element is the document.
const Node* composed_parent(const Node& node);
/// The parent as rendered: what is put into a slot stands there.
const Node* flat_parent(const Node& node);
/// The children as rendered: of a host its shadow tree's, of a slot what is put there, of a closed <details>
/// its summary.
std::vector<const Node*> flat_children(const Node& node);
/// Whether `node` is `ancestor`, or stands inside it in the composed or the flat tree.
bool is_inside(const Node& node, const Node& ancestor);
/// The nearest element from `node` upwards in its own tree with one of these tags, or nullptr.
const Node* closest(const Node& node, std::initializer_list<std::string_view> tags);
/// All text below a node in its own tree, as it stands.
std::string text_content(const Node& node);
/// The control that a <label> is for, or nullptr.
const Node* control_of(const Document& document, const Node& label);
/// What an element is called in messages, as runner/browser/inpage/dom.js does it.
std::string describe(const Node* node);

}  // namespace offstage::recording::snapshot
