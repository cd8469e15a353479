#pragma once

#include <string>
#include <vector>

#include "core/analysis/matrix.h"
#include "core/model/gpt2.h"

namespace soi {

/// Where a run's hidden states are compared: the embeddings, the residual stream after each block, and its end after
/// ln_final, which Hugging Face gives as the last of `hidden_states`. n_layers + 2 points.
std::vector<Hook> deviation_points(std::size_t n_layers);

/// The hidden states of a run, [T, d_model] at each point.
using HiddenStates = std::vector<Tensor>;

/// Of the lane, all points captured.
HiddenStates take_hidden_states(LaneResult& lane, std::size_t n_layers);

/// How far an edited run is from a clean one, at every point and token.
struct Deviation {
  Matrix distance;  // [n points, T], ||h' - h||
  Matrix norm;      // ||h||
  Matrix cosine;    // of h' and h
};

/// Reads a lane's hidden states beside those of the clean run, and changes nothing. Both must outlive the run.
std::vector<Edit> deviation_readers(const HiddenStates& clean, Deviation& deviation);

/// One number a point, over the tokens from `first` on.
struct DeviationCurve {
  std::vector<double> absolute;  // Frobenius norm of the differences
  std::vector<double> relative;  // the same, over that of the clean states
  std::vector<double> cosine;    // mean over tokens
};
DeviationCurve deviation_curve(const Deviation& deviation, std::size_t first);

}  // namespace soi
