#include "core/experiments/row_tensor.h"

namespace soi {

Tensor row_tensor(const std::vector<std::vector<double>>& rows) {
  Tensor tensor = Tensor::uninitialized({rows.size(), rows.front().size()});
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < rows[r].size(); ++c) tensor(r, c) = static_cast<float>(rows[r][c]);
  }
  return tensor;
}

}  // namespace soi
