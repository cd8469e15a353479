#include "core/model/lane_rows.h"

#include <set>
#include <string>

#include "core/model/key_value_cache.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

void check_tokens(const Lane& lane, const Config& config) {
  for (std::int32_t token : lane.tokens) {
    if (token >= 0 && static_cast<std::size_t>(token) < config.n_vocab) continue;
    throw Error(ErrorCode::token_out_of_range,
                "Token " + std::to_string(token) + " is not in the vocabulary of " + std::to_string(config.n_vocab) +
                    " tokens.",
                "Use ids from 0 to " + std::to_string(config.n_vocab - 1) + ".",
                {{"token", std::to_string(token)}, {"n_vocab", std::to_string(config.n_vocab)}});
  }
}

void check_input_embeddings(const Tensor& embeddings, const Config& config) {
  if (embeddings.rank() == 2 && embeddings.dim(1) == config.d_model) return;
  throw Error(ErrorCode::invalid_argument,
              "Input embeddings have the shape " + to_string(embeddings.shape()) + " in place of [T, " +
                  std::to_string(config.d_model) + "].",
              "Give one row of d_model numbers for each position.",
              {{"name", "input_embeddings"},
               {"value", to_string(embeddings.shape())},
               {"range", "[T, " + std::to_string(config.d_model) + "]"}});
}

void check_length(const LaneRows& rows, const Config& config) {
  if (rows.n_new == 0) {
    throw Error(ErrorCode::text_empty, "There is nothing to run on: the text has no tokens.", "Give a text.");
  }
  if (rows.n_keys() > config.n_ctx) {
    throw Error(ErrorCode::text_too_long,
                "The text has " + std::to_string(rows.n_keys()) + " tokens; the model takes at most " +
                    std::to_string(config.n_ctx) + ".",
                "Shorten the text.",
                {{"n_tokens", std::to_string(rows.n_keys())}, {"n_ctx", std::to_string(config.n_ctx)}});
  }
}

void check_logit_positions(const Lane& lane, std::size_t n_new) {
  if (lane.logits.kind != LogitPositions::Kind::chosen) return;
  for (std::size_t position : lane.logits.positions) {
    if (position < n_new) continue;
    throw Error(ErrorCode::invalid_argument,
                "Logits are asked for at position " + std::to_string(position) + ", but the lane has " +
                    std::to_string(n_new) + " positions.",
                "Positions are counted from 0, at the first new position of the run.",
                {{"name", "logits"}, {"value", std::to_string(position)}, {"range", std::to_string(n_new)}});
  }
}

}  // namespace

std::vector<LaneRows> lay_out_lanes(std::span<const Lane> lanes, const Config& config) {
  std::vector<LaneRows> layout;
  std::set<const KeyValueCache*> caches;
  std::size_t n_rows = 0;
  for (const Lane& lane : lanes) {
    LaneRows rows;
    rows.first_row = n_rows;
    if (lane.input_embeddings != nullptr) {
      check_input_embeddings(*lane.input_embeddings, config);
      rows.n_new = lane.input_embeddings->dim(0);
    } else {
      rows.n_new = lane.tokens.size();
      check_tokens(lane, config);
    }
    if (lane.cache != nullptr) {
      if (!caches.insert(lane.cache).second) {
        throw Error(ErrorCode::invalid_argument, "Two lanes of one run share a key-value cache.",
                    "Give each lane its own cache.", {{"name", "cache"}});
      }
      rows.n_past = lane.cache->length();
    }
    check_length(rows, config);
    check_logit_positions(lane, rows.n_new);
    n_rows += rows.n_new;
    layout.push_back(rows);
  }
  return layout;
}

std::vector<LaneGroup> group_lanes(std::span<const LaneRows> rows, std::size_t max_rows) {
  std::vector<LaneGroup> groups;
  for (std::size_t lane = 0; lane < rows.size(); ++lane) {
    const bool fits = !groups.empty() && groups.back().n_rows + rows[lane].n_new <= max_rows;
    if (!fits) groups.push_back({lane, 0, rows[lane].first_row, 0});
    groups.back().n_lanes += 1;
    groups.back().n_rows += rows[lane].n_new;
  }
  return groups;
}

}  // namespace soi
