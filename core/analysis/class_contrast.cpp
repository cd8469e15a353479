#include "core/analysis/class_contrast.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/analysis/covariance.h"
#include "core/analysis/pca.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

/// What is taken off the rows of a and of b.
std::array<Vector, 2> centres(const Matrix& a, const Matrix& b, ClassCentring centring) {
  const Vector mean_a = column_means(a);
  const Vector mean_b = column_means(b);
  if (centring == ClassCentring::per_class) return {mean_a, mean_b};
  const Vector centre =
      centring == ClassCentring::grand ? Vector((mean_a + mean_b) / 2) : Vector(Vector::Zero(a.cols()));
  return {centre, centre};
}

/// Throws where the rows are the same but for the rounding of their mean: n roundings of its numbers.
void require_variance(const Matrix& a, const Matrix& b, const Matrix& centred_a, const Matrix& centred_b) {
  const double rounding = static_cast<double>(a.rows() + b.rows()) * std::numeric_limits<double>::epsilon();
  const double left = centred_a.squaredNorm() + centred_b.squaredNorm();
  if (left > rounding * rounding * (a.squaredNorm() + b.squaredNorm())) return;
  throw Error(ErrorCode::invalid_argument, "The rows of the two classes do not vary.",
              "Give sentences that differ before the word.", {{"name", "rows"}, {"value", "constant"}, {"range", ""}});
}

Matrix kept_components(const Pca& pooled, const ClassContrastSettings& settings) {
  const std::size_t enough = pooled.count_for(settings.variance_share);
  const std::size_t count = settings.one_fewer ? std::max<std::size_t>(enough - 1, 1) : enough;
  return pooled.components.leftCols(static_cast<Eigen::Index>(count));
}

const Ged& decomposition(const ClassContrast& contrast, ContrastFilter filter) {
  return filter == ContrastFilter::b_over_a ? contrast.b_over_a : contrast.a_over_b;
}

Vector unoriented(const ClassContrast& contrast, ContrastFilter filter, double gamma) {
  switch (filter) {
    case ContrastFilter::a_over_b:
    case ContrastFilter::b_over_a:
      return contrast.basis * decomposition(contrast, filter).vectors.col(0);
    case ContrastFilter::mean_difference:
      return contrast.mean_difference;
    case ContrastFilter::lda: {
      const Matrix pooled = shrink((contrast.covariance_a + contrast.covariance_b) / 2, gamma);
      const Vector difference = contrast.basis.transpose() * contrast.mean_difference;
      return contrast.basis * Eigen::LLT<Matrix>(pooled).solve(difference);
    }
    case ContrastFilter::first_component:
      return contrast.basis.col(0);
  }
  return {};
}

double sign_of(const ClassContrast& contrast, const Vector& direction) {
  return direction.dot(contrast.mean_difference) < 0 ? -1.0 : 1.0;
}

}  // namespace

ClassContrast contrast_classes(const Matrix& a, const Matrix& b, const ClassContrastSettings& settings) {
  require_finite(a, "The first class");
  require_finite(b, "The second class");
  const auto [centre_a, centre_b] = centres(a, b, settings.centring);
  const Matrix centred_a = a.rowwise() - centre_a.transpose();
  const Matrix centred_b = b.rowwise() - centre_b.transpose();
  require_variance(a, b, centred_a, centred_b);
  const Pca pooled = pooled_pca({centred_a, centred_b}, Centring::none);
  ClassContrast contrast = contrast_in_basis(a, b, kept_components(pooled, settings), settings);
  contrast.pooled_variances = pooled.variances;
  return contrast;
}

ClassContrast contrast_in_basis(const Matrix& a, const Matrix& b, const Matrix& basis,
                                const ClassContrastSettings& settings) {
  const auto [centre_a, centre_b] = centres(a, b, settings.centring);
  const Vector mean_a = column_means(a);
  const Vector mean_b = column_means(b);
  ClassContrast contrast;
  contrast.basis = basis;
  contrast.covariance_a = covariance((a.rowwise() - centre_a.transpose()) * basis, Centring::none);
  contrast.covariance_b = covariance((b.rowwise() - centre_b.transpose()) * basis, Centring::none);
  contrast.reference_a = shrink(contrast.covariance_a, settings.gamma);
  contrast.reference_b = shrink(contrast.covariance_b, settings.gamma);
  contrast.signal_a = settings.shrink_both ? contrast.reference_a : contrast.covariance_a;
  contrast.signal_b = settings.shrink_both ? contrast.reference_b : contrast.covariance_b;
  contrast.centre = (mean_a + mean_b) / 2;
  contrast.mean_difference = mean_a - mean_b;
  contrast.a_over_b = ged(contrast.signal_a, contrast.reference_b);
  contrast.b_over_a = ged(contrast.signal_b, contrast.reference_a);
  return contrast;
}

