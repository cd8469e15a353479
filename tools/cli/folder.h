#pragma once

#include <string>

namespace soi::cli {

/// Makes the folder where it is not there. `option`: what named it, for the message. Throws Error{io_error}.
void make_folder(const std::string& path, const std::string& option);

}  // namespace soi::cli
