#include "core/weights/config.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "core/tensor/error.h"
#include "core/weights/architecture.h"
#include "core/weights/config_json.h"
#include "core/weights/gpt2_tensors.h"
#include "core/weights/safetensors_json.h"

namespace soi {
namespace {

constexpr std::size_t kPublishedHeadSize = 64;  // d_head of all four published GPT-2s

[[noreturn]] void throw_missing(const std::string& name) {
  throw Error(ErrorCode::tensor_missing, "The checkpoint has no tensor " + name + ".",
              "The file is not a whole GPT-2. Is it one part of a checkpoint in several files?", {{"tensor", name}});
}

[[noreturn]] void throw_shape(const TensorInfo& tensor, const std::string& expected, std::string hint = {}) {
  const std::string actual = shown_name(to_string(tensor.shape));
  throw Error(ErrorCode::tensor_shape,
              "Tensor " + tensor.name + " has the shape " + actual + ", expected " + expected + ".",
              hint.empty() ? "Its tensors do not fit together as a GPT-2: choose another checkpoint." : std::move(hint),
              {{"tensor", tensor.name}, {"expected", expected}, {"actual", actual}});
}

[[noreturn]] void throw_dtype(const TensorInfo& tensor, const std::string& expected) {
  throw Error(ErrorCode::tensor_dtype,
              "Tensor " + tensor.name + " is " + std::string(dtype_name(tensor.dtype)) + ", expected " + expected + ".",
              "Save the checkpoint in float32, float16 or bfloat16.",
              {{"tensor", tensor.name}, {"dtype", std::string(dtype_name(tensor.dtype))}});
}

bool is_float(DType dtype) { return dtype == DType::f32 || dtype == DType::f16 || dtype == DType::bf16; }

const TensorInfo& require(const SafetensorsHeader& header, const std::string& name) {
  const TensorInfo* tensor = header.find(name);
  if (tensor == nullptr) throw_missing(name);
  return *tensor;
}

/// The matrix from whose shape sizes are read: two dimensions, none of them 0.
const TensorInfo& require_sizes(const SafetensorsHeader& header, const std::string& name, const std::string& meaning) {
  const TensorInfo& tensor = require(header, name);
  if (tensor.shape.size() != 2 || tensor.shape[0] == 0 || tensor.shape[1] == 0) throw_shape(tensor, meaning);
  return tensor;
}

/// The number N of "h.N." that follows `prefix`; false where the name is not of a block.
bool parse_layer(std::string_view name, std::string_view block_prefix, std::size_t& layer) {
  if (!name.starts_with(block_prefix)) return false;
  const char* begin = name.data() + block_prefix.size();
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(begin, end, layer);
  const bool canonical = rest - begin == 1 || *begin != '0';
  return error == std::errc{} && rest != end && *rest == '.' && canonical;
}

/// How many numbers blocks have; where they have a gap, a block below that number is missing, and found out as such.
std::size_t count_layers(const SafetensorsHeader& header, const std::string& prefix) {
  const std::string block_prefix = prefix + "h.";
  std::vector<std::size_t> layers;
  for (const TensorInfo& tensor : header.tensors) {
    std::size_t layer = 0;
    if (parse_layer(tensor.name, block_prefix, layer)) layers.push_back(layer);
  }
  std::ranges::sort(layers);
  layers.erase(std::ranges::unique(layers).begin(), layers.end());
  return layers.size();
}

void check_scales(const SafetensorsHeader& header, const TensorInfo& matrix, const Gpt2Tensor& expected) {
  const TensorInfo& scales = require(header, scale_name(matrix.name));
  const std::size_t n_out = expected.layout == WeightLayout::in_out ? expected.shape[1] : expected.shape[0];
  if (scales.shape != Shape{n_out}) throw_shape(scales, to_string({n_out}) + ", one scale an output");
  if (scales.dtype != DType::f32) throw_dtype(scales, "F32");
}

void check_tensor(const SafetensorsHeader& header, const std::string& prefix, const Gpt2Tensor& expected) {
  const TensorInfo& tensor = require(header, prefix + expected.name);
  if (tensor.shape != expected.shape) {
    const bool transposed = expected.kind == TensorKind::matrix && tensor.shape.size() == 2 &&
                            tensor.shape[0] == expected.shape[1] && tensor.shape[1] == expected.shape[0];
    throw_shape(tensor, to_string(expected.shape),
                transposed
                    ? "It is transposed: GPT-2 keeps [inputs, outputs] (Conv1D). Convert with Hugging Face's GPT-2."
                    : "");
  }
  if (expected.kind == TensorKind::matrix && tensor.dtype == DType::i8) return check_scales(header, tensor, expected);
  if (!is_float(tensor.dtype)) {
    throw_dtype(tensor, expected.kind == TensorKind::matrix ? "F32, F16, BF16 or I8" : "F32, F16 or BF16");
  }
}

void check_tied_unembedding(const SafetensorsHeader& header, const Config& config) {
  const TensorInfo* unembedding = header.find("lm_head.weight");
  const Shape expected{config.n_vocab, config.d_model};
  if (unembedding != nullptr && unembedding->shape != expected) {
    throw_shape(*unembedding, to_string(expected), "GPT-2's lm_head is tied to wte; this one cannot be.");
  }
}

Config infer_sizes(const SafetensorsHeader& header, const std::string& prefix) {
  Config config;
  const TensorInfo& wte = require_sizes(header, prefix + "wte.weight", "[vocab_size, n_embd]");
  config.n_vocab = wte.shape[0];
  config.d_model = wte.shape[1];
  config.n_ctx = require_sizes(header, prefix + "wpe.weight", "[n_positions, n_embd]").shape[0];
  config.n_layers = count_layers(header, prefix);
  const TensorInfo& c_fc = require_sizes(header, prefix + "h.0.mlp.c_fc.weight", "[n_embd, n_inner]");
  // A transposed c_fc must be told as such, not taken for another n_inner.
  config.d_mlp = c_fc.shape[0] != config.d_model && c_fc.shape[1] == config.d_model ? c_fc.shape[0] : c_fc.shape[1];
  return config;
}

void set_heads(Config& config) {
  if (config.n_heads == 0) {
    if (config.d_model % kPublishedHeadSize != 0) {
      const std::string actual = std::to_string(config.d_model);
      throw Error(ErrorCode::config_invalid,
                  "The number of heads is not known: the width " + actual +
                      " is no multiple of 64, and no config.json " + "gives n_head.",
                  "Put the model's config.json beside the file, or choose both.",
                  {{"key", "n_head"}, {"expected", "a divisor of n_embd = " + actual}, {"actual", "nothing"}});
    }
    config.n_heads = config.d_model / kPublishedHeadSize;
  }
  config.d_head = config.d_model / config.n_heads;
}

}  // namespace

Config infer_config(const SafetensorsHeader& header, std::optional<std::string_view> config_json) {
  require_gpt2_names(header);
  const std::string prefix(name_prefix(header));
  Config config = infer_sizes(header, prefix);
  for (const Gpt2Tensor& tensor : embedding_tensors(config)) check_tensor(header, prefix, tensor);
  for (std::size_t layer = 0; layer < config.n_layers; ++layer) {
    for (const Gpt2Tensor& tensor : block_tensors(config, layer)) check_tensor(header, prefix, tensor);
  }
  check_tied_unembedding(header, config);
  if (config_json) apply_config_json(*config_json, config);
  set_heads(config);
  return config;
}

}  // namespace soi
