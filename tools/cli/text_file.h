#pragma once

#include <string>

#include "tools/cli/command.h"

namespace soi::cli {

/// The bytes of a file; "-" for standard input. Throws Error{io_error}.
std::string read_file(const std::string& path);

/// The text itself, or that of the file.
std::string read_text(const TextSource& source);

}  // namespace soi::cli
