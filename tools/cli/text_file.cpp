#include "tools/cli/text_file.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <utility>

#include "core/tensor/error.h"
#include "core/weights/byte_source.h"

namespace soi::cli {

std::string read_file(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  // Not by iterators: of a folder they throw what is no Error of ours. An empty file makes `text` fail, not `file`.
  if (file.is_open() && file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
  if (!file.is_open() || file.bad()) {
    throw Error(ErrorCode::io_error, "Cannot read " + path + ".", "Check the path.", {{"path", path}});
  }
  return std::move(text).str();
}

std::string read_text(const TextSource& source) { return source.text ? *source.text : read_file(source.file); }

}  // namespace soi::cli
