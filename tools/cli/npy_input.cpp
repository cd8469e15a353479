#include "tools/cli/npy_input.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xnpy.hpp>

#include "core/tensor/error.h"
#include "tools/cli/text_file.h"

namespace soi::cli {
namespace {

namespace fs = std::filesystem;

/// Empty where the bytes are not a whole .npy file of this type.
template <typename Number>
std::optional<Tensor> parse_npy(const std::string& bytes) {
  std::istringstream stream(bytes);
  try {
    const xt::xarray<Number> array = xt::load_npy<Number>(stream);
    if (!stream) return std::nullopt;  // it ends too early
    Tensor tensor = Tensor::uninitialized(Shape(array.shape().begin(), array.shape().end()));
    std::ranges::transform(array.storage(), tensor.data(), [](Number value) { return static_cast<float>(value); });
    return tensor;
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {
    return std::nullopt;  // what a damaged header makes the reader throw is not only runtime_error
  }
}

std::vector<fs::path> npy_files(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".npy") files.push_back(entry.path());
  }
  if (error || files.empty()) {
    throw Error(ErrorCode::io_error, folder + " holds no .npy file.", "Name a folder of initial values.",
                {{"path", folder}});
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

Tensor read_npy(const std::string& path) {
  const std::string bytes = read_file(path);
  std::optional<Tensor> tensor = parse_npy<float>(bytes);
  if (!tensor) tensor = parse_npy<double>(bytes);
  if (tensor) return std::move(*tensor);
  throw Error(ErrorCode::invalid_argument, path + " is not a .npy file of float32 or float64 in C order.",
              "Write it with numpy.save(path, numpy.ascontiguousarray(array, dtype='float32')).", {{"path", path}});
}

std::map<std::string, Tensor> read_initial_values(const std::string& folder) {
  const std::string prefix = "initial.";
  const std::vector<fs::path> files = npy_files(folder);
  const auto has_prefix = [&](const fs::path& file) { return file.stem().string().starts_with(prefix); };
  const bool prefixed = std::ranges::any_of(files, has_prefix);
  std::map<std::string, Tensor> values;
  for (const fs::path& file : files) {
    if (prefixed && !has_prefix(file)) continue;
    values[file.stem().string().substr(prefixed ? prefix.size() : 0)] = read_npy(file.string());
  }
  return values;
}

}  // namespace soi::cli
