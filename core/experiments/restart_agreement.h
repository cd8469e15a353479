#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/tensor/tensor.h"

namespace soi {

/// Mean over positions of the cosine between two matrices' rows, [T, d] each. A row of zeros counts as 0.
double row_cosine(const Tensor& a, const Tensor& b);

/// Mean Euclidean length of all rows of some matrices.
double mean_row_length(std::span<const Tensor> matrices);

/// `row_cosine` of each pair of the matrices, [n, n]; the diagonal is 1.
Tensor pairwise_cosines(std::span<const Tensor> matrices);

/// The entries above the diagonal of a square matrix.
std::vector<double> above_diagonal(const Tensor& square);

/// a - b, element by element.
Tensor difference(const Tensor& a, const Tensor& b);

/// Share of the tokens that occur more than once among all sequences together.
double repeated_share(std::span<const std::vector<std::int32_t>> sequences);

}  // namespace soi
