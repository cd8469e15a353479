#pragma once

#include <span>
#include <vector>

namespace soi {

/// NaN for no values.
double mean(std::span<const double> values);

/// Sample standard deviation, 1 / (n - 1); 0 for fewer than two values.
double standard_deviation(std::span<const double> values);

/// Those that are not NaN.
std::vector<double> defined(std::span<const double> values);

/// Linear interpolation between order statistics (NumPy's default), share in [0, 1]; NaN for no values.
double quantile(std::span<const double> values, double share);

double median(std::span<const double> values);

/// How far rounding alone can move the mean of such values: n roundings of the largest of them. A standard deviation
/// that is no larger says that they do not vary.
double rounding_of_mean(std::span<const double> values);

/// (values - mean) / standard deviation; all zero where they do not vary by more than rounding.
std::vector<double> z_scores(std::span<const double> values);

}  // namespace soi
