#include "recording/snapshot_clean.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "recording/snapshot_dom.h"
#include "recording/snapshot_source.h"

namespace offstage::recording {
namespace {

using snapshot::Node;
using TagNames = std::set<std::string_view>;

constexpr std::size_t deepest_indent = 40;
constexpr std::string_view html_spaces = " \t\n\r\f";

bool is_html_space(char c) {
  return html_spaces.find(c) != std::string_view::npos;
}

/// Elements of which nothing is kept but that they stood there.
bool is_emptied(const Node& node) {
  static const TagNames names = {"script", "style", "link", "noscript"};
  return names.contains(node.name);
}

bool keeps_exact_text(const Node& node) {
  static const TagNames names = {"pre", "textarea", "listing", "xmp", "plaintext", "noembed", "noframes"};
  return names.contains(node.tag());
}

/// Elements whose text a parser takes as it stands.
bool holds_raw_text(const Node& node) {
  static const TagNames names = {"xmp", "noembed", "noframes"};
  return names.contains(node.tag());
}

bool is_address_attribute(std::string_view name) {
  static const TagNames names = {"href",     "src",      "action",     "formaction", "xlink:href",
                                 "data",     "poster",   "background", "ping",       "cite",
                                 "manifest", "longdesc", "profile"};
  return names.contains(name);
}

void escape_into(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    switch (text[at]) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#13;";
        break;
      case '\xC2':
        if (text.substr(at).starts_with("\xC2\xA0")) {
          out += "&nbsp;";
          ++at;
          break;
        }
        [[fallthrough]];
      default:
        out += text[at];
    }
  }
}

/// White space of HTML as single spaces, at the ends too.
std::string with_single_spaces(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_html_space(c)) {
      out += c;
    } else if (out.empty() || out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

std::string without_data(std::string_view text, std::string_view ends) {
  std::string out;
  const std::string lower = ascii_lower(text);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t data = lower.find("data:", at);
    if (data == std::string::npos) break;
    out += text.substr(at, data - at);
    out += "data:,";
    at = std::min(text.find_first_of(ends, data), text.size());
  }
  return out + std::string(text.substr(at));
}

