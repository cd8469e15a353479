#include "wasm/ranking_writer.h"

#include <cassert>
#include <cstdint>
#include <vector>

namespace soi::wasm {

RankingWriter::RankingWriter(std::size_t n_rows, std::size_t n_top)
    : n_top_(n_top),
      ranking_{
          n_rows, {std::vector<std::int32_t>(n_rows * n_top)}, {Tensor({n_rows, n_top})}, {Tensor({n_rows, n_top})}} {}

void RankingWriter::write(std::size_t row, const Distribution& distribution) {
  assert(distribution.best().size() >= n_top_);
  for (std::size_t i = 0; i < n_top_; ++i) {
    const std::int32_t id = distribution.best()[i];
    ranking_.ids.values[row * n_top_ + i] = id;
    ranking_.logits.values(row, i) = distribution.logit(id);
    ranking_.probabilities.values(row, i) = distribution.probability(id);
  }
}

}  // namespace soi::wasm
