#include "core/experiments/pair_contrast.h"

#include <algorithm>
#include <utility>

#include "core/analysis/covariance.h"
#include "core/analysis/pca.h"
#include "core/analysis/permutation.h"
#include "core/experiments/task_loop.h"
#include "core/kernels/random.h"

namespace soi {
namespace {

/// The rows of a and of b under one of many labellings: what filters are fitted on, and what they are tried on.
struct Labelled {
  std::pair<Matrix, Matrix> fitted, tried;
};

/// Every fold left out in turn, for each of `n_labellings`.
std::vector<HeldOutScores> score_held_out(const std::function<Labelled(std::size_t)>& labelling,
                                          std::size_t n_labellings, const std::vector<std::size_t>& fold_of,
                                          const ClassContrastSettings& settings, ThreadPool& pool,
                                          const std::function<void(double)>& progress) {
  const std::size_t n_folds = *std::ranges::max_element(fold_of) + 1;
  const Matrix blank = Matrix::Zero(static_cast<Eigen::Index>(fold_of.size()), kContrastFilters.size());
  std::vector<HeldOutScores> scores(n_labellings, HeldOutScores{blank, blank, {}});
  run_tasks(
      pool, n_labellings * n_folds,
      [&](std::size_t task) {
        const Labelled rows = labelling(task / n_folds);
        HeldOutScores& into = scores[task / n_folds];
        score_fold(rows.fitted, rows.tried, fold_of, task % n_folds, settings, into.a, into.b);
      },
      progress);
  for (HeldOutScores& held_out : scores) {
    for (std::size_t f = 0; f < kContrastFilters.size(); ++f) {
      const auto column = static_cast<Eigen::Index>(f);
      held_out.separations[f] = separate(held_out.a.col(column), held_out.b.col(column), fold_of);
    }
  }
  return scores;
}

}  // namespace

PairRows pair_rows(const Tensor& activations, std::vector<std::size_t> groups) {
  const Matrix rows = to_matrix(activations.matrix());
  const Eigen::Index n = rows.rows() / 2;
  PairRows pairs{pca(rows, Centring::none).components, {}, {}, std::move(groups)};
  const Matrix coordinates = rows * pairs.space;
  pairs.a = coordinates.topRows(n);
  pairs.b = coordinates.bottomRows(n);
  return pairs;
}

PairRows with_equal_means(const PairRows& rows) {
  const Vector half = (column_means(rows.a) - column_means(rows.b)) / 2;
  return {rows.space, rows.a.rowwise() - half.transpose(), rows.b.rowwise() + half.transpose(), rows.groups};
}

std::pair<Matrix, Matrix> shuffle_labels(const PairRows& rows, LabelShuffle how, std::uint64_t seed,
                                         std::uint64_t stream) {
  const Eigen::Index n = rows.a.rows();
  std::pair<Matrix, Matrix> labelled(rows.a, rows.b);
  if (how == LabelShuffle::within_pairs) {
    for (Eigen::Index i = 0; i < n; ++i) {
      if (uniform(seed, stream, rows.groups[static_cast<std::size_t>(i)]) < 0.5)
        labelled.first.row(i).swap(labelled.second.row(i));
    }
    return labelled;
  }
  const std::vector<std::size_t> order = permutation(static_cast<std::size_t>(2 * n), seed, stream);
  for (Eigen::Index i = 0; i < 2 * n; ++i) {
    const auto from = static_cast<Eigen::Index>(order[static_cast<std::size_t>(i)]);
    const auto row = from < n ? rows.a.row(from) : rows.b.row(from - n);
    (i < n ? labelled.first.row(i) : labelled.second.row(i - n)) = row;
  }
  return labelled;
}

TrainingFigures training_figures(const ClassContrast& contrast, ContrastFilter filter) {
  const bool signal_is_a = filter != ContrastFilter::b_over_a;
  const Ged& solved = signal_is_a ? contrast.a_over_b : contrast.b_over_a;
  const Matrix& signal = signal_is_a ? contrast.covariance_a : contrast.covariance_b;
  const Matrix& reference = signal_is_a ? contrast.covariance_b : contrast.covariance_a;
  const Vector w = solved.vectors.col(0);
  const double of_signal = w.dot(signal * w);
  const double of_reference = std::max(w.dot(reference * w), 0.0);
  const double mean_variance = reference.trace() / static_cast<double>(reference.rows());
  return {solved.values(0), of_signal / of_reference, of_reference / w.squaredNorm() / mean_variance};
}

std::vector<std::size_t> deal_folds(const std::vector<std::size_t>& groups, std::size_t n_folds, std::uint64_t seed,
                                    std::uint64_t stream) {
  const std::size_t n_groups = groups.empty() ? 0 : *std::ranges::max_element(groups) + 1;
  const std::vector<std::size_t> order = permutation(n_groups, seed, stream);
  std::vector<std::size_t> place(n_groups);
  for (std::size_t i = 0; i < n_groups; ++i) place[order[i]] = i;
  std::vector<std::size_t> fold_of;
  for (std::size_t group : groups) fold_of.push_back(place[group] % n_folds);
  return fold_of;
}

PairFit fit_pairs(const Tensor& activations, const std::vector<std::size_t>& groups,
                  const ClassContrastSettings& settings, std::size_t n_folds, std::uint64_t seed,
                  std::uint64_t fold_stream, ThreadPool& pool) {
  const std::size_t n_groups = *std::ranges::max_element(groups) + 1;
  PairFit fit;
  fit.rows = pair_rows(activations, groups);
  fit.null_rows = settings.centring == ClassCentring::per_class ? with_equal_means(fit.rows) : fit.rows;
  fit.fold_of = deal_folds(groups, std::min(n_folds, n_groups / 2), seed, fold_stream);
  return refit_pairs(fit, settings, pool);
}

PairFit refit_pairs(const PairFit& fit, const ClassContrastSettings& settings, ThreadPool& pool) {
  PairFit other{fit.rows, fit.null_rows, contrast_classes(fit.rows.a, fit.rows.b, settings), fit.fold_of, {}};
  const std::pair<Matrix, Matrix> rows(fit.rows.a, fit.rows.b);
  const auto as_they_are = [&rows](std::size_t) { return Labelled{rows, rows}; };
  other.held_out = score_held_out(as_they_are, 1, fit.fold_of, settings, pool, [](double) {}).front();
  return other;
}

std::vector<HeldOutScores> score_shuffled(const PairFit& fit, TriedOn tried_on, std::size_t n,
                                          const ClassContrastSettings& settings, std::uint64_t seed,
                                          std::uint64_t first_stream, ThreadPool& pool,
                                          const std::function<void(double)>& progress) {
  const auto shuffled = [&](std::size_t i) {
    Labelled rows;
    rows.fitted = shuffle_labels(fit.null_rows, LabelShuffle::within_pairs, seed, first_stream + i);
    rows.tried = tried_on == TriedOn::shuffled_labels ? rows.fitted : std::make_pair(fit.rows.a, fit.rows.b);
    return rows;
  };
  return score_held_out(shuffled, n, fit.fold_of, settings, pool, progress);
}

}  // namespace soi
