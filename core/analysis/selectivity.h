#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/tensor/tensor.h"

namespace soi {

/// How much more a latent that is never negative answers to a target group of samples (mean g) than to the others
/// (mean n).
enum class SelectivityScore : std::uint8_t {
  contrast,         // (g - n) / (g + n), in [-1, 1]; 0 for a silent latent
  standardized,     // (g - n) / standard deviation over all samples; 0 where it does not vary
  ratio,            // g / n: infinite where the latent is silent on the others, which few samples make likely
  ratio_of_active,  // mean of the values that are not 0 in the target over that of the others; 0 where either has none
};

/// From which on a score counts as very high: ten times as much in the target as elsewhere (of contrast, too); twice as
/// much, of active values; 0.8 standard deviations, what Cohen (1988) calls a large effect.
double high_selectivity(SelectivityScore score);

/// Scores of every latent, for one target group after another.
class Selectivity {
 public:
  /// z [T, m], not negative, must outlive this; `samples`: the rows that count, each once.
  Selectivity(ConstMatrixView z, std::vector<std::size_t> samples);

  const std::vector<std::size_t>& samples() const { return samples_; }

  /// [m]. `target`: rows among `samples`, each once; the others are the rest of `samples`. All are NaN where either
  /// group is empty. Cost: m times the size of the target.
  std::vector<double> scores(std::span<const std::size_t> target, SelectivityScore score) const;

 private:
  ConstMatrixView z_;
  std::vector<std::size_t> samples_;
  std::vector<double> sum_, deviation_, n_active_;  // [m], over all samples
};

/// Indices of the n largest scores, largest first; of equal ones the lower index first. NaNs last.
std::vector<std::size_t> highest(std::span<const double> scores, std::size_t n);

}  // namespace soi
