#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace offstage::script {

/// An address in the making, in which a value may be a part of a path, a query or a fragment, and of a host
/// only as far as that leaves its end alone.
class AddressWriter {
 public:
  void write(std::string_view text) { out_ += text; }
  /// Percent-encoded. `next` is the character that follows, or "". Throws Error{usage} that calls it `name`.
  void put_in(const std::string& name, std::string_view value, std::string_view next);
  /// Throws Error{usage} when a value makes "." or ".." of a part of the path: browsers follow them even
  /// where they are percent-encoded.
  std::string take();

 private:
  struct Part {
    std::string name;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  std::size_t path() const;
  void check_host(const std::string& name, std::string_view value, std::string_view next) const;
  void check_dots(const Part& part) const;

  std::string out_;
  std::vector<Part> parts_;
};

}  // namespace offstage::script
