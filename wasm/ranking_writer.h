#pragma once

#include <cstddef>
#include <utility>

#include "core/model/distribution.h"
#include "wasm/protocol.h"

namespace soi::wasm {

/// Rows of a Ranking, filled in any order.
class RankingWriter {
 public:
  /// Throws Error{out_of_memory}.
  RankingWriter(std::size_t n_rows, std::size_t n_top);
  /// Takes the first `n_top` of the distribution's best.
  void write(std::size_t row, const Distribution& distribution);
  Ranking take() { return std::move(ranking_); }

 private:
  std::size_t n_top_;
  Ranking ranking_;
};

}  // namespace soi::wasm
