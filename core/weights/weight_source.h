#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/kernels/weight_matrix.h"
#include "core/weights/byte_source.h"
#include "core/weights/config.h"

namespace soi {

/// Gain and bias of a LayerNorm, each [d_model].
struct LayerNormWeights {
  const float* gain = nullptr;
  const float* bias = nullptr;
};

/// A linear map with its bias [n_out].
struct LinearWeights {
  WeightMatrix weight;
  const float* bias = nullptr;
};

/// The weights of one block, as views.
struct BlockWeights {
  LayerNormWeights ln1;
  LinearWeights attn_qkv;  // c_attn: d_model -> 3 d_model; q, k, v in this order, heads contiguous inside each
  LinearWeights attn_out;  // attn.c_proj: d_model -> d_model
  LayerNormWeights ln2;
  LinearWeights mlp_in;   // c_fc: d_model -> d_mlp
  LinearWeights mlp_out;  // mlp.c_proj: d_mlp -> d_model
};

/// What is not inside a block.
struct EmbeddingWeights {
  WeightMatrix wte;  // layout out_in: n_out = n_vocab rows, n_in = d_model; also the unembedding
  WeightMatrix wpe;  // layout out_in: n_out = n_ctx rows
  LayerNormWeights ln_final;
};

/// Where a model takes its weights from. Views stay valid as long as the source, or, of a block, as long as the
/// shared pointer that came with it.
class WeightSource {
 public:
  virtual ~WeightSource() = default;
  virtual const Config& config() const = 0;
  virtual NumberFormat format() const = 0;
  /// Bytes of memory that the weights hold now.
  virtual std::size_t memory_bytes() const = 0;
  virtual const EmbeddingWeights& embeddings() const = 0;
  /// Block `layer` of [0, n_layers). A streamed source reads it here, and frees it with the last pointer.
  /// Throws Error{io_error | tensor_not_finite | out_of_memory}.
  virtual std::shared_ptr<const BlockWeights> block(std::size_t layer) = 0;
};

struct LoadOptions {
  /// How matrices are held; vectors (gains, biases) are always f32. Unset: f32 for a file of floats, int8 for an int8
  /// file, whose values are then exactly the file's.
  std::optional<NumberFormat> format;
  /// The text of a config.json, if there is one.
  std::optional<std::string> config_json;
  /// Called with the fraction read, in [0, 1]; may throw Error{cancelled} to stop.
  std::function<void(double fraction)> progress;
};

/// Reads all weights into memory, tensor by tensor, each converted on the way in pieces, so that the peak is little
/// more than the result. NaN and infinity are refused, and an lm_head.weight that differs from wte. Throws the errors
/// of read_safetensors_header and infer_config, and Error{tensor_not_finite | not_gpt2 | out_of_memory | io_error}.
std::unique_ptr<WeightSource> load_resident(const ByteSource& source, const LoadOptions& options = {});

/// Holds the embeddings and reads blocks when asked, checked and converted like the resident ones. Keeps `source`.
std::unique_ptr<WeightSource> open_streamed(std::unique_ptr<ByteSource> source, const LoadOptions& options = {});

}  // namespace soi
