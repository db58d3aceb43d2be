#pragma once

#include <string>

#include "cli/command_line.h"

namespace offstage::cli {

/// The man page offstage(1) in roff, made from the definitions of commands and options.
std::string man_page(const CommandLine& line);

/// Completions for "bash", "zsh" or "fish", made from the same definitions. Throws Error{usage} for another
/// shell.
std::string completion(const CommandLine& line, const std::string& shell);

}  // namespace offstage::cli
