#include "core/experiments/pair_fit_report.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/analysis/correlation.h"
#include "core/analysis/covariance.h"
#include "core/analysis/symmetric_eigen.h"

namespace soi {
namespace {

/// Of a class's rows, as the solver would meet them without compression.
std::size_t rank_of(const Matrix& rows, const ClassContrastSettings& settings) {
  const Matrix centred_rows = settings.centring == ClassCentring::per_class ? centred(rows) : rows;
  return numerical_rank(symmetric_eigenvalues(covariance(centred_rows, Centring::none)));
}

/// How much of a vector's squared length lies in the span of orthonormal columns.
double kept_share_of(const Vector& vector, const Matrix& basis) {
  return (basis.transpose() * vector).squaredNorm() / vector.squaredNorm();
}

void report_ranks(const PairFit& fit, std::size_t n_neurons, const ClassContrastSettings& settings,
                  ExperimentResult& result) {
  const ClassContrast& contrast = fit.contrast;
  const Eigen::Index n_kept = contrast.basis.cols();
  const double kept_share = contrast.pooled_variances.head(n_kept).sum() / contrast.pooled_variances.sum();
  result.add("rank.pooled", static_cast<double>(contrast.pooled_variances.size()));
  result.add("pcs_kept", static_cast<double>(n_kept), "components");
  result.add("pcs_kept.share", kept_share, "share");
  result.add("pcs_kept.mean_difference_share", kept_share_of(contrast.mean_difference, contrast.basis), "share");
  result.add("pcs_dropped", static_cast<double>(n_neurons) - static_cast<double>(n_kept), "components");
  result.add("rank.a.all_neurons", static_cast<double>(rank_of(fit.rows.a, settings)));
  result.add("rank.b.all_neurons", static_cast<double>(rank_of(fit.rows.b, settings)));
  const std::array<std::pair<const char*, std::array<const Matrix*, 2>>, 2> classes = {
      {{"a", {&contrast.covariance_a, &contrast.reference_a}}, {"b", {&contrast.covariance_b, &contrast.reference_b}}}};
  bool is_full = true;
  for (const auto& [name, matrices] : classes) {
    const std::size_t before = numerical_rank(symmetric_eigenvalues(*matrices[0]));
    const std::size_t after = numerical_rank(symmetric_eigenvalues(*matrices[1]));
    is_full = is_full && after == static_cast<std::size_t>(n_kept);
    result.add(std::string("rank.") + name, static_cast<double>(before));
    result.add(std::string("rank_deficit.") + name, static_cast<double>(n_kept) - static_cast<double>(before));
    result.add(std::string("rank_shrunk.") + name, static_cast<double>(after));
  }
  result.add("rank_shrunk.is_full", is_full ? 1 : 0);
  result.add_series("pooled_variances", {contrast.pooled_variances.begin(), contrast.pooled_variances.end()});
}

/// The same decomposition with all components kept: shrinkage alone makes it solvable. Without shrinkage it has no
/// solution, since a class's rank is below the number of components.
void report_uncompressed(const PairFit& fit, ClassContrastSettings settings, ThreadPool& pool,
                         ExperimentResult& result) {
  settings.variance_share = 1;
  settings.one_fewer = false;
  const bool is_solvable = settings.gamma > 0;
  const PairFit all = is_solvable ? refit_pairs(fit, settings, pool) : PairFit{};
  const double none = std::nan("");
  const Separation& held_out = all.held_out.of(ContrastFilter::a_over_b);
  result.add("uncompressed.components", is_solvable ? static_cast<double>(all.contrast.basis.cols()) : none);
  result.add("uncompressed.top_eigenvalue", is_solvable ? all.contrast.a_over_b.values(0) : none);
  result.add("uncompressed.held_out_ratio", is_solvable ? held_out.variance_ratio : none);
  result.add("uncompressed.held_out_d", is_solvable ? held_out.d_prime : none, "standard deviations");
  result.add("uncompressed.held_out_accuracy", is_solvable ? held_out.accuracy : none, "share");
}

/// The largest |cosine| between two eigenvectors: 0 if they were orthogonal, as PCA's are.
double largest_cosine(const Matrix& vectors) {
  const Matrix unit = vectors.colwise().normalized();
  const Matrix cosines = unit.transpose() * unit;
  double largest = 0;
  for (Eigen::Index i = 0; i < cosines.rows(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j) largest = std::max(largest, std::abs(cosines(i, j)));
  }
  return largest;
}

void add_baselines(const PairFit& fit, const std::string& direction, ExperimentResult& result) {
  for (ContrastFilter filter : kSimplerFilters) {
    const Separation& held_out = fit.held_out.of(filter);
    const double ratio = direction == ".b_over_a" ? 1 / held_out.variance_ratio : held_out.variance_ratio;
    result.add_control(filter_name(filter), "held_out_ratio" + direction, {ratio});
    result.add_control(filter_name(filter), "held_out_d" + direction, {held_out.d_prime}, "standard deviations");
    result.add_control(filter_name(filter), "held_out_accuracy" + direction, {held_out.accuracy}, "share");
  }
}

void report_directions(const PairFit& fit, ExperimentResult& result) {
  for (ContrastFilter direction : kDirections) {
    const std::string name = "." + filter_name(direction);
    const Ged& solved = direction == ContrastFilter::a_over_b ? fit.contrast.a_over_b : fit.contrast.b_over_a;
    const TrainingFigures training = training_figures(fit.contrast, direction);
    result.add("top_eigenvalue" + name, training.top_eigenvalue);
    result.add("train_ratio" + name, training.variance_ratio);
    result.add("train_reference_share" + name, training.reference_share, "share");
    result.add_series("eigenvalues" + name, {solved.values.begin(), solved.values.end()});
  }
  result.add("largest_cosine", largest_cosine(fit.contrast.a_over_b.vectors));
  for (ContrastFilter filter : kContrastFilters) {
    const Separation& held_out = fit.held_out.of(filter);
    result.add("held_out_ratio." + filter_name(filter), signal_ratio(held_out, filter));
    result.add("held_out_d." + filter_name(filter), held_out.d_prime, "standard deviations");
    result.add("held_out_accuracy." + filter_name(filter), held_out.accuracy, "share");
  }
  for (ContrastFilter direction : kDirections) add_baselines(fit, "." + filter_name(direction), result);
}

/// For the plots: each sentence's score in sample and held out. [n pairs, filters, 2 words]
void add_scores(const PairFit& fit, double gamma, ExperimentResult& result) {
  const auto n = static_cast<std::size_t>(fit.rows.a.rows());
  Tensor in_sample(Shape{n, kContrastFilters.size(), 2});
  Tensor held_out(Shape{n, kContrastFilters.size(), 2});
  for (std::size_t f = 0; f < kContrastFilters.size(); ++f) {
    const Vector direction = filter_direction(fit.contrast, kContrastFilters[f], gamma);
    const Vector a = fit.rows.a * direction;
    const Vector b = fit.rows.b * direction;
    for (std::size_t i = 0; i < n; ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      in_sample(i, f, 0) = static_cast<float>(a(row));
      in_sample(i, f, 1) = static_cast<float>(b(row));
      held_out(i, f, 0) = static_cast<float>(fit.held_out.a(row, static_cast<Eigen::Index>(f)));
      held_out(i, f, 1) = static_cast<float>(fit.held_out.b(row, static_cast<Eigen::Index>(f)));
    }
  }
  result.arrays["scores.in_sample"] = std::move(in_sample);
  result.arrays["scores.held_out"] = std::move(held_out);
  for (ContrastFilter filter : kContrastFilters) result.labels["filters"].push_back(filter_name(filter));
}

}  // namespace

std::string filter_name(ContrastFilter filter) { return std::string(contrast_filter_name(filter)); }

double signal_ratio(const Separation& separation, ContrastFilter filter) {
  return filter == ContrastFilter::b_over_a ? 1 / separation.variance_ratio : separation.variance_ratio;
}

Matrix direction_patterns(const ClassContrast& contrast, const PairRows& rows, bool shrunk) {
  Matrix both(2, rows.space.rows());
  for (std::size_t d = 0; d < kDirections.size(); ++d) {
    const Vector pattern = filter_pattern(contrast, kDirections[d], shrunk);
    both.row(static_cast<Eigen::Index>(d)) = rows.space * pattern;
  }
  return both;
}

double pattern_correlation(const ClassContrast& contrast, const PairRows& rows, bool shrunk) {
  const Matrix both = direction_patterns(contrast, rows, shrunk);
  const auto n = static_cast<std::size_t>(both.cols());
  return pearson({both.row(0).data(), n}, {both.row(1).data(), n});
}

void report_pair_fit(const PairFit& fit, std::size_t n_neurons, const ClassContrastSettings& settings,
                     bool shrunk_pattern, ThreadPool& pool, ExperimentResult& result) {
  report_ranks(fit, n_neurons, settings, result);
  report_directions(fit, result);
  result.add("pattern_correlation", pattern_correlation(fit.contrast, fit.rows, shrunk_pattern));
  result.arrays["patterns"] = to_tensor(direction_patterns(fit.contrast, fit.rows, shrunk_pattern));
  add_scores(fit, settings.gamma, result);
  report_uncompressed(fit, settings, pool, result);
}

}  // namespace soi
