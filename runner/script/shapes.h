#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace offstage::script {

/// What a text in a script is, and so how `{{…}}` in it is written and what names it uses or sets.
enum class Use {
  fixed,       ///< nothing is substituted
  plain,       ///< as it is
  value,       ///< the value of a `change`: also a secret, alone
  address,     ///< the address of a page
  pattern,     ///< a pattern for addresses, `*` being any run of characters
  expression,  ///< JavaScript
  regex,       ///< a regular expression
  reads,       ///< the name of a variable that is read
  sets,        ///< the name of a variable that is set
  item,        ///< the name of a variable that is set for the steps inside only
  file,        ///< a script's file
};

struct Member;

/// What a value in a script may be. Immutable; the language's grammar is made of these (step_types.cpp), and
/// parsing, checking and finding names all read the same ones.
struct Shape {
  enum class Type { any, text, number, integer, flag, object, list, map, selectors, step, steps };
  Type type = Type::any;
  Use use = Use::fixed;                  ///< of a text, and of every text inside `any`
  std::vector<std::string> choices;      ///< a text may only be one of these, unless empty
  std::vector<Member> members;           ///< of an object
  std::shared_ptr<const Shape> element;  ///< of a list or map
  bool single = false;                   ///< a list's only element may stand without the list
  std::string word;                      ///< what an object is called: "condition"
};

struct Member {
  std::string name;
  std::shared_ptr<const Shape> shape;
  bool required = false;
};

/// Told of what stands in a value as `walk` goes through it. Pointers are JSON Pointers into the file.
/// Defaults do nothing.
class ShapeVisitor {
 public:
  virtual ~ShapeVisitor() = default;
  /// A value is not what it must be: "is a number, not a string".
  virtual void wrong(const std::string& pointer, const std::string& what) { (void)pointer, (void)what; }
  virtual void unknown(const std::string& pointer, const std::string& name, const Shape& object) {
    (void)pointer, (void)name, (void)object;
  }
  virtual void object(const std::string& pointer, const Json& value, const Shape& shape) {
    (void)pointer, (void)value, (void)shape;
  }
  virtual void text(const std::string& pointer, const std::string& value, Use use) {
    (void)pointer, (void)value, (void)use;
  }
  /// A list of selectors of the right form, possibly empty.
  virtual void selectors(const std::string& pointer, const Json& value) { (void)pointer, (void)value; }
  /// A list of steps, or the one step of `Type::step`; not walked into.
  virtual void steps(const std::string& pointer, const Json& value) { (void)pointer, (void)value; }
};

/// Holds `value` against `shape`. A member that is null counts as absent.
void walk(const Shape& shape, const Json& value, const std::string& pointer, ShapeVisitor& visitor);

/// One step of a JSON Pointer, escaped as RFC 6901 says.
std::string pointer_to(const std::string& parent, std::string_view member);

/// "a string", "null", …: for messages.
std::string kind_word(const Json& value);

}  // namespace offstage::script
