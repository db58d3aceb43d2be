#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace offstage::cli {

/// Asks a person a question and returns the line typed, or nothing at end of input. Empty when stdin or
/// stderr is no terminal: then there is nobody to ask. The returned function throws Error{interrupted} on a
/// stop.
std::function<std::optional<std::string>(const std::string&)> terminal_asker(const std::stop_token& stop);

/// Columns of the terminal on stdout; 100 when it is none.
int terminal_columns();

/// Who runs this program, for the evidence: "alex@build-7"; "alex (through root)" with sudo.
std::string who_runs();

}  // namespace offstage::cli
