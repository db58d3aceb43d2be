#pragma once

#include <filesystem>
#include <string_view>

namespace offstage::cli {

/// "0.1.0"
std::string_view version();

/// The folder that this program was installed or built into: its bin/ has offstage, its libexec/offstage the
/// practice consoles. Throws Error{internal} when the system does not say.
std::filesystem::path prefix();

}  // namespace offstage::cli
