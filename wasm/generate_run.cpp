#include "wasm/generate_run.h"

#include "wasm/seed.h"

namespace soi::wasm {
namespace {

SamplingOptions sampling_options(const GenerateRequest& request) {
  return {request.temperature, request.top_k, request.top_p, seed_of(request.seed)};
}

}  // namespace

GenerateRun::GenerateRun(std::shared_ptr<const Gpt2> model, GenerateRequest request)
    : model_(std::move(model)),
      n_tokens_(request.n_tokens),
      sampling_(sampling_options(request)),
      cache_(model_->config()) {
  if (n_tokens_ > 0) start_forward(std::move(request.ids));
}

void GenerateRun::start_forward(std::vector<std::int32_t> tokens) {
  lane_.tokens = std::move(tokens);
  lane_.logits = LogitPositions::last();
  lane_.cache = &cache_;
  forward_.emplace(*model_, std::span<const Lane>(&lane_, 1));
}

double GenerateRun::fraction() const {
  if (done()) return 1.0;
  return (static_cast<double>(result_.ids.size()) + forward_->fraction()) / static_cast<double>(n_tokens_);
}

void GenerateRun::advance() {
  if (done()) return;
  forward_->advance();
  if (!forward_->done()) return;
  const LaneResult result = std::move(forward_->take_results().front());
  draw(result.logits.matrix()[0]);
  forward_.reset();
  const bool context_is_full = cache_.length() >= model_->config().n_ctx;
  if (result_.ids.size() < n_tokens_ && !context_is_full) start_forward({result_.ids.back()});
}

void GenerateRun::draw(std::span<const float> logits) {
  const std::int32_t id = sample_token(logits, sampling_, result_.ids.size());
  distribution_.read(logits, 0);
  event_ = GeneratedToken{id, distribution_.logit(id), distribution_.probability(id)};
  result_.ids.push_back(id);
}

void GenerateRun::cancel() {
  result_.cancelled = true;
  forward_.reset();
}

Generated GenerateRun::take_result() {
  result_.seconds = seconds_now() - start_;
  return std::move(result_);
}

}  // namespace soi::wasm
