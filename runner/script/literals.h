#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace offstage::script {

/// Where the texts of a JavaScript expression stand: what is written in quotes or backticks, without what a
/// `${…}` computes, and regular expressions. Understands as much of the language as that needs: where only
/// its grammar could tell whether a `/` divides or begins a regular expression, it divides.
class Literals {
 public:
  explicit Literals(std::string_view text);
  /// Whether what stands at this byte is part of one.
  bool hold(std::size_t at) const;

 private:
  void quoted();
  void template_text();
  void slash();
  void comment(std::string_view end);
  bool begins_value() const;
  void keep(std::size_t start);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t code_ = 0;                // behind the last that is neither space nor comment
  std::size_t depth_ = 0;               // of braces
  std::vector<std::size_t> templates_;  // the depths at which the computed parts end that are open here
  std::vector<std::pair<std::size_t, std::size_t>> spans_;
};

}  // namespace offstage::script
