#include "core/weights/tensor_reader.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "core/kernels/half.h"
#include "core/tensor/error.h"
#include "core/tensor/tensor.h"
#include "core/weights/quantize.h"

namespace soi {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

constexpr std::size_t kPieceBytes = 1'048'576;  // large enough to read fast, small enough to stay in a cache

[[noreturn]] void throw_not_finite(const TensorInfo& tensor, std::size_t index, const std::string& what,
                                   const std::string& hint) {
  throw Error(ErrorCode::tensor_not_finite,
              "Tensor " + tensor.name + ": number " + std::to_string(index) + " is " + what + ".", hint,
              {{"tensor", tensor.name}, {"index", std::to_string(index)}});
}

bool all_finite(std::span<const float> values) {
  constexpr std::uint32_t kExponent = 0x7F800000u;
  std::uint32_t n_special = 0;
  for (float value : values) n_special |= (std::bit_cast<std::uint32_t>(value) & kExponent) == kExponent ? 1u : 0u;
  return n_special == 0;
}

void require_finite(const TensorInfo& tensor, std::size_t first, std::span<const float> values) {
  if (all_finite(values)) return;
  const auto place = std::ranges::find_if(values, [](float value) { return !std::isfinite(value); });
  throw_not_finite(tensor, first + static_cast<std::size_t>(place - values.begin()),
                   std::isnan(*place) ? "not a number (NaN)" : "infinite",
                   "The file is damaged, or its training went wrong. Download it again or choose another.");
}

void require_f16_range(const TensorInfo& tensor, std::size_t first, std::span<const float> values) {
  constexpr float kOverflow = 65520.0f;  // half way from the largest half, 65504, to the next step: rounds to infinity
  const auto place = std::ranges::find_if(values, [](float value) { return std::fabs(value) >= kOverflow; });
  if (place == values.end()) return;
  throw_not_finite(tensor, first + static_cast<std::size_t>(place - values.begin()),
                   std::to_string(*place) + ", beyond the range of f16 (65504)", "Load this model in f32.");
}

std::size_t n_columns(const TensorInfo& tensor) { return tensor.shape.empty() ? 1 : tensor.shape.back(); }

}  // namespace

/// Turns a piece of a tensor's bytes into f32.
struct TensorReader::Decoder {
  DType dtype = DType::f32;
  std::span<const float> scales;  // of int8
  WeightLayout layout = WeightLayout::in_out;
  std::size_t n_cols = 1;

  void decode(const std::byte* bytes, std::size_t first, std::span<float> out) const {
    const auto* halves = reinterpret_cast<const std::uint16_t*>(bytes);
    switch (dtype) {
      case DType::f16:
        return f16_to_f32({halves, out.size()}, out.data());
      case DType::bf16:
        return bf16_to_f32({halves, out.size()}, out.data());
      case DType::i8:
        return decode_int8(reinterpret_cast<const std::int8_t*>(bytes), first, out);
      default:
        std::memcpy(out.data(), bytes, out.size_bytes());
    }
  }

  void decode_int8(const std::int8_t* bytes, std::size_t first, std::span<float> out) const {
    std::size_t row = first / n_cols;
    std::size_t col = first % n_cols;
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<float>(bytes[i]) * scales[layout == WeightLayout::in_out ? col : row];
      if (++col == n_cols) {
        col = 0;
        ++row;
      }
    }
  }
};

TensorReader::TensorReader(const ByteSource& source, std::function<void(std::uint64_t)> progress)
    : source_(source), progress_(std::move(progress)) {}

void TensorReader::read_bytes(std::uint64_t offset, std::span<std::byte> out) {
  source_.read(offset, out);
  bytes_read_ += out.size();
  if (progress_) progress_(bytes_read_);
}

template <typename Use>
void TensorReader::for_each_piece(const TensorInfo& tensor, const Decoder& decoder, std::size_t unit, const Use& use) {
  const std::size_t n_values = n_elements(tensor.shape);
  const std::size_t value_bytes = dtype_bits(tensor.dtype) / 8;
  const std::size_t units_a_piece = std::max<std::size_t>(1, kPieceBytes / sizeof(float) / unit);
  const std::size_t piece_size = std::min(n_values, units_a_piece * unit);
  Buffer bytes(piece_size * value_bytes);
  Tensor values = Tensor::uninitialized({piece_size});
  for (std::size_t first = 0; first < n_values; first += piece_size) {
    const std::size_t n = std::min(piece_size, n_values - first);
    read_bytes(tensor.begin + std::uint64_t{first} * value_bytes, {bytes.data(), n * value_bytes});
    const std::span<float> piece = values.values().first(n);
    decoder.decode(bytes.data(), first, piece);
    require_finite(tensor, first, piece);
    use(first, std::span<const float>(piece));
  }
}

