#include "core/model/gpt2.h"

#include <string>
#include <utility>

#include "core/kernels/layer_norm.h"
#include "core/kernels/linear.h"
#include "core/model/finite_rows.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

void check_width(ConstMatrixView rows, const Config& config) {
  if (rows.n_cols == config.d_model) return;
  throw Error(ErrorCode::invalid_argument,
              "Rows of " + std::to_string(rows.n_cols) + " numbers cannot be unembedded: the model's width is " +
                  std::to_string(config.d_model) + ".",
              "Give rows of the residual stream.",
              {{"name", "rows"}, {"value", std::to_string(rows.n_cols)}, {"range", std::to_string(config.d_model)}});
}

}  // namespace

Gpt2::Gpt2(std::shared_ptr<WeightSource> weights, std::shared_ptr<ThreadPool> pool)
    : weights_(std::move(weights)), pool_(std::move(pool)) {}

std::vector<LaneResult> Gpt2::run(std::span<const Lane> lanes, const std::function<void(double)>& progress) const {
  ForwardRun run(*this, lanes);
  while (!run.done()) {
    run.advance();
    if (progress) progress(run.fraction());
  }
  return run.take_results();
}

LaneResult Gpt2::run(const Lane& lane) const { return std::move(run(std::span(&lane, 1)).front()); }

Tensor Gpt2::unembed(ConstMatrixView normalized) const {
  check_width(normalized, config());
  require_finite_rows(normalized);
  Tensor logits = Tensor::uninitialized({normalized.n_rows, config().n_vocab});
  linear(normalized, weights_->embeddings().wte, nullptr, logits.matrix(), *pool_);
  return logits;
}

Tensor Gpt2::logit_lens(ConstMatrixView residual) const {
  check_width(residual, config());
  const LayerNormWeights& ln_final = weights_->embeddings().ln_final;
  Tensor normalized = Tensor::uninitialized({residual.n_rows, config().d_model});
  layer_norm(residual, ln_final.gain, ln_final.bias, config().layer_norm_epsilon, normalized.matrix(), nullptr, *pool_);
  return unembed(normalized.matrix());
}

}  // namespace soi
