#include "core/experiments/removal.h"

#include <string>
#include <utility>

#include "core/analysis/subspace_projection.h"
#include "core/kernels/random.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

[[noreturn]] void throw_too_few(std::size_t component, std::size_t rank, Eigen::Index n_components) {
  throw Error(ErrorCode::invalid_argument,
              "Component " + std::to_string(component + rank - 1) + " was asked for, and the activations have " +
                  std::to_string(n_components) + ".",
              "There are fewer components than tokens: take a lower component or rank, or a longer text.",
              {{"name", "component, rank"},
               {"value", std::to_string(component) + ", " + std::to_string(rank)},
               {"range", "up to component " + std::to_string(n_components)}});
}

/// k orthonormal columns, by Gram and Schmidt on normal numbers.
Matrix random_directions(Eigen::Index p, Eigen::Index k, std::uint64_t seed, std::uint64_t stream) {
  Matrix directions(p, k);
  for (Eigen::Index c = 0; c < k; ++c) {
    for (Eigen::Index j = 0; j < p; ++j) {
      directions(j, c) = static_cast<double>(normal(seed, stream, static_cast<std::uint64_t>(c * p + j)));
    }
    for (int pass = 0; pass < 2; ++pass) {  // twice: the second mends what rounding left
      for (Eigen::Index other = 0; other < c; ++other) {
        directions.col(c) -= directions.col(other) * directions.col(other).dot(directions.col(c));
      }
      directions.col(c).normalize();
    }
  }
  return directions;
}

/// The rows that are edited.
auto edited_rows(const Removal& removal, const Matrix& x) {
  return x.bottomRows(x.rows() - static_cast<Eigen::Index>(removal.first_row));
}

}  // namespace

FittedRows fit_rows(const Matrix& activations, Centring centring, bool first_position) {
  const std::size_t first_row = first_position ? 0 : 1;
  const Matrix rows = activations.bottomRows(activations.rows() - static_cast<Eigen::Index>(first_row));
  return {pca(rows, centring), column_means(rows), first_row};
}

Removal make_removal(const FittedRows& fitted, std::size_t component, std::size_t rank, Restored restored) {
  const Matrix& components = fitted.components.components;
  if (component + rank - 1 > static_cast<std::size_t>(components.cols())) {
    throw_too_few(component, rank, components.cols());
  }
  Removal removal;
  removal.directions = components.middleCols(static_cast<Eigen::Index>(component) - 1, static_cast<Eigen::Index>(rank));
  removal.centre = fitted.components.mean;
  removal.shift = -removal.centre;
  if (restored == Restored::mean_vector) removal.shift += fitted.mean;
  removal.adds_token_mean = restored == Restored::token_mean;
  removal.first_row = fitted.first_row;
  return removal;
}

Removal with_random_directions(const Removal& removal, std::uint64_t seed, std::uint64_t stream) {
  Removal random = removal;
  random.directions = random_directions(removal.directions.rows(), removal.directions.cols(), seed, stream);
  return random;
}

Matrix apply_removal(const Removal& removal, const Matrix& x) {
  const auto rows = edited_rows(removal, x);
  Matrix edited = x;
  auto changed = edited.bottomRows(rows.rows());
  changed = remove_subspace(rows, removal.centre, removal.directions).rowwise() + removal.shift.transpose();
  if (removal.adds_token_mean) changed.colwise() += rows.rowwise().mean();
  return edited;
}

Matrix push_as_far(const Removal& removal, const Matrix& x, std::uint64_t seed, std::uint64_t stream) {
  const Matrix change = apply_removal(removal, x) - x;
  Vector distances = change.rowwise().norm();
  const Vector scores = change * removal.directions.col(0);
  for (Eigen::Index t = 0; t < distances.size(); ++t) {
    if (scores(t) < 0) distances(t) = -distances(t);
  }
  return x + distances * random_directions(x.cols(), 1, seed, stream).transpose();
}

double removed_share(const Removal& removal, const Matrix& x) {
  const Matrix rows = edited_rows(removal, x).rowwise() - removal.centre.transpose();
  return (rows * removal.directions).squaredNorm() / rows.squaredNorm();
}

Edit edit_by(Hook hook, std::function<Matrix(const Matrix&)> change) {
  return make_edit(hook, Replace{[change = std::move(change)](Tensor& activation, const PositionMask&) {
                     const Matrix edited = change(to_matrix(std::as_const(activation).matrix()));
                     for (std::size_t i = 0; i < activation.size(); ++i) {
                       activation.data()[i] = static_cast<float>(edited.data()[i]);
                     }
                   }});
}

}  // namespace soi
