#include "core/experiments/deviation.h"

#include <cmath>
#include <utility>

namespace soi {
namespace {

/// One token: both states, and where to write.
void compare(std::span<const float> clean, std::span<const float> edited, double& distance, double& norm,
             double& cosine) {
  double squared_distance = 0;
  double squared_clean = 0;
  double squared_edited = 0;
  double product = 0;
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const double h = static_cast<double>(clean[i]);
    const double changed = static_cast<double>(edited[i]);
    squared_distance += (changed - h) * (changed - h);
    squared_clean += h * h;
    squared_edited += changed * changed;
    product += h * changed;
  }
  distance = std::sqrt(squared_distance);
  norm = std::sqrt(squared_clean);
  cosine = product / std::sqrt(squared_clean * squared_edited);
}

}  // namespace

std::vector<Hook> deviation_points(std::size_t n_layers) {
  std::vector<Hook> points = {{HookPoint::resid_pre, 0}};
  for (std::size_t layer = 0; layer < n_layers; ++layer) points.push_back({HookPoint::resid_post, layer});
  points.push_back({HookPoint::ln_final_normalized});
  return points;
}

HiddenStates take_hidden_states(LaneResult& lane, std::size_t n_layers) {
  HiddenStates states;
  for (Hook hook : deviation_points(n_layers)) states.push_back(std::move(lane.captured.at(hook)));
  return states;
}

std::vector<Edit> deviation_readers(const HiddenStates& clean, Deviation& deviation) {
  const auto n_points = static_cast<Eigen::Index>(clean.size());
  const auto n_tokens = static_cast<Eigen::Index>(clean.front().dim(0));
  deviation.distance = deviation.norm = deviation.cosine = Matrix(n_points, n_tokens);
  const std::vector<Hook> points = deviation_points(clean.size() - 2);
  std::vector<Edit> readers;
  for (std::size_t point = 0; point < points.size(); ++point) {
    const auto read = [&clean = clean[point], &deviation, row = static_cast<Eigen::Index>(point)](const Tensor& edited,
                                                                                                  const PositionMask&) {
      for (Eigen::Index t = 0; t < deviation.distance.cols(); ++t) {
        const auto token = static_cast<std::size_t>(t);
        compare(clean.matrix()[token], edited.matrix()[token], deviation.distance(row, t), deviation.norm(row, t),
                deviation.cosine(row, t));
      }
    };
    readers.push_back(make_edit(points[point], Replace{read}));
  }
  return readers;
}

DeviationCurve deviation_curve(const Deviation& deviation, std::size_t first) {
  DeviationCurve curve;
  const Eigen::Index n = deviation.distance.cols() - static_cast<Eigen::Index>(first);
  for (Eigen::Index point = 0; point < deviation.distance.rows(); ++point) {
    const double distance = deviation.distance.row(point).tail(n).norm();
    curve.absolute.push_back(distance);
    curve.relative.push_back(distance / deviation.norm.row(point).tail(n).norm());
    curve.cosine.push_back(deviation.cosine.row(point).tail(n).mean());
  }
  return curve;
}

}  // namespace soi
