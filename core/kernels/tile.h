#pragma once

#include <cstddef>
#include <span>

#include "core/kernels/operands.h"
#include "core/tensor/tensor.h"

namespace soi {

/// Rows of a tile of c, the block that stays in registers: 4 rows of 2 vectors are 8 sums, 2 vectors of `right` and 1
/// of `left`, within the 15 SSE registers that V8 gives, and enough independent sums to hide the latency of an
/// addition.
inline constexpr std::size_t kTileRows = 4;
/// The narrowest and the widest tile of any instruction set.
inline constexpr std::size_t kMinTileColumns = 8;
inline constexpr std::size_t kMaxTileColumns = 32;
/// So many rows of c at most are computed together without packing `right`.
inline constexpr std::size_t kThinRows = 4;

/// The innermost loops, compiled for one instruction set.
struct TileKernels {
  const char* instruction_set;
  std::size_t tile_columns;  // 2 vectors

  /// c [kTileRows, tile_columns] = left right, the first piece of a sum, or c += left right, a later one.  left: packed
  /// [n_k, kTileRows], right: packed [n_k, tile_columns].
  void (*multiply_tile)(std::size_t n_k, const float* left, const float* right, float* c, std::size_t c_stride,
                        bool is_first);

  /// c [1 to kThinRows, n] = left right, n_k products each.  left: [c.n_rows, n_k], dense; right: k-major, read in
  /// place.
  void (*multiply_thin)(std::size_t n_k, const float* left, const RightOperand& right, MatrixView c);
};

/// All that this processor can run, the fastest first; the choice shows in the speed alone.
std::span<const TileKernels> supported_tile_kernels();

/// The fastest.
inline const TileKernels& tile_kernels() { return supported_tile_kernels().front(); }

}  // namespace soi
