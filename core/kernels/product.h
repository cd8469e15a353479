#pragma once

#include <algorithm>
#include <cstddef>

#include "core/kernels/operands.h"
#include "core/kernels/thread_pool.h"
#include "core/tensor/tensor.h"

namespace soi {

/// The products of a sum are taken in pieces of so many. Each piece is summed from 0 and then added, so that rounding
/// errors stay near those of a piece: the error of one long sum grows with its length (Castaldo, Whaley and
/// Chronopoulos 2008, "Reducing floating point error in dot product using the superblock family of algorithms").
inline constexpr std::size_t kSumPiece = 256;

/// start + product_of(0) + ... + product_of(n - 1), in the order of every matrix product here; for the references.
template <typename ProductOf>
float sum_in_pieces(float start, std::size_t n, const ProductOf& product_of) {
  float sum = start;
  for (std::size_t begin = 0; begin < n; begin += kSumPiece) {
    float piece = 0.0f;
    for (std::size_t k = begin; k < std::min(n, begin + kSumPiece); ++k) piece += product_of(k);
    sum += piece;
  }
  return sum;
}

/// c = left right, then the epilogue; n_inner is the length of the sums. Each element of c is summed over k in
/// ascending order, in pieces of kSumPiece, by `simd::multiply_add`, in every path: its bits depend on its row of
/// `left` and its column of `right` alone, not on the shape, the instruction set or the number of threads. Few rows
/// (decoding) read `right` in place, once; more are computed in tiles from packed panels.
void product(const LeftOperand& left, const RightOperand& right, std::size_t n_inner, MatrixView c,
             const Epilogue& epilogue, ThreadPool& pool) noexcept;

}  // namespace soi
