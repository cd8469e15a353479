#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/weights/safetensors.h"

namespace soi {

/// The sizes of a GPT-2. Names are those of TransformerLens; Hugging Face's in brackets.
struct Config {
  std::size_t n_layers = 0;  // (n_layer)
  std::size_t n_heads = 0;   // (n_head)
  std::size_t d_model = 0;   // (n_embd)
  std::size_t d_head = 0;    // d_model / n_heads
  std::size_t d_mlp = 0;     // (n_inner), 4 * d_model in every published GPT-2
  std::size_t n_ctx = 0;     // (n_positions)
  std::size_t n_vocab = 0;   // (vocab_size)
  float layer_norm_epsilon = 1e-5f;

  bool operator==(const Config&) const = default;
};

/// Infers the sizes from the tensors' names and shapes, and checks every tensor that GPT-2 needs: Hugging Face's names,
/// with or without the prefix "transformer."; `attn.bias`, `attn.masked_bias` and a tied `lm_head.weight` are ignored.
/// n_heads comes from `config_json` (the text of a config.json) where it is given, else it is d_model / 64; what else
/// config_json says must agree with the tensors. int8 files carry NAME.scale beside NAME.
/// Throws Error{not_gpt2 | tensor_* | config_invalid}, naming the tensor or key.
Config infer_config(const SafetensorsHeader& header, std::optional<std::string_view> config_json = std::nullopt);

}  // namespace soi
