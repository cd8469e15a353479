#include "core/analysis/t_test.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/analysis/descriptive.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

/// The continued fraction of I_x(a, b) without its prefactor, by Lentz's method; converges fast for x < (a+1)/(a+b+2).
double beta_continued_fraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300;
  constexpr int kMostTerms = 10000;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m < kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    const double step = d * c;
    fraction *= step;
    if (std::abs(step - 1) < std::numeric_limits<double>::epsilon()) break;
  }
  return fraction;
}

/// log(x^a (1-x)^b / (a B(a, b))), given log x and log(1-x).
double log_prefactor(double log_x, double log_1_minus_x, double a, double b) {
  return a * log_x + b * log_1_minus_x + std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) - std::log(a);
}

}  // namespace

double student_t_log_p(double t, double degrees_of_freedom) {
  if (std::isnan(t)) return t;
  if (std::isinf(t)) return -std::numeric_limits<double>::infinity();
  if (t == 0) return 0;
  // p = I_x(nu/2, 1/2) with x = nu / (nu + t^2).
  const double nu = degrees_of_freedom;
  const double ratio = t * t / nu;
  const double log_x = -std::log1p(ratio);
  const double log_1_minus_x = -std::log1p(1 / ratio);
  const double a = nu / 2;
  constexpr double b = 0.5;
  const double x = std::exp(log_x);
  if (x < (a + 1) / (a + b + 2))
    return log_prefactor(log_x, log_1_minus_x, a, b) + std::log(beta_continued_fraction(x, a, b));
  const double other_tail =
      std::exp(log_prefactor(log_1_minus_x, log_x, b, a)) * beta_continued_fraction(std::exp(log_1_minus_x), b, a);
  return std::log1p(-other_tail);
}

TTest one_sample_t_test(std::span<const double> values, double hypothesis) {
  const double n = static_cast<double>(values.size());
  TTest test;
  test.mean = mean(values);
  test.standard_deviation = standard_deviation(values);
  test.degrees_of_freedom = std::max(n - 1, 0.0);
  if (values.size() < 2) {
    test.t = test.log_p = std::numeric_limits<double>::quiet_NaN();
    return test;
  }
  const double difference = test.mean - hypothesis;
  const double rounding = rounding_of_mean(values);
  if (test.standard_deviation <= rounding) {
    const bool is_hypothesis = std::abs(difference) <= rounding;
    test.t = is_hypothesis ? 0 : std::copysign(std::numeric_limits<double>::infinity(), difference);
  } else {
    test.t = difference / (test.standard_deviation / std::sqrt(n));
  }
  test.log_p = student_t_log_p(test.t, test.degrees_of_freedom);
  return test;
}

TTest paired_t_test(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) {
    throw Error(
        ErrorCode::invalid_argument, "A paired t-test takes two series of the same length.",
        "Pair each value of one with one of the other.",
        {{"name", "pairs"}, {"value", std::to_string(a.size()) + ", " + std::to_string(b.size())}, {"range", "equal"}});
  }
  std::vector<double> differences(a.size());
  std::ranges::transform(a, b, differences.begin(), std::minus<>());
  return one_sample_t_test(differences);
}

double bonferroni(double log_p, double n_tests) { return std::min(0.0, log_p + std::log(n_tests)); }

}  // namespace soi
