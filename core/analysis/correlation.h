#pragma once

#include <span>
#include <vector>

#include "core/analysis/matrix.h"

namespace soi {

/// Pearson's r; NaN where one of the two does not vary. The two have the same length (Error{invalid_argument}).
double pearson(std::span<const double> a, std::span<const double> b);

/// A 95 % confidence interval of Pearson's r over n samples, by Fisher's z (1921): tanh(artanh r -+ 1.96 / sqrt(n-3)).
/// NaN for n < 4 and where r is.
struct CorrelationInterval {
  double low, high;
};
CorrelationInterval correlation_interval(double r, std::size_t n);

/// r of every column of a [n, p] with every column of b [n, q], as [p, q]; 0 where a column does not vary, NaN where
/// one holds NaN or infinity.
Matrix cross_correlation(const Matrix& a, const Matrix& b);

/// For each column of `scores` [p, q]: the row with the largest value. Rows may be taken twice.
std::vector<std::size_t> best_rows(const Matrix& scores);

/// The assignment of a row of its own to each column of `scores` [p, q], p >= q, with the largest sum (the Hungarian
/// method, by shortest augmenting paths: Jonker and Volgenant 1987). Throws Error{invalid_argument} for p < q and for
/// scores that are not finite.
std::vector<std::size_t> one_to_one_rows(const Matrix& scores);

}  // namespace soi
