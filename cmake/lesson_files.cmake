# Puts the claims and the data of the lessons into the program, so that the command line, the tests and the page read the
# same ones, and no file is looked for when it runs: lessons/02-sae-palinka/data/passage.txt becomes
# lesson_file("02-sae-palinka/data/passage.txt").

function(soi_embed_lesson_files output)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/lessons
       ${PROJECT_SOURCE_DIR}/lessons/*/claims.json ${PROJECT_SOURCE_DIR}/lessons/*/data/*)
  set(arrays "")
  set(entries "")
  set(index 0)
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lessons/${file})
    file(READ ${PROJECT_SOURCE_DIR}/lessons/${file} bytes HEX)
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
    string(APPEND arrays "constexpr char kFile${index}[] = {${bytes}'\\0'};\n")
    string(APPEND entries "    {\"${file}\", {kFile${index}, sizeof kFile${index} - 1}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT [[
// Made by cmake/lesson_files.cmake.
#include "core/experiments/lesson_files.h"

namespace soi {
namespace {
@arrays@}  // namespace

const std::map<std::string_view, std::string_view>& lesson_files() {
  static const std::map<std::string_view, std::string_view> files = {
@entries@  };
  return files;
}

}  // namespace soi
]])
endfunction()
