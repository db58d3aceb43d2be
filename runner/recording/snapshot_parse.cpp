#include <array>
#include <csetjmp>
#include <cstring>
#include <memory>

#include <gumbo.h>

#include "base/error.h"
#include "base/text.h"
#include "recording/snapshot_dom.h"
#include "recording/snapshot_sight.h"
#include "recording/snapshot_source.h"

namespace offstage::recording::snapshot {

namespace {

/// Memory for one parse, given back as a whole: gumbo's own way of freeing a tree calls itself for each
/// level. It also ends a parse whose tree grows out of all proportion: gumbo knows no errors, so that jump is
/// the only way out of it, over frames of C that hold nothing but this memory.
class ParseMemory {
 public:
  explicit ParseMemory(std::size_t budget) : budget_(budget) {}

  static void* allocate(void* self, std::size_t size) { return static_cast<ParseMemory*>(self)->take(size); }
  static void release(void* self, void* memory) {
    static_cast<void>(self);
    static_cast<void>(memory);
  }

  std::jmp_buf too_much;

 private:
  void* take(std::size_t size) {
    const std::size_t rounded = (size + alignof(std::max_align_t) - 1) & ~(alignof(std::max_align_t) - 1);
    if (rounded > left_) {
      const std::size_t block = std::max(rounded, block_size);
      if (block > budget_) std::longjmp(too_much, 1);
      budget_ -= block;
      blocks_.push_back(std::make_unique<std::byte[]>(block));
      next_ = blocks_.back().get();
      left_ = block;
    }
    std::byte* memory = next_;
    next_ += rounded;
    left_ -= rounded;
    return memory;
  }

  static constexpr std::size_t block_size = std::size_t{256} << 10;
  std::size_t budget_;
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
};

/// Nothing when the memory was used up.
const GumboOutput* parsed(ParseMemory& memory, std::string_view source) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = &ParseMemory::allocate;
  options.deallocator = &ParseMemory::release;
  options.userdata = &memory;
  options.max_errors = 0;
  if (setjmp(memory.too_much) != 0) return nullptr;
  return gumbo_parse_with_options(&options, source.data(), source.size());
}

std::string element_name(const GumboElement& element) {
  GumboStringPiece tag = element.original_tag;
  if (element.tag != GUMBO_TAG_UNKNOWN && element.tag_namespace != GUMBO_NAMESPACE_SVG) {
    return gumbo_normalized_tagname(element.tag);
  }
  if (tag.data == nullptr || tag.length == 0) return gumbo_normalized_tagname(element.tag);
  // An empty end tag is nothing, but gumbo counts it to the tag that follows.
  for (constexpr std::string_view nothing = "</>";
       std::string_view(tag.data, tag.length).starts_with(nothing);) {
    tag.data += nothing.size();
    tag.length -= nothing.size();
  }
  gumbo_tag_from_original_text(&tag);
  if (element.tag_namespace == GUMBO_NAMESPACE_SVG) {
    if (const char* name = gumbo_normalize_svg_tagname(&tag)) return name;
  }
  return ascii_lower(std::string_view(tag.data, tag.length));
}

std::string attribute_name(const GumboAttribute& attribute) {
  // gumbo keeps the prefix of these apart.
  switch (attribute.attr_namespace) {
    case GUMBO_ATTR_NAMESPACE_XLINK:
      return std::string("xlink:") + attribute.name;
    case GUMBO_ATTR_NAMESPACE_XML:
      return std::string("xml:") + attribute.name;
    case GUMBO_ATTR_NAMESPACE_XMLNS:
      return std::strcmp(attribute.name, "xmlns") == 0 ? "xmlns" : std::string("xmlns:") + attribute.name;
    default:
      return attribute.name;
  }
}

Node::Space space_of(GumboNamespaceEnum space) {
  if (space == GUMBO_NAMESPACE_SVG) return Node::Space::svg;
  return space == GUMBO_NAMESPACE_MATHML ? Node::Space::mathml : Node::Space::html;
}

bool is_old_doctype(const GumboDocument& document) {
  return document.doc_type_quirks_mode == GUMBO_DOCTYPE_QUIRKS;
}

}  // namespace

/// Copies gumbo's tree into one of ours. Nothing in it calls itself: HTML may nest as it likes here.
class TreeBuilder {
 public:
  Document build(const GumboOutput& output) {
    const GumboDocument& source = output.document->v.document;
    if (source.has_doctype && source.name != nullptr) document_.doctype_ = source.name;
    document_.quirks_ = is_old_doctype(source);
    document_.root_ = &add(Node::Type::document, nullptr);
    open_.push_back({&source.children, document_.root_, 0});
    while (!open_.empty())
      step();
    number();
    find_labels();
    mark_sights(made_);
    return std::move(document_);
  }

