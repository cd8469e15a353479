#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/kernels/weight_matrix.h"
#include "core/weights/config.h"

namespace soi {

enum class TensorKind : std::uint8_t { vector, matrix };

/// One tensor that GPT-2 needs, in Hugging Face's naming.
struct Gpt2Tensor {
  std::string name;  // without the "transformer." prefix
  Shape shape;
  TensorKind kind = TensorKind::vector;
  WeightLayout layout = WeightLayout::in_out;  // of a matrix
};

/// wte, wpe and the last LayerNorm, in the order: wte, wpe, gain, bias.
std::vector<Gpt2Tensor> embedding_tensors(const Config& config);

/// Of block `layer`, in the order: ln_1 gain, bias; c_attn, c_proj; ln_2 gain, bias; c_fc, c_proj; each matrix before
/// its bias.
std::vector<Gpt2Tensor> block_tensors(const Config& config, std::size_t layer);

/// Names that every GPT-2 has, one for each part that only together make one.
inline constexpr std::array<std::string_view, 3> kSignature{"wte.weight", "wpe.weight", "h.0.attn.c_attn.weight"};

/// The prefix of the file's names: "transformer." where it makes a name of the signature, else "".
std::string_view name_prefix(const SafetensorsHeader& header);

/// The scales of an int8 matrix, one an output: NAME.scale.
std::string scale_name(std::string_view name);

}  // namespace soi
