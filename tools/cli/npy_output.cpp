#include "tools/cli/npy_output.h"

#include <filesystem>
#include <stdexcept>
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
  try {
    xt::dump_npy(path, xt::adapt(tensor.data(), tensor.size(), xt::no_ownership(), tensor.shape()));
  } catch (const std::runtime_error&) {
    throw_write_error(path);
  }
  // A full disk is not told: the file is short.
  std::error_code error;
  const std::uintmax_t n_bytes = std::filesystem::file_size(path, error);
  if (!error && n_bytes < tensor.size() * sizeof(float)) throw_write_error(path);
}

}  // namespace soi::cli