/// An address that runs a script or is the picture itself.
std::string clean_address(const std::string& value) {
  std::string plain = ascii_lower(value);
  std::erase_if(plain, [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
  if (plain.starts_with("javascript:") || plain.starts_with("vbscript:")) return "#";
  return plain.starts_with("data:") ? "data:," : value;
}

class CleanWriter {
 public:
  std::string write(const snapshot::Document& document) {
    if (!document.doctype().empty()) {
      // What else a document type holds, or a foreign one, makes no difference but this one.
      out_ += document.quirks() ? "" : "<!DOCTYPE html>\n";
    }
    for (const Node* child : document.root().children)
      element(*child, 0, false);
    if (open_tag_) out_ += "\n>";
    return std::move(out_);
  }

 private:
  /// One child as it is written: an element, or text with the texts that stood beside what was left out.
  struct Piece {
    const Node* element = nullptr;
    std::string text;
  };

  void finish_tag() {
    if (open_tag_) out_ += '>';
    open_tag_ = false;
  }

  /// A new line where white space stands.
  void new_line(std::size_t depth) {
    finish_tag();
    out_ += '\n';
    out_.append(std::min(depth, deepest_indent), ' ');
  }

  /// A new line inside the tag that was written last; none behind text.
  void break_tag(std::size_t depth) {
    if (!open_tag_) return;
    out_ += '\n';
    out_.append(std::min(depth, deepest_indent), ' ');
    finish_tag();
  }

  void element(const Node& node, std::size_t depth, bool exact) {
    finish_tag();
    if (is_emptied(node)) {
      out_ += "<" + node.name;
      open_tag_ = true;
      if (!snapshot::is_void_tag(node.name)) end_tag(node.name, !node.is_html());
      return;
    }
    // Nothing ends <plaintext>.
    const std::string name = node.tag() == "plaintext" ? "pre" : node.name;
    out_ += "<" + name;
    attributes(node);
    open_tag_ = true;
    if (node.is_html() && snapshot::is_void_tag(name)) return;
    if (node.shadow != nullptr) shadow(*node.shadow, depth + 1, exact);
    if (node.tag() != "iframe") content(node, depth, exact);
    end_tag(name, !node.is_html());
  }

  void end_tag(const std::string& name, bool foreign = false) {
    finish_tag();
    out_ += "</" + name;
    open_tag_ = true;
    // gumbo takes white space for a part of the name there.
    if (foreign) finish_tag();
  }

  void shadow(const Node& root, std::size_t depth, bool exact) {
    if (exact) {
      finish_tag();
    } else {
      break_tag(depth);
    }
    out_ += "<template shadowrootmode=\"open\"";
    open_tag_ = true;
    content(root, depth, exact);
    end_tag("template");
  }

  void content(const Node& node, std::size_t depth, bool exact) {
    const std::vector<Piece> pieces =
        pieces_of(node.content != nullptr ? *node.content : node, node.tag() == "head");
    if (exact || keeps_exact_text(node)) {
      exact_pieces(node, pieces);
      return;
    }
    const bool texts_only = std::all_of(pieces.begin(), pieces.end(),
                                        [](const Piece& piece) { return piece.element == nullptr; });
    if (texts_only && node.shadow == nullptr) {
      for (const Piece& piece : pieces) {
        finish_tag();
        escape_into(out_, with_single_spaces(piece.text));
      }
      return;
    }
    bool space = false;
    for (const Piece& piece : pieces) {
      if (piece.element != nullptr) {
        if (space) {
          new_line(depth + 1);
        } else {
          break_tag(depth + 1);
        }
        space = false;
        element(*piece.element, depth + 1, false);
      } else {
        space = text(piece.text, depth + 1);
      }
    }
    if (space) {
      new_line(depth);
    } else {
      break_tag(depth);
    }
  }

  /// Whether white space at its end is still to be written.
  bool text(const std::string& whole, std::size_t depth) {
    std::string folded = with_single_spaces(whole);
    if (folded == " ") return true;
    if (folded.front() == ' ') {
      new_line(depth);
      folded.erase(0, 1);
    } else {
      break_tag(depth);
    }
    const bool space = folded.back() == ' ';
    if (space) folded.pop_back();
    escape_into(out_, folded);
    return space;
  }

  void exact_pieces(const Node& node, const std::vector<Piece>& pieces) {
    bool first = keeps_exact_text(node);
    for (const Piece& piece : pieces) {
      finish_tag();
      if (piece.element != nullptr) {
        element(*piece.element, 0, true);
      } else {
        // A parser drops the first new line of these.
        if (first && piece.text.front() == '\n' && !holds_raw_text(node)) out_ += '\n';
        if (holds_raw_text(node)) {
          out_ += piece.text;
        } else {
          escape_into(out_, piece.text);
        }
      }
      first = false;
    }
  }

  static std::vector<Piece> pieces_of(const Node& node, bool head) {
    std::vector<Piece> pieces;
    for (const Node* child : node.children) {
      if (child->is_text()) {
        if (!pieces.empty() && pieces.back().element == nullptr) {
          pieces.back().text += child->text;
        } else {
          pieces.push_back({nullptr, child->text});
        }
      } else if (!head || !is_emptied(*child)) {
        pieces.push_back({child, {}});
      }
    }
    return pieces;
  }

  void attributes(const Node& node) {
    for (const auto& [name, value] : node.attributes) {
      const bool handler = name.starts_with("on") || name == "nonce" || name == "srcdoc";
      if (handler || name.find_first_of("\"'<>/= \t\n\r\f") != std::string::npos) continue;
      std::string clean = value;
      if (is_address_attribute(name)) clean = clean_address(value);
      if (name == "style") clean = without_data(value, "\"')");
      if (name == "srcset" || name == "imagesrcset") clean = without_data(value, html_spaces);
      out_ += " " + name + "=\"";
      escape_into(out_, clean);
      out_ += '"';
    }
  }

  std::string out_;
  bool open_tag_ = false;  ///< the last tag is written up to its `>`
};

/// Some HTML is read otherwise once it was written again; it settles soon.
constexpr int most_rounds = 8;

}  // namespace

std::string cleaned(std::string_view html) {
  std::string text(html);
  for (int round = 0; round < most_rounds; ++round) {
    std::string next = CleanWriter().write(snapshot::Document::parse(text));
    if (next == text) break;
    text = std::move(next);
  }
  return text;
}

}  // namespace offstage::recording
