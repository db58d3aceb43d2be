#include "recording/snapshot_xpath.h"

#include <algorithm>
#include <libxml/tree.h>
#include <libxml/valid.h>
#include <libxml/xpath.h>
#include <unordered_map>

#include "base/text.h"

namespace offstage::recording::snapshot {
namespace {

constexpr std::size_t longest_xpath = 4096;
constexpr int deepest_xpath = 60;
constexpr unsigned long most_xpath_steps = 20'000'000;

const xmlChar* xml_text(const std::string& text) {
  return reinterpret_cast<const xmlChar*>(text.c_str());
}

void keep_quiet(void* /*data*/, xmlError* /*error*/) {}

/// libxml2 reads an expression by calling itself: one that nests deep is not given to it.
bool is_too_deep(std::string_view path) {
  int depth = 0;
  int deepest = 0;
  char quote = '\0';
  for (const char c : path) {
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == ')' || c == ']') {
      --depth;
    }
  }
  return deepest > deepest_xpath;
}

Error not_an_xpath(std::string_view part) {
  return {Kind::usage, "the selector '" + std::string(part) + "' is not a valid XPath that yields elements",
          "mend the selector or rule in the script"};
}

}  // namespace

/// The mirror of one tree, made when it is first asked for.
class XPathMirror::Tree {
 public:
  explicit Tree(const Node& root) : root_(root), doc_(xmlNewDoc(xml_text("1.0"))) {
    if (!doc_) throw Error(Kind::internal, "no memory for the mirror of a page snapshot");
    of_.emplace(&root, reinterpret_cast<xmlNode*>(doc_.get()));
    std::vector<const Node*> open(root.children.rbegin(), root.children.rend());
    while (!open.empty()) {
      const Node* node = open.back();
      open.pop_back();
      add(*node);
      open.insert(open.end(), node->children.rbegin(), node->children.rend());
    }
    context_.reset(xmlXPathNewContext(doc_.get()));
    if (!context_) throw Error(Kind::internal, "no memory for an XPath");
    context_->error = keep_quiet;
    context_->opLimit = most_xpath_steps;
  }

  const Node& root() const { return root_; }

  std::vector<const Node*> evaluate(std::string_view path, std::string_view part, const Node& context) {
    const std::string expression(path);
    context_->opCount = 0;
    const auto at = of_.find(&context);
    xmlNode* node = at == of_.end() ? nullptr : at->second;
    const std::unique_ptr<xmlXPathObject, ObjectFree> result(
        node == nullptr ? nullptr : xmlXPathNodeEval(node, xml_text(expression), context_.get()));
    // XPath's own codes stand behind one another in the table of all errors.
    const int code = context_->lastError.code - XML_XPATH_EXPRESSION_OK;
    xmlResetError(&context_->lastError);
    if (code == XPATH_OP_LIMIT_EXCEEDED || code == XPATH_RECURSION_LIMIT_EXCEEDED) {
      throw CannotJudge("the selector '" + std::string(part) + "' takes too long on a page snapshot");
    }
    if (!result || result->type != XPATH_NODESET) throw not_an_xpath(part);
    std::vector<const Node*> found;
    if (result->nodesetval == nullptr) return found;
    for (int i = 0; i < result->nodesetval->nodeNr; ++i) {
      const xmlNode* each = result->nodesetval->nodeTab[i];
      if (each->type == XML_ELEMENT_NODE) found.push_back(static_cast<const Node*>(each->_private));
    }
    std::sort(found.begin(), found.end(), [](const Node* a, const Node* b) { return a->order < b->order; });
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

 private:
  struct ObjectFree {
    void operator()(xmlXPathObject* object) const { xmlXPathFreeObject(object); }
  };
  struct ContextFree {
    void operator()(xmlXPathContext* context) const { xmlXPathFreeContext(context); }
  };
  struct DocFree {
    void operator()(xmlDoc* doc) const { xmlFreeDoc(doc); }
  };

  void add(const Node& node) {
    xmlNode* parent = of_.at(node.parent);
    if (node.is_text()) {
      if (xmlNode* text = xmlNewDocText(doc_.get(), xml_text(node.text))) xmlAddChild(parent, text);
      return;
    }
    xmlNode* element = xmlNewDocNode(doc_.get(), nullptr, xml_text(node.name), nullptr);
    if (element == nullptr) throw Error(Kind::internal, "no memory for the mirror of a page snapshot");
    element->_private = const_cast<Node*>(&node);  // only ever read again as a constant
    xmlAddChild(parent, element);
    of_.emplace(&node, element);
    if (node.space != Node::Space::html) element->ns = space_of(element, node.space);
    for (const auto& [name, value] : node.attributes) {
      xmlAttr* attribute = xmlNewProp(element, xml_text(name), xml_text(value));
      if (attribute != nullptr && name == "id") xmlAddID(nullptr, doc_.get(), xml_text(value), attribute);
    }
  }

  /// The namespace of foreign elements, declared where they are.
  static xmlNs* space_of(xmlNode* element, Node::Space space) {
    const bool svg = space == Node::Space::svg;
    const std::string address = svg ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1998/Math/MathML";
    if (xmlNode* parent = element->parent; parent != nullptr && parent->type == XML_ELEMENT_NODE) {
      if (parent->ns != nullptr && address == reinterpret_cast<const char*>(parent->ns->href))
        return parent->ns;
    }
    return xmlNewNs(element, xml_text(address), nullptr);
  }

  const Node& root_;
  std::unique_ptr<xmlDoc, DocFree> doc_;
  std::unordered_map<const Node*, xmlNode*> of_;
  std::unique_ptr<xmlXPathContext, ContextFree> context_;
};

XPathMirror::XPathMirror(const Document& document) : document_(document) {}
XPathMirror::~XPathMirror() = default;

XPathMirror::Tree& XPathMirror::tree_of(const Node& root) {
  for (const auto& tree : trees_) {
    if (&tree->root() == &root) return *tree;
  }
  return *trees_.emplace_back(std::make_unique<Tree>(root));
}

void XPathMirror::check(std::string_view path, std::string_view part) {
  if (path.size() > longest_xpath || is_too_deep(path)) {
    throw CannotJudge("the selector '" + printable(part, 80) + "' is too long for a page snapshot");
  }
  evaluate(path, part, document_.root());
}

std::vector<const Node*> XPathMirror::evaluate(std::string_view path, std::string_view part,
                                               const Node& context) {
  return tree_of(*context.root).evaluate(path, part, context);
}

}  // namespace offstage::recording::snapshot
