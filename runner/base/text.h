#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace offstage {

/// Text from a page, made safe for one line of a terminal or a log: control characters (escape sequences, new
/// lines), bidirectional overrides, zero-width characters and invalid UTF-8 become visible `\u{…}` or `\x…`
/// escapes. `limit` bytes at most, cut at a character with "…" at the end; 0 is no limit.
std::string printable(std::string_view text, std::size_t limit = 0);

/// Text made safe between tags and inside quoted attributes of HTML.
std::string html_escaped(std::string_view text);

/// RFC 3986 percent-encoding of all but unreserved characters, and back. An invalid escape is kept as it
/// stands.
std::string url_encoded(std::string_view text);
std::string url_decoded(std::string_view text);

std::string_view trimmed(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// Whether a byte is one of ASCII's control characters, DEL included.
bool is_ascii_control(char c);
/// ASCII letters in lower case; everything else as it is.
std::string ascii_lower(std::string_view text);
bool is_valid_utf8(std::string_view text);

/// `pattern` may hold `*`, which stands for any run of characters; nothing else is special. Whole-string
/// match.
bool matches_glob(std::string_view pattern, std::string_view text);

/// Of `names`, the one nearest to `word` by edit distance, or "" when none is near: for "did you mean".
std::string nearest(std::string_view word, const std::vector<std::string>& names);

/// Whether `text` is one plain address that a console could show: one `@`, a dot in the domain, printable
/// ASCII without spaces, quotes or brackets, at most 254 bytes (RFC 5321). Look-alikes from beyond ASCII are
/// not addresses.
bool is_email(std::string_view text);

/// The form in which two addresses are compared: the same address with its ASCII letters in lower case. Plus
/// tags and dots are significant: they name different accounts.
std::string email_key(std::string_view text);

/// Whether two addresses are the same one, compared by email_key.
bool same_email(std::string_view a, std::string_view b);

}  // namespace offstage
