#include "core/experiments/token_decoding.h"

#include <cmath>
#include <limits>

#include "core/analysis/descriptive.h"
#include "core/experiments/next_token.h"

namespace soi {

std::vector<std::int32_t> Decoded::best_raw() const {
  std::vector<std::int32_t> ids;
  for (const auto& row : raw) ids.push_back(row.front().row);
  return ids;
}

double mean_best(const std::vector<std::vector<CosineMatch>>& matches) {
  double sum = 0;
  for (const auto& row : matches) sum += static_cast<double>(row.front().cosine);
  return sum / static_cast<double>(matches.size());
}

std::vector<Decoded> decode(const CosineSearch& search, std::span<const Tensor> matrices, std::size_t n_best,
                            const std::function<void(double)>& progress) {
  std::vector<Decoded> decoded;
  for (const Tensor& matrix : matrices) {
    decoded.push_back({search.nearest(matrix.matrix(), n_best, false), search.nearest(matrix.matrix(), n_best, true)});
    progress(static_cast<double>(decoded.size()) / static_cast<double>(matrices.size()));
  }
  return decoded;
}

std::vector<double> nats_per_token(const Gpt2& model, const std::vector<std::vector<std::int32_t>>& sequences,
                                   const std::function<void(double)>& progress) {
  const Hook hook{HookPoint::ln_final_normalized, 0};
  std::vector<Lane> lanes(sequences.size());
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    lanes[i].tokens = sequences[i];
    lanes[i].captures = {hook};
    lanes[i].logits = LogitPositions::none();
  }
  const std::vector<LaneResult> results = model.run(lanes, [&](double fraction) { progress(fraction / 2); });
  std::vector<double> nats;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const auto share = [&](double part) {
      return 0.5 + (static_cast<double>(i) + part) / static_cast<double>(2 * lanes.size());
    };
    if (sequences[i].size() < 2) {
      nats.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    const NextToken next = read_next_tokens(model, results[i].captured.at(hook), sequences[i],
                                            [&](double fraction) { progress(share(fraction)); });
    nats.push_back(-mean(next.log_probability));
  }
  return nats;
}

}  // namespace soi
