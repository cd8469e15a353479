#pragma once

#include <span>

namespace soi {

/// Student's t-test of one mean. With fewer than two values t and log_p are NaN. Values that do not vary (by more than
/// the rounding of their mean) give t = 0, p = 1 where their mean is the hypothesis, else t = +-infinity, p = 0.
struct TTest {
  double mean = 0;                // of the values, or of the differences
  double standard_deviation = 0;  // 1 / (n - 1)
  double t = 0;
  double degrees_of_freedom = 0;
  double log_p = 0;  // natural logarithm of the two-sided p: p itself may be far below the smallest double
};

TTest one_sample_t_test(std::span<const double> values, double hypothesis = 0.0);

/// The same of the differences a - b; the two have the same length (Error{invalid_argument}).
TTest paired_t_test(std::span<const double> a, std::span<const double> b);

/// log of P(|T| >= |t|) with `degrees_of_freedom` > 0, by the continued fraction of the incomplete beta function in log
/// space (DLMF 8.17.22; Press et al. 2007, section 6.4). Absolute error of log p at most 2^-50 nu log nu, for nu above
/// 2: two values of lgamma, of that size, cancel.
double student_t_log_p(double t, double degrees_of_freedom);

/// Bonferroni: log of min(1, n_tests * p).
double bonferroni(double log_p, double n_tests);

}  // namespace soi
