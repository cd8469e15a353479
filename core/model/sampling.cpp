#include "core/model/sampling.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/kernels/random.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

constexpr std::uint64_t kStream = 0x73616d706c696e67;  // "sampling": no other draws come from this stream

struct Candidate {
  std::int32_t token;
  double weight;  // probability, up to a factor that all share
};

[[noreturn]] void throw_out_of_range(const std::string& name, const std::string& value, const std::string& range) {
  throw Error(ErrorCode::invalid_argument, "Sampling with " + name + " = " + value + " is not possible.",
              "Choose " + name + " " + range + ".", {{"name", name}, {"value", value}, {"range", range}});
}

[[noreturn]] void throw_not_finite() {
  throw Error(ErrorCode::activation_not_finite,
              "No token can be drawn: the logits are NaN, infinite, or all -infinity.",
              "The weights are damaged, or an edit made an activation too large.");
}

void check(std::span<const float> logits, const SamplingOptions& options) {
  if (!std::isfinite(options.temperature) || options.temperature < 0.0) {
    throw_out_of_range("temperature", std::to_string(options.temperature), "of 0 or more");
  }
  if (!(options.top_p > 0.0 && options.top_p <= 1.0)) {
    throw_out_of_range("top_p", std::to_string(options.top_p), "above 0 and up to 1");
  }
  bool is_any_finite = false;
  for (float logit : logits) {
    is_any_finite = is_any_finite || std::isfinite(logit);
    if (std::isnan(logit) || logit == HUGE_VALF) throw_not_finite();
  }
  if (!is_any_finite) throw_not_finite();
}

/// The first of the largest.
std::int32_t most_probable(std::span<const float> logits) {
  return static_cast<std::int32_t>(std::ranges::max_element(logits) - logits.begin());
}

/// Keeps the `n` most probable, in descending order; of equals, the lower ids.
void keep_most_probable(std::vector<Candidate>& candidates, std::size_t n) {
  n = std::min(n, candidates.size());
  const auto is_before = [](const Candidate& a, const Candidate& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.token < b.token;
  };
  std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(n), candidates.end(),
                    is_before);
  candidates.resize(n);
}

double total_weight(std::span<const Candidate> candidates) {
  double total = 0.0;
  for (const Candidate& candidate : candidates) total += candidate.weight;
  return total;
}

/// Of candidates in descending order, the fewest first ones that hold the share `top_p`.
void keep_nucleus(std::vector<Candidate>& candidates, double top_p) {
  const double enough = top_p * total_weight(candidates);
  double held = 0.0;
  std::size_t n = 0;
  while (n < candidates.size() && held < enough) held += candidates[n++].weight;
  candidates.resize(n);
}

}  // namespace

std::int32_t sample_token(std::span<const float> logits, const SamplingOptions& options, std::uint64_t step) {
  check(logits, options);
  const std::int32_t best = most_probable(logits);
  if (options.temperature == 0.0) return best;

  const double largest = static_cast<double>(logits[static_cast<std::size_t>(best)]);
  std::vector<Candidate> candidates;
  candidates.reserve(logits.size());
  for (std::size_t token = 0; token < logits.size(); ++token) {
    const double weight = std::exp((static_cast<double>(logits[token]) - largest) / options.temperature);
    if (weight > 0.0) candidates.push_back({static_cast<std::int32_t>(token), weight});
  }
  const bool cuts_top_p = options.top_p < 1.0;
  if (options.top_k > 0 || cuts_top_p) {
    keep_most_probable(candidates, options.top_k > 0 ? options.top_k : candidates.size());
  }
  if (cuts_top_p) keep_nucleus(candidates, options.top_p);

  const double drawn = uniform(options.seed, kStream, step) * total_weight(candidates);
  double passed = 0.0;
  for (const Candidate& candidate : candidates) {
    passed += candidate.weight;
    if (drawn < passed) return candidate.token;
  }
  return candidates.back().token;  // only where rounding makes the last sum smaller than the product
}

}  // namespace soi
