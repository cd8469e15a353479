#pragma once

#include <cstddef>
#include <cstdint>

namespace soi {

/// How weights are held in memory.
enum class NumberFormat : std::uint8_t {
  f32,   // the reference
  f16,   // IEEE half precision, widened to f32 where it is used
  int8,  // value = int8 * scale; one f32 scale an output of the matrix
};

/// The bytes of one number.
constexpr std::size_t n_bytes(NumberFormat format) {
  return format == NumberFormat::f32 ? 4 : format == NumberFormat::f16 ? 2 : 1;
}

/// Which dimension of a weight matrix is the outer one in memory.
enum class WeightLayout : std::uint8_t {
  in_out,  // row-major [n_in, n_out]: GPT-2's Conv1D matrices
  out_in,  // row-major [n_out, n_in]: wte used as the unembedding; row o is output o
};

/// A view of the weights W of a linear map y = x W + bias, x of n_in and y of n_out numbers. Somebody else owns them.
struct WeightMatrix {
  const void* values = nullptr;
  const float* scales = nullptr;  // [n_out] for int8, else null
  std::size_t n_in = 0;
  std::size_t n_out = 0;
  NumberFormat format = NumberFormat::f32;
  WeightLayout layout = WeightLayout::in_out;
};

}  // namespace soi