void TensorReader::read_floats(const TensorInfo& tensor, float* out) {
  for_each_piece(tensor, {.dtype = tensor.dtype, .scales = {}}, 1,
                 [&](std::size_t first, std::span<const float> values) { std::ranges::copy(values, out + first); });
}

void TensorReader::read_matrix(const StoredMatrix& matrix, const MatrixMemory& memory) {
  const TensorInfo& tensor = *matrix.tensor;
  const bool stored_int8 = tensor.dtype == DType::i8;
  if (stored_int8 && memory.format == NumberFormat::int8) return read_int8(matrix, memory);

  Tensor scales;
  if (stored_int8) {
    scales = Tensor::uninitialized(matrix.scales->shape);
    read_floats(*matrix.scales, scales.data());
  }
  const Decoder decoder{tensor.dtype, scales.values(), matrix.layout, n_columns(tensor)};
  switch (memory.format) {
    case NumberFormat::f32:
      return for_each_piece(tensor, decoder, 1, [&](std::size_t first, std::span<const float> values) {
        std::ranges::copy(values, static_cast<float*>(memory.values) + first);
      });
    case NumberFormat::f16:
      return for_each_piece(tensor, decoder, 1, [&](std::size_t first, std::span<const float> values) {
        require_f16_range(tensor, first, values);
        f32_to_f16(values, static_cast<std::uint16_t*>(memory.values) + first);
      });
    case NumberFormat::int8:
      return quantize_to_int8(matrix, decoder, memory);
  }
}

bool TensorReader::are_same(const TensorInfo& a, const TensorInfo& b) {
  const std::uint64_t n_bytes = a.end - a.begin;
  if (a.dtype != b.dtype || b.end - b.begin != n_bytes) return false;
  Buffer of_a(kPieceBytes);
  Buffer of_b(kPieceBytes);
  for (std::uint64_t done = 0; done < n_bytes; done += kPieceBytes) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, n_bytes - done));
    read_bytes(a.begin + done, {of_a.data(), n});
    read_bytes(b.begin + done, {of_b.data(), n});
    if (std::memcmp(of_a.data(), of_b.data(), n) != 0) return false;
  }
  return true;
}

void TensorReader::read_int8(const StoredMatrix& matrix, const MatrixMemory& memory) {
  read_floats(*matrix.scales, memory.scales);
  // The products must be finite too, as they are where the matrix is widened to floats.
  const std::span<const float> scales(memory.scales, n_elements(matrix.scales->shape));
  constexpr float kLargestScale = std::numeric_limits<float>::max() / 128.0f;
  const auto place = std::ranges::find_if(scales, [](float scale) { return std::fabs(scale) > kLargestScale; });
  if (place != scales.end()) {
    throw_not_finite(*matrix.scales, static_cast<std::size_t>(place - scales.begin()), "so large that values overflow",
                     "The file is damaged. Download it again or choose another.");
  }
  const std::span<std::byte> out(static_cast<std::byte*>(memory.values), n_elements(matrix.tensor->shape));
  for (std::size_t done = 0; done < out.size(); done += kPieceBytes) {
    read_bytes(matrix.tensor->begin + done, out.subspan(done, std::min(kPieceBytes, out.size() - done)));
  }
}

void TensorReader::quantize_to_int8(const StoredMatrix& matrix, const Decoder& decoder, const MatrixMemory& memory) {
  const TensorInfo& tensor = *matrix.tensor;
  const std::size_t n_cols = n_columns(tensor);
  auto* out = static_cast<std::int8_t*>(memory.values);
  if (matrix.layout == WeightLayout::out_in) {
    return for_each_piece(tensor, decoder, n_cols, [&](std::size_t first, std::span<const float> values) {
      const std::size_t n_rows = values.size() / n_cols;
      quantize_rows({values.data(), n_rows, n_cols, n_cols}, out + first, memory.scales + first / n_cols);
    });
  }
  // A column's scale is known after its last row alone: one whole matrix is held as f32 for the time.
  Tensor whole = Tensor::uninitialized(tensor.shape);
  for_each_piece(tensor, decoder, 1, [&](std::size_t first, std::span<const float> values) {
    std::ranges::copy(values, whole.data() + first);
  });
  quantize_columns(whole.matrix(), out, memory.scales);
}

}  // namespace soi
