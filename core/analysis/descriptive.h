#pragma once

#include <span>
#include <vector>

namespace soi {

/// NaN for no values.
double mean(std::span<const double> values);

/// Sample standard deviation, 1 / (n - 1); 0 for fewer than two values.
double standard_deviation(std::span<const double> values);

/// Linear interpolation between order statistics (NumPy's default), share in [0, 1]; NaN for no values.
double quantile(std::span<const double> values, double share);

double median(std::span<const double> values);

/// (values - mean) / standard deviation; all zero where they do not vary.
std::vector<double> z_scores(std::span<const double> values);

}  // namespace soi
