#pragma once

#include <map>
#include <string_view>

namespace soi {

/// What the build has put into the program from lessons/: path in that folder -> bytes. Made by
/// cmake/lesson_files.cmake; see `lesson_file`.
const std::map<std::string_view, std::string_view>& lesson_files();

}  // namespace soi
