#include "wasm/inspect_run.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/tensor/error.h"

namespace soi::wasm {
namespace {

// Rows of logits in one step: at GPT-2 small's size 1.2 GFLOP, about a tenth of a second on one thread.
constexpr std::size_t kRowsPerStep = 16;

constexpr Hook kNormalized{HookPoint::ln_final_normalized, 0};

Lane inspecting_lane(const Config& config, const InspectRequest& request) {
  Lane lane;
  lane.tokens = request.ids;
  lane.logits = LogitPositions::none();
  lane.captures.push_back(kNormalized);
  if (request.lens_top > 0) {
    for (std::size_t layer = 0; layer < config.n_layers; ++layer)
      lane.captures.push_back({HookPoint::resid_pre, layer});
  }
  for (std::size_t layer : request.pattern_layers) {
    const Hook pattern{HookPoint::pattern, layer};
    if (std::ranges::find(lane.captures, pattern) != lane.captures.end()) {
      throw Error(ErrorCode::invalid_argument, "Layer " + std::to_string(layer) + " is named twice.",
                  "Name each layer once.", {{"name", "patternLayers"}, {"value", std::to_string(layer)}});
    }
    lane.captures.push_back(pattern);
  }
  return lane;
}

ConstMatrixView rows(const Tensor& tensor, std::size_t first, std::size_t n_rows) {
  const ConstMatrixView all = tensor.matrix();
  return {all.row(first), n_rows, all.n_cols, all.stride};
}

}  // namespace

InspectRun::InspectRun(std::shared_ptr<const Gpt2> model, InspectRequest request)
    : model_(std::move(model)),
      request_(std::move(request)),
      lane_(inspecting_lane(model_->config(), request_)),
      forward_(*model_, {&lane_, 1}),
      n_top_(std::min(request_.top, model_->config().n_vocab)),
      n_lens_top_(std::min(request_.lens_top, model_->config().n_vocab)),
      n_rows_(lane_.tokens.size() * (n_lens_top_ > 0 ? 1 + model_->config().n_layers : 1)),
      distributions_(kRowsPerStep),
      next_(lane_.tokens.size(), n_top_),
      lens_(n_lens_top_ > 0 ? n_rows_ : 0, n_lens_top_) {
  const std::size_t n_tokens = lane_.tokens.size();
  result_.entropies.values = Tensor({n_tokens});
  result_.actual_probabilities.values = Tensor({n_tokens - 1});
  result_.actual_ranks.values.resize(n_tokens - 1);
  for (Distribution& distribution : distributions_) {
    distribution.reserve(model_->config().n_vocab, std::max(n_top_, n_lens_top_));
  }
}

double InspectRun::fraction() const {
  // By multiplications: a position of a block takes 12 d_model^2, a row of logits d_model * n_vocab.
  const Config& config = model_->config();
  const double forward = 12.0 * static_cast<double>(config.d_model * config.n_layers * lane_.tokens.size());
  const double logits = static_cast<double>(config.n_vocab);
  return (forward * forward_.fraction() + logits * static_cast<double>(n_rows_read_)) /
         (forward + logits * static_cast<double>(n_rows_));
}

void InspectRun::advance() {
  if (done()) return;
  if (forward_.done()) {
    read_rows();
    return;
  }
  forward_.advance();
  if (forward_.done()) take_forward_results();
}

void InspectRun::take_forward_results() {
  auto captured = std::move(forward_.take_results().front().captured);
  normalized_ = std::move(captured.at(kNormalized));
  if (n_lens_top_ > 0) {
    for (std::size_t layer = 0; layer < model_->config().n_layers; ++layer) {
      stream_.push_back(std::move(captured.at({HookPoint::resid_pre, layer})));
    }
  }
  for (std::size_t layer : request_.pattern_layers) {
    result_.patterns.push_back({std::move(captured.at({HookPoint::pattern, layer}))});
  }
}

void InspectRun::read_rows() {
  const std::size_t n_tokens = lane_.tokens.size();
  const std::size_t position = n_rows_read_ % n_tokens;
  const std::size_t n_rows = std::min(kRowsPerStep, n_tokens - position);
  // Of the last layer first: its rows are next-token distributions too.
  const bool last_layer = n_rows_read_ < n_tokens;
  const std::size_t lens_layer = last_layer ? model_->config().n_layers : n_rows_read_ / n_tokens - 1;
  const Tensor logits = last_layer ? model_->unembed(rows(normalized_, position, n_rows))
                                   : model_->logit_lens(rows(stream_[lens_layer], position, n_rows));
  model_->pool().parallel_for(n_rows, [&](std::size_t row) {
    Distribution& distribution = distributions_[row];
    distribution.read(logits.matrix()[row], std::max(last_layer ? n_top_ : 0, n_lens_top_));
    if (last_layer) read_next(position + row, distribution);
    if (n_lens_top_ > 0) lens_.write(lens_layer * n_tokens + position + row, distribution);
  });
  n_rows_read_ += n_rows;
}

void InspectRun::read_next(std::size_t position, const Distribution& distribution) {
  next_.write(position, distribution);
  result_.entropies.values(position) = distribution.entropy();
  if (position + 1 == lane_.tokens.size()) return;
  const std::int32_t actual = lane_.tokens[position + 1];
  result_.actual_probabilities.values(position) = distribution.probability(actual);
  result_.actual_ranks.values[position] = distribution.rank(actual);
}

InspectColumns InspectRun::take_result() {
  result_.next = next_.take();
  result_.lens = lens_.take();
  result_.seconds = seconds_now() - start_;
  return std::move(result_);
}

}  // namespace soi::wasm
