#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/tensor/buffer.h"
#include "core/weights/gpt2_tensors.h"
#include "core/weights/safetensors.h"
#include "core/weights/tensor_reader.h"
#include "core/weights/weight_source.h"

namespace soi {

/// A checkpoint whose header has been judged, and how its matrices shall be held in memory.
struct Checkpoint {
  SafetensorsHeader header;
  Config config;
  NumberFormat format = NumberFormat::f32;

  /// By the name without prefix, which infer_config has found to be there.
  const TensorInfo& tensor(const std::string& name) const;
  /// The tensor of its scales for an int8 matrix; null for others.
  const TensorInfo* scales(const TensorInfo& matrix) const;
  /// What is read from the file for these tensors.
  std::uint64_t file_bytes(const std::vector<Gpt2Tensor>& tensors) const;
  /// What `require_tied` reads from the file.
  std::uint64_t tied_bytes() const;
};

/// Throws the errors of read_safetensors_header and infer_config.
Checkpoint open_checkpoint(const ByteSource& source, const LoadOptions& options);

/// An `lm_head.weight` in the file must be wte once more: GPT-2 unembeds by wte, and a model that was trained with
/// another matrix would give wrong logits. Throws Error{not_gpt2} and the errors of TensorReader.
void require_tied(const Checkpoint& checkpoint, TensorReader& reader);

/// Some tensors of a checkpoint in one piece of memory, in the order of `tensors`.
class LoadedTensors {
 public:
  /// Throws the errors of TensorReader.
  LoadedTensors(const Checkpoint& checkpoint, const std::vector<Gpt2Tensor>& tensors, TensorReader& reader);

  std::size_t memory_bytes() const { return memory_.size(); }

  const float* vector(std::size_t i) const;
  WeightMatrix matrix(std::size_t i) const;
  LayerNormWeights layer_norm(std::size_t i) const { return {vector(i), vector(i + 1)}; }  // gain, then bias
  LinearWeights linear(std::size_t i) const { return {matrix(i), vector(i + 1)}; }         // weight, then bias

 private:
  /// Where a tensor lies: byte offsets in `memory_`.
  struct Slot {
    std::size_t values = 0;
    std::size_t scales = 0;  // of an int8 matrix
  };

  std::vector<Gpt2Tensor> tensors_;
  NumberFormat format_;
  std::vector<Slot> slots_;
  Buffer memory_;
};

}  // namespace soi
