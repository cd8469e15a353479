#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/model/distribution.h"
#include "core/model/gpt2.h"
#include "core/model/sampling.h"
#include "wasm/clock.h"
#include "wasm/protocol.h"

namespace soi::wasm {

/// Draws token after token, each computed once with a key-value cache. Stops where the model's context is full.
/// Throws what ForwardRun and sample_token throw.
class GenerateRun {
 public:
  GenerateRun(std::shared_ptr<const Gpt2> model, GenerateRequest request);

  bool done() const { return !forward_; }
  double fraction() const;
  void advance();
  /// The token that the last step drew, if it drew one.
  std::optional<GeneratedToken> take_event() { return std::exchange(event_, std::nullopt); }
  void cancel();
  Generated take_result();

 private:
  void start_forward(std::vector<std::int32_t> tokens);
  void draw(std::span<const float> logits);

  std::shared_ptr<const Gpt2> model_;
  std::size_t n_tokens_;
  SamplingOptions sampling_;
  KeyValueCache cache_;
  Lane lane_;
  std::optional<ForwardRun> forward_;  // of the prompt, then of each new token; none when done
  Distribution distribution_;
  std::optional<GeneratedToken> event_;
  Generated result_;
  double start_ = seconds_now();
};

}  // namespace soi::wasm
