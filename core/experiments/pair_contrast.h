#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "core/analysis/class_contrast.h"
#include "core/kernels/thread_pool.h"
#include "core/tensor/tensor.h"

namespace soi {

/// Two classes of rows that come in pairs, in coordinates of the space that they span: as far apart as they were, and
/// much narrower than a model is wide.
struct PairRows {
  Matrix space;                     // [p, r], orthonormal columns
  Matrix a, b;                      // [n, r]
  std::vector<std::size_t> groups;  // [n]: pairs of one group have the same rows, so that they count as one
};

/// activations [2 n, p]: all rows of a, then all of b. groups [n], as of `prefix_groups`.
PairRows pair_rows(const Tensor& activations, std::vector<std::size_t> groups);

/// The same rows, each class moved so that the two means agree.
PairRows with_equal_means(const PairRows& rows);

/// How labels are taken away from the rows.
enum class LabelShuffle : std::uint8_t {
  within_pairs,  // each pair keeps its two rows, and either may be called a; the same one in all pairs of a group
  all_rows,      // any n of the 2 n rows are called a
};

/// The rows under new labels, by the numbers of one stream.
std::pair<Matrix, Matrix> shuffle_labels(const PairRows& rows, LabelShuffle how, std::uint64_t seed,
                                         std::uint64_t stream);

/// What a decomposition says of the rows that it was fitted on.
struct TrainingFigures {
  double top_eigenvalue = 0;
  double variance_ratio = 0;   // of the signal's class over the reference's, along the first eigenvector
  double reference_share = 0;  // the reference's variance along it, over its mean variance along an axis
};
TrainingFigures training_figures(const ClassContrast& contrast, ContrastFilter filter);

/// A fold for each pair, pairs of one group in the same fold; groups are dealt out in a random order.
std::vector<std::size_t> deal_folds(const std::vector<std::size_t>& groups, std::size_t n_folds, std::uint64_t seed,
                                    std::uint64_t stream);

/// Scores of pairs that their filters were not fitted on.
struct HeldOutScores {
  Matrix a, b;  // [n, kContrastFilters.size()]
  std::array<Separation, kContrastFilters.size()> separations;

  const Separation& of(ContrastFilter filter) const { return separations[static_cast<std::size_t>(filter)]; }
};

/// The decomposition of one set of pairs, and how it does on pairs that it has not seen.
struct PairFit {
  PairRows rows;
  PairRows null_rows;  // what label shuffles are made of: where covariances are taken about each class's mean, which
                       // they then know nothing of, rows of equal means; else the rows as they are
  ClassContrast contrast;
  std::vector<std::size_t> fold_of;
  HeldOutScores held_out;
};

/// activations [2 n, p] as for `pair_rows`; folds as of `deal_folds`, at most half as many as there are groups, since a
/// variance needs two.
PairFit fit_pairs(const Tensor& activations, const std::vector<std::size_t>& groups,
                  const ClassContrastSettings& settings, std::size_t n_folds, std::uint64_t seed,
                  std::uint64_t fold_stream, ThreadPool& pool);

/// The same pairs and folds under other settings, of the same centring.
PairFit refit_pairs(const PairFit& fit, const ClassContrastSettings& settings, ThreadPool& pool);

/// What filters that were fitted on shuffled labels are tried on.
enum class TriedOn : std::uint8_t {
  shuffled_labels,  // what no labels that mean anything would give
  true_labels,      // what a direction gives that is known to these by its sign alone: see `score_fold`
};

/// Held-out scores of `n` shuffles of the labels within pairs, by the streams from `first_stream` on. Reports as
/// `run_tasks` does.
std::vector<HeldOutScores> score_shuffled(const PairFit& fit, TriedOn tried_on, std::size_t n,
                                          const ClassContrastSettings& settings, std::uint64_t seed,
                                          std::uint64_t first_stream, ThreadPool& pool,
                                          const std::function<void(double)>& progress);

}  // namespace soi
