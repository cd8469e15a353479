#include "tools/cli/npy_output.h"

#include <fstream>
#include <string>
#include <xtensor/xadapt.hpp>
#include <xtensor/xnpy.hpp>

#include "core/tensor/error.h"

namespace soi::cli {
namespace {

[[noreturn]] void throw_write_error(const std::string& path) {
  throw Error(ErrorCode::io_error, "Cannot write " + path + ".",
              "Check that the folder is there, that you may write in it, and that the disk is not full.",
              {{"path", path}});
}

}  // namespace

void write_npy(const std::string& path, const Tensor& tensor) {
  // Not the function that writes the file itself: it does not tell where the disk is full.
  const std::string bytes = xt::dump_npy(xt::adapt(tensor.data(), tensor.size(), xt::no_ownership(), tensor.shape()));
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw_write_error(path);
}

}  // namespace soi::cli
