#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace offstage::recording::redaction {

/// One round of decoding: percent-encoding, then JSON's escapes, then HTML's character references, over the
/// whole text. Unlike escapes.h it takes every escape for one.
std::string unescaped_once(std::string_view text);

/// The same until nothing changes, four rounds at most.
std::string unescaped(std::string_view text);

/// The texts that stand in `text` as base64: those that a person could read.
std::vector<std::string> base64_texts(std::string_view text);

/// A part of a decoded text, by its place. A value.
struct Span {
  std::size_t begin = 0;
  std::size_t size = 0;
  std::string_view in(std::string_view text) const { return text.substr(begin, size); }
};

/// E-mail addresses in a decoded text, in order, each as long as it can be; an ending of a file's name behind
/// one is none of it. What looks like one but is the name of a file (`logo@2x.png`) or of a package's version
/// (`react@18.2.0`) is none. Letters beyond ASCII count, but for those of scripts that put no space between
/// words.
std::vector<Span> addresses_in(std::string_view text);
/// Those that are there only for who reads the page: the tags that stand inside of words divide them
/// (`dana@<wbr>corp.io`). Where a tag stands before what is an address by itself, only those that `known`
/// knows, in lower case.
std::vector<std::string> divided_addresses(std::string_view text,
                                           const std::function<bool(const std::string&)>& known);
/// UUIDs but for the nil one, and JSON Web Tokens.
std::vector<Span> uuids_in(std::string_view text);
std::vector<Span> web_tokens_in(std::string_view text);

}  // namespace offstage::recording::redaction
