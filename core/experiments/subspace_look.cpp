#include "core/experiments/subspace_look.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "core/analysis/correlation.h"
#include "core/analysis/covariance_change.h"
#include "core/analysis/descriptive.h"
#include "core/analysis/permutation.h"
#include "core/experiments/task_loop.h"

namespace soi {
namespace {

constexpr std::size_t kShownNeurons = 48;  // of the covariance matrices that are drawn
constexpr std::uint64_t kNeuronShuffleStream = std::uint64_t{1} << 32;

/// The rows that an edit changes.
Matrix edited_rows(const Matrix& rows, const Removal& removal) {
  return rows.bottomRows(rows.rows() - static_cast<Eigen::Index>(removal.first_row));
}

/// As the model reads them: in float32.
Matrix as_read(const Matrix& rows) {
  const Tensor read = to_tensor(rows);
  return to_matrix(read.matrix());
}

/// One block's rows before and after, and the random controls' rows.
struct Look {
  const Matrix& x;
  const BlockRemovals& block;
  Matrix before, after;
  std::size_t n_random;
  ThreadPool& pool;
  const std::function<void()>& tick;
  ExperimentResult& result;

  Matrix control_rows(EditKind kind, std::size_t repetition) const {
    return edited_rows(edited_activations(block, kind, repetition, x), block.removal);
  }
};

/// Calls value(rows after the edit) for each repetition of each random control, and keeps what it gives.
void add_random_controls(const Look& look, const std::string& figure,
                         const std::function<double(const Matrix&)>& value) {
  for (EditKind kind : kRepeatedControls) {
    std::vector<double> values(look.n_random);
    run_tasks(
        look.pool, look.n_random, [&](std::size_t i) { values[i] = value(look.control_rows(kind, i)); },
        [&](double) { look.tick(); });
    look.result.add_control(edit_name(kind), figure, std::move(values), "share");
  }
}

double relative_change(const Matrix& before, const Matrix& after) {
  return (after - before).cwiseAbs().mean() / before.cwiseAbs().mean();
}

void look_at_values(const Look& look) {
  const Removal& removal = look.block.removal;
  const Matrix measured = (look.after - look.before).cwiseAbs();
  const Matrix predicted =
      ((look.before.rowwise() - removal.centre.transpose()) * removal.directions * removal.directions.transpose())
          .cwiseAbs();
  const Matrix spread = centred(look.before);
  const auto n = static_cast<std::size_t>(look.before.size());
  const double typical_spread = std::sqrt(spread.squaredNorm() / static_cast<double>(n));
  ExperimentResult& result = look.result;
  result.add("neuron_change.relative", relative_change(look.before, look.after), "share");
  result.add("neuron_change.in_spreads", measured.norm() / spread.norm(), "standard deviations");
  result.add("neuron_change.largest_in_spreads", measured.maxCoeff() / typical_spread, "standard deviations");
  result.add("neuron_change.correlation", pearson({look.before.data(), n}, {look.after.data(), n}));
  result.add("neuron_change.gap", (measured - predicted).cwiseAbs().maxCoeff() / predicted.maxCoeff());
  result.arrays["neuron_change.measured"] = to_tensor(Matrix(measured.colwise().mean()));
  result.arrays["neuron_change.predicted"] = to_tensor(Matrix(predicted.colwise().mean()));
  result.arrays["neuron_change.spread"] =
      to_tensor(Matrix((spread.colwise().squaredNorm() / static_cast<double>(spread.rows())).cwiseSqrt()));
  const Vector mean = column_means(look.before);
  result.add("mean_shift", (column_means(look.after) - mean).norm() / mean.norm(), "share");
  add_random_controls(look, "neuron_change.relative",
                      [&](const Matrix& edited) { return relative_change(look.before, edited); });
}

/// Of neurons at even steps through the layer, in the order of their weight in the first direction.
void add_shown_covariances(const Look& look) {
  const auto n_neurons = static_cast<std::size_t>(look.before.cols());
  const std::size_t n = std::min(kShownNeurons, n_neurons);
  std::vector<Eigen::Index> shown;
  for (std::size_t i = 0; i < n; ++i) shown.push_back(static_cast<Eigen::Index>(i * n_neurons / n));
  std::ranges::sort(shown, std::ranges::greater(),
                    [&](Eigen::Index neuron) { return look.block.removal.directions(neuron, 0); });
  look.result.arrays["covariance.before"] = to_tensor(covariance(look.before(Eigen::all, shown)));
  look.result.arrays["covariance.after"] = to_tensor(covariance(look.after(Eigen::all, shown)));
  for (Eigen::Index neuron : shown) look.result.labels["covariance.neurons"].push_back(std::to_string(neuron));
}

void look_at_covariances(const Look& look, bool of_tokens) {
  const double neurons = covariance_change(look.before, look.after);
  const double tokens = covariance_change(look.before.transpose(), look.after.transpose());
  const double predicted = predicted_covariance_change(look.before, look.block.removal.directions);
  look.result.add("covariance.change", of_tokens ? tokens : neurons, "share");
  look.result.add("covariance.change.neurons", neurons, "share");
  look.result.add("covariance.change.tokens", tokens, "share");
  look.result.add("covariance.predicted", predicted, "share");
  look.result.add("covariance.gap", std::abs(neurons / predicted - 1));
  add_random_controls(look, "covariance.change", [&](const Matrix& edited) {
    return of_tokens ? covariance_change(look.before.transpose(), edited.transpose())
                     : covariance_change(look.before, edited);
  });
  add_shown_covariances(look);
}

Matrix cosines_of_rows(const Matrix& rows) {
  const Matrix unit = rows.rowwise().normalized();
  return unit * unit.transpose();
}

double mean_of_pairs(const Matrix& square) {
  const auto n = static_cast<double>(square.rows());
  return (square.sum() - square.trace()) / (n * (n - 1));
}

/// Tokens beside tokens, as the notebook looks at them.
void look_at_tokens(const Look& look) {
  const Matrix before = cosines_of_rows(look.before);
  const Matrix after = cosines_of_rows(look.after);
  look.result.add("token_cosine.before", mean_of_pairs(before));
  look.result.add("token_cosine.after", mean_of_pairs(after));
  look.result.arrays["token_cosine.before"] = to_tensor(before);
  look.result.arrays["token_cosine.after"] = to_tensor(after);
  look.result.arrays["token_covariance.before"] = to_tensor(covariance(look.before.transpose()));
  look.result.arrays["token_covariance.after"] = to_tensor(covariance(look.after.transpose()));
}

/// Over how many neurons a unit vector is spread: d for one of d equal entries, 1 for a single one.
double n_effective(const Vector& direction) { return 1 / direction.array().pow(4).sum(); }

void look_at_direction(const Look& look) {
  const Removal& removal = look.block.removal;
  const Vector direction = removal.directions.col(0);
  const Matrix rows = centred(look.before);
  const Vector scores = (look.x.rowwise() - removal.centre.transpose()) * direction;
  std::vector<double> random;
  for (std::size_t i = 0; i < look.n_random; ++i) {
    random.push_back(n_effective(random_removal(look.block, i).directions.col(0)));
  }
  look.result.add("direction.n_neurons", n_effective(direction), "neurons");
  look.result.add("direction.n_neurons.random", mean(random), "neurons");
  look.result.add_control("random", "direction.n_neurons", std::move(random), "neurons");
  look.result.add("direction.variance_share", (rows * removal.directions).squaredNorm() / rows.squaredNorm(), "share");
  look.result.add_series("scores", {scores.begin(), scores.end()});
  look.result.arrays["direction"] = to_tensor(Matrix(direction.transpose()));
}

void look_at_centring(const Look& look) {
  const FittedRows raw = fit_rows(look.x, Centring::none, look.block.removal.first_row == 0);
  const Removal as_written = make_removal(raw, 1, 1, Restored::mean_vector);
  const Vector after = column_means(edited_rows(apply_removal(as_written, look.x), as_written));
  const Matrix rows = centred(look.before);
  const Vector first = raw.components.components.col(0);
  look.result.add("mean_shift.as_written", (after - raw.mean).norm() / raw.mean.norm(), "share");
  look.result.add("uncentred.cosine_with_mean", std::abs(first.dot(raw.mean.normalized())));
  look.result.add("uncentred.variance_share", (rows * first).squaredNorm() / rows.squaredNorm(), "share");
}

}  // namespace

BlockSpectra block_spectra(const Matrix& activations, bool first_position) {
  const FittedRows centred_rows = fit_rows(activations, Centring::mean, first_position);
  const FittedRows all_rows = first_position ? centred_rows : fit_rows(activations, Centring::mean, true);
  BlockSpectra spectra;
  spectra.centred = centred_rows.components.variances;
  spectra.raw = fit_rows(activations, Centring::none, first_position).components.variances;
  if (spectra.centred.size() == 0 || all_rows.components.variances.size() == 0) return spectra;
  const Vector scores = (activations.rowwise() - all_rows.mean.transpose()) * all_rows.components.components.col(0);
  spectra.first_token_share = scores(0) * scores(0) / scores.squaredNorm();
  return spectra;
}

Matrix shares_of_independent_neurons(const Matrix& activations, const SpectrumSettings& settings, ThreadPool& pool,
                                     const std::function<void()>& tick) {
  const Matrix x = activations.bottomRows(activations.rows() - (settings.first_position ? 0 : 1));
  Matrix shares = Matrix::Zero(static_cast<Eigen::Index>(settings.n_random), std::min(x.rows(), x.cols()));
  const auto shuffle_once = [&](std::size_t repetition) {
    Matrix shuffled = x;
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const std::uint64_t stream =
          kNeuronShuffleStream + (static_cast<std::uint64_t>(repetition) << 16) + static_cast<std::uint64_t>(j);
      const std::vector<std::size_t> order = permutation(static_cast<std::size_t>(x.rows()), settings.seed, stream);
      for (Eigen::Index t = 0; t < x.rows(); ++t) {
        shuffled(t, j) = x(static_cast<Eigen::Index>(order[static_cast<std::size_t>(t)]), j);
      }
    }
    const Vector own = pca(shuffled, settings.centring).shares();
    shares.row(static_cast<Eigen::Index>(repetition)).head(own.size()) = own.transpose();
  };
  run_tasks(pool, settings.n_random, shuffle_once, [&](double) { tick(); });
  return shares;
}

void look_at_neurons(const Matrix& x, const BlockRemovals& block, std::size_t n_random, bool of_tokens,
                     ThreadPool& pool, const std::function<void()>& tick, ExperimentResult& result) {
  const Look look = {x,
                     block,
                     edited_rows(x, block.removal),
                     edited_rows(as_read(apply_removal(block.removal, x)), block.removal),
                     n_random,
                     pool,
                     tick,
                     result};
  look_at_values(look);
  look_at_covariances(look, of_tokens);
  look_at_tokens(look);
  look_at_direction(look);
  look_at_centring(look);
}

}  // namespace soi
