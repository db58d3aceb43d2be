#include "script/address_writer.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/text.h"
#include "script/placeholders.h"

namespace offstage::script {

void AddressWriter::put_in(const std::string& name, std::string_view value, std::string_view next) {
  if (path() == out_.size() && out_.find("://") != std::string::npos) check_host(name, value, next);
  const std::size_t begin = out_.size();
  out_ += url_encoded(value);
  parts_.push_back({name, begin, out_.size()});
}

std::string AddressWriter::take() {
  for (const Part& part : parts_)
    check_dots(part);
  return std::move(out_);
}

/// Where the path begins, or what stands in its place.
std::size_t AddressWriter::path() const {
  const std::size_t scheme = out_.find("://");
  return std::min(out_.find_first_of("/\\?#", scheme == std::string::npos ? 0 : scheme + 3), out_.size());
}

void AddressWriter::check_host(const std::string& name, std::string_view value, std::string_view next) const {
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.';
  });
  if (!plain) refuse(name, "stands in the host of an address and is no part of a host's name");
  if (std::isalnum(static_cast<unsigned char>(out_.back())) != 0 && next != "." && next != "-")
    refuse(name, "would change the host that the address names", "put a / before it");
}

void AddressWriter::check_dots(const Part& part) const {
  const std::size_t end_of_path = std::min(out_.find_first_of("?#", path()), out_.size());
  if (part.begin <= path() || part.begin >= end_of_path) return;
  const std::size_t begin = out_.find_last_of("/\\", part.begin - 1) + 1;
  const std::size_t end = std::min(out_.find_first_of("/\\", part.end), end_of_path);
  const std::string segment = url_decoded(out_.substr(begin, end - begin));
  if (segment == "." || segment == "..")
    refuse(part.name, fmt::format("would make \"{}\" of a part of the address: another place", segment));
}

}  // namespace offstage::script