std::string_view contrast_filter_name(ContrastFilter filter) {
  switch (filter) {
    case ContrastFilter::a_over_b:
      return "a_over_b";
    case ContrastFilter::b_over_a:
      return "b_over_a";
    case ContrastFilter::mean_difference:
      return "mean_difference";
    case ContrastFilter::lda:
      return "lda";
    case ContrastFilter::first_component:
      return "first_component";
  }
  return "";
}

Vector filter_direction(const ClassContrast& contrast, ContrastFilter filter, double gamma) {
  const Vector direction = unoriented(contrast, filter, gamma);
  const double length = direction.norm();
  return length > 0 ? Vector(direction * (sign_of(contrast, direction) / length)) : direction;
}

Vector filter_pattern(const ClassContrast& contrast, ContrastFilter filter, bool shrunk) {
  const Vector weights = decomposition(contrast, filter).vectors.col(0);
  const bool of_a = filter != ContrastFilter::b_over_a;
  const Matrix& raw = of_a ? contrast.covariance_a : contrast.covariance_b;
  const Matrix& smoothed = of_a ? contrast.reference_a : contrast.reference_b;
  const Vector pattern = contrast.basis * forward_pattern(shrunk ? smoothed : raw, weights);
  return pattern * sign_of(contrast, contrast.basis * weights);
}

Separation separate(const Vector& scores_a, const Vector& scores_b, const std::vector<std::size_t>& fold_of) {
  const auto n = static_cast<Eigen::Index>(fold_of.size());
  const std::size_t n_folds = n == 0 ? 0 : *std::ranges::max_element(fold_of) + 1;
  Vector counts = Vector::Zero(static_cast<Eigen::Index>(n_folds));
  Vector sums_a = counts;
  Vector sums_b = counts;
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto fold = static_cast<Eigen::Index>(fold_of[static_cast<std::size_t>(i)]);
    counts(fold) += 1;
    sums_a(fold) += scores_a(i);
    sums_b(fold) += scores_b(i);
  }
  double squares_a = 0;
  double squares_b = 0;
  double above = 0;
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto fold = static_cast<Eigen::Index>(fold_of[static_cast<std::size_t>(i)]);
    const double deviation_a = scores_a(i) - sums_a(fold) / counts(fold);
    const double deviation_b = scores_b(i) - sums_b(fold) / counts(fold);
    squares_a += deviation_a * deviation_a;
    squares_b += deviation_b * deviation_b;
    above += scores_a(i) > scores_b(i) ? 1.0 : scores_a(i) == scores_b(i) ? 0.5 : 0.0;
  }
  const double n_free = static_cast<double>(n) - static_cast<double>((counts.array() > 0).count());
  const double n_pairs = static_cast<double>(n);
  const double spread = std::sqrt((squares_a + squares_b) / (2 * n_free));
  return {squares_a / squares_b, (scores_a.sum() - scores_b.sum()) / n_pairs / spread, above / n_pairs};
}

void score_fold(const std::pair<Matrix, Matrix>& fitted, const std::pair<Matrix, Matrix>& tried,
                const std::vector<std::size_t>& fold_of, std::size_t fold, const ClassContrastSettings& settings,
                Matrix& scores_a, Matrix& scores_b) {
  std::vector<Eigen::Index> inside;
  std::vector<Eigen::Index> outside;
  for (std::size_t i = 0; i < fold_of.size(); ++i) {
    (fold_of[i] == fold ? inside : outside).push_back(static_cast<Eigen::Index>(i));
  }
  const auto& [a, b] = tried;
  ClassContrast contrast =
      contrast_classes(fitted.first(outside, Eigen::all), fitted.second(outside, Eigen::all), settings);
  contrast.mean_difference = column_means(a(outside, Eigen::all)) - column_means(b(outside, Eigen::all));
  for (std::size_t f = 0; f < kContrastFilters.size(); ++f) {
    const Vector direction = filter_direction(contrast, kContrastFilters[f], settings.gamma);
    for (const Eigen::Index row : inside) {
      scores_a(row, static_cast<Eigen::Index>(f)) = a.row(row).dot(direction);
      scores_b(row, static_cast<Eigen::Index>(f)) = b.row(row).dot(direction);
    }
  }
}

}  // namespace soi
