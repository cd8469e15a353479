#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "core/kernels/weight_matrix.h"
#include "core/tensor/buffer.h"
#include "core/weights/byte_source.h"
#include "core/weights/safetensors.h"

namespace soi {

/// A matrix in the file, and the numbers of its scales where it is int8.
struct StoredMatrix {
  const TensorInfo* tensor = nullptr;
  const TensorInfo* scales = nullptr;  // null for a matrix of floats
  WeightLayout layout = WeightLayout::in_out;
};

/// Where a matrix goes. Somebody else owns the memory.
struct MatrixMemory {
  NumberFormat format = NumberFormat::f32;
  void* values = nullptr;
  float* scales = nullptr;  // for int8
};

/// Reads tensors whose shapes and formats have been judged (see infer_config), in pieces of about a MiB; converts each
/// piece and refuses NaN and infinity. Throws Error{tensor_not_finite | io_error | out_of_memory}.
class TensorReader {
 public:
  /// `progress`, if set, is called after each piece with the bytes of the file read so far, and may throw.
  explicit TensorReader(const ByteSource& source, std::function<void(std::uint64_t bytes)> progress = {});

  /// A tensor of f32, f16 or bf16 as f32.
  void read_floats(const TensorInfo& tensor, float* out);

  /// A matrix in the memory's format. From f32, f16 and bf16 to int8: one scale an output (see quantize.h); from int8
  /// to int8: the file's own numbers.
  void read_matrix(const StoredMatrix& matrix, const MatrixMemory& memory);

  /// Whether two tensors of the same shape and number format hold the same bytes.
  bool are_same(const TensorInfo& a, const TensorInfo& b);

 private:
  struct Decoder;
  /// Calls use(first, values) with the tensor's numbers as f32, in order; each piece is a multiple of `unit` numbers.
  template <typename Use>
  void for_each_piece(const TensorInfo& tensor, const Decoder& decoder, std::size_t unit, const Use& use);
  void read_bytes(std::uint64_t offset, std::span<std::byte> out);
  void read_int8(const StoredMatrix& matrix, const MatrixMemory& memory);
  void quantize_to_int8(const StoredMatrix& matrix, const Decoder& decoder, const MatrixMemory& memory);

  const ByteSource& source_;
  std::function<void(std::uint64_t)> progress_;
  std::uint64_t bytes_read_ = 0;
};

}  // namespace soi