 private:
  struct Level {
    const GumboVector* source;
    Node* target;
    unsigned int next;
  };

  Node& add(Node::Type type, Node* root) {
    Node& node = document_.nodes_.emplace_back();
    node.type = type;
    node.root = root != nullptr ? root : &node;
    return node;
  }

  void append(Node& parent, Node& child) {
    child.parent = &parent;
    child.index = parent.children.size();
    parent.children.push_back(&child);
  }

  void step() {
    Level& level = open_.back();
    if (level.next == level.source->length) {
      open_.pop_back();
      return;
    }
    const auto* source = static_cast<const GumboNode*>(level.source->data[level.next++]);
    Node& target = *level.target;
    switch (source->type) {
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_CDATA:
      case GUMBO_NODE_WHITESPACE:
        add_text(target, source->v.text.text);
        break;
      case GUMBO_NODE_ELEMENT:
      case GUMBO_NODE_TEMPLATE:
        add_element(target, source->v.element);
        break;
      default:  // a comment
        break;
    }
  }

  void add_text(Node& target, const char* text) {
    if (target.type == Node::Type::document || *text == '\0') return;
    if (!target.children.empty() && target.children.back()->is_text()) {
      target.children.back()->text += text;
      return;
    }
    Node& node = add(Node::Type::text, target.root);
    node.text = text;
    append(target, node);
  }

  void add_element(Node& target, const GumboElement& source) {
    if (open_.size() > deepest) throw_too_deep();
    if (source.tag == GUMBO_TAG_TEMPLATE && target.is_element() && target.shadow == nullptr) {
      const GumboAttribute* mode = gumbo_get_attribute(&source.attributes, "shadowrootmode");
      if (mode != nullptr && ascii_lower(mode->value) == "open") {
        Node& shadow = add(Node::Type::shadow_root, nullptr);
        shadow.host = &target;
        target.shadow = &shadow;
        open_.push_back({&source.children, &shadow, 0});
        return;
      }
    }
    Node& node = add(Node::Type::element, target.root);
    node.name = element_name(source);
    node.space = space_of(source.tag_namespace);
    for (unsigned int i = 0; i < source.attributes.length; ++i) {
      const auto* attribute = static_cast<const GumboAttribute*>(source.attributes.data[i]);
      node.attributes.emplace_back(attribute_name(*attribute), attribute->value);
    }
    append(target, node);
    if (node.tag() == "template") {
      node.content = &add(Node::Type::fragment, nullptr);
      open_.push_back({&source.children, node.content, 0});
    } else {
      open_.push_back({&source.children, &node, 0});
    }
  }

  /// Composed order, and the places of elements among their siblings.
  void number() {
    struct Visit {
      Node* node;
      bool leaving;
    };
    std::size_t order = 0;
    std::vector<Visit> stack{{document_.root_, false}};
    while (!stack.empty()) {
      const auto [node, leaving] = stack.back();
      stack.pop_back();
      if (leaving) {
        node->last = order;
        continue;
      }
      node->order = ++order;
      if (node->is_element()) {
        document_.elements_.push_back(node);
        made_.push_back(node);
        if (const std::string* id = node->attribute("id")) document_.ids_.emplace(*id, node);
      }
      count_children(*node);
      stack.push_back({node, true});
      for (auto child = node->children.rbegin(); child != node->children.rend(); ++child)
        stack.push_back({*child, false});
      if (node->shadow != nullptr) stack.push_back({node->shadow, false});
    }
  }

  static void count_children(Node& node) {
    int all = 0;
    std::map<std::string_view, int> of_type;
    for (Node* child : node.children) {
      if (!child->is_element()) continue;
      child->nth = ++all;
      child->nth_of_type = ++of_type[child->name];
    }
    for (Node* child : node.children) {
      if (!child->is_element()) continue;
      child->nth_last = all + 1 - child->nth;
      child->nth_last_of_type = of_type[child->name] + 1 - child->nth_of_type;
    }
  }

  void find_labels() {
    for (const Node* element : document_.elements_) {
      if (element->tag() != "label") continue;
      if (const Node* control = control_of(document_, *element)) document_.labels_.emplace(control, element);
    }
  }

  Document document_;
  std::vector<Node*> made_;
  std::vector<Level> open_;
};

Document Document::parse(std::string_view html) {
  const std::string source = prepared_source(html);
  ParseMemory memory((std::size_t{64} << 20) + 64 * source.size());
  const GumboOutput* output = parsed(memory, source);
  if (output == nullptr) {
    throw Error(Kind::usage, "a page snapshot holds HTML that grows without end when it is read",
                "record the page again; no browser writes such HTML");
  }
  return TreeBuilder().build(*output);
}

}  // namespace offstage::recording::snapshot
