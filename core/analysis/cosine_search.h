#pragma once

#include <cstdint>
#include <vector>

#include "core/kernels/thread_pool.h"
#include "core/kernels/weight_matrix.h"
#include "core/tensor/tensor.h"

namespace soi {

/// A row of a table and its cosine with a query.
struct CosineMatch {
  std::int32_t row = 0;
  float cosine = 0.0f;
};

/// Searches a token-embedding table by cosine similarity. Raw cosines are biased towards hub tokens where the rows
/// share a mean (as GPT-2's do); centred ones take the table's mean row off both sides first (Mu and Viswanath 2018).
class CosineSearch {
 public:
  /// `table` [n_rows, d], layout out_in, any number format; it must outlive the search. Reads it once.
  CosineSearch(const WeightMatrix& table, ThreadPool& pool);

  /// Of each query row [n, d]: the `count` rows of the table with the largest cosines, best first, lower index first of
  /// equals. A query or row of length 0 has cosine 0.
  std::vector<std::vector<CosineMatch>> nearest(ConstMatrixView queries, std::size_t count, bool centre) const;

  /// Mean row [d], and the mean over the table's values of their squared distance from the scalar mean, square-rooted.
  const Tensor& mean_row() const { return mean_row_; }
  double standard_deviation() const { return standard_deviation_; }

 private:
  WeightMatrix table_;
  ThreadPool& pool_;
  Tensor mean_row_;
  std::vector<float> norms_;          // of the rows
  std::vector<float> centred_norms_;  // of the rows minus the mean row
  double standard_deviation_ = 0.0;
};

/// Expected largest cosine of one vector with `n` independent isotropic ones in `d` dimensions, by integrating the
/// distribution of the cosine, whose density is proportional to (1 - c^2)^((d-3)/2) on [-1, 1].
double expected_largest_cosine(std::size_t n, std::size_t d);

}  // namespace soi
