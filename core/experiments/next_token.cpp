#include "core/experiments/next_token.h"

#include <algorithm>
#include <cmath>

#include "core/kernels/softmax.h"

namespace soi {

NextToken read_next_tokens(const Gpt2& model, const Tensor& normalized, const std::vector<std::int32_t>& tokens,
                           const std::function<void(double)>& progress) {
  const std::size_t n = tokens.size() - 1;
  const double row_operations = 2.0 * static_cast<double>(model.config().d_model * model.config().n_vocab);
  const double n_steps = std::ceil(static_cast<double>(n) * row_operations /
                                   (ForwardRun::kStepOperations * static_cast<double>(model.pool().n_threads())));
  const std::size_t n_step_rows = (n + static_cast<std::size_t>(n_steps) - 1) / static_cast<std::size_t>(n_steps);
  NextToken next{std::vector<double>(n), std::vector<double>(n)};
  for (std::size_t begin = 0; begin < n; begin += n_step_rows) {
    const std::size_t n_rows = std::min(n_step_rows, n - begin);
    const ConstMatrixView all = normalized.matrix();
    Tensor logits = model.unembed({all.row(begin), n_rows, all.n_cols, all.stride});
    const MatrixView rows = logits.matrix();
    model.pool().parallel_for(n_rows, [&](std::size_t row) {
      const auto id = static_cast<std::size_t>(tokens[begin + row + 1]);
      next.logit[begin + row] = static_cast<double>(rows[row][id]);
      log_softmax(rows[row]);
      next.log_probability[begin + row] = static_cast<double>(rows[row][id]);
    });
    progress(static_cast<double>(begin + n_rows) / static_cast<double>(n));
  }
  return next;
}

}  // namespace soi
