#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "core/experiments/pair_contrast.h"
#include "core/experiments/result.h"

namespace soi {

/// The two directions of the decomposition, and what is simpler than it.
inline constexpr std::array kDirections = {ContrastFilter::a_over_b, ContrastFilter::b_over_a};
inline constexpr std::array kSimplerFilters = {ContrastFilter::mean_difference, ContrastFilter::lda,
                                               ContrastFilter::first_component};

/// As figures and controls are named: "a_over_b".
std::string filter_name(ContrastFilter filter);

/// Variance of the class that the filter is to amplify over that of the other; a's where it has none.
double signal_ratio(const Separation& separation, ContrastFilter filter);

/// Of both directions, over the neurons: [2, n_neurons]. `shrunk`: by the covariances that the decomposition met.
Matrix direction_patterns(const ClassContrast& contrast, const PairRows& rows, bool shrunk);
double pattern_correlation(const ClassContrast& contrast, const PairRows& rows, bool shrunk);

/// What one fit says, in sample and held out: ranks and components, both directions beside simpler ones, patterns,
/// every pair's scores, and the same decomposition with all components kept.
void report_pair_fit(const PairFit& fit, std::size_t n_neurons, const ClassContrastSettings& settings,
                     bool shrunk_pattern, ThreadPool& pool, ExperimentResult& result);

}  // namespace soi
