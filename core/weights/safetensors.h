#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor/tensor.h"
#include "core/weights/byte_source.h"

namespace soi {

/// The number formats of the safetensors format; GPT-2's weights come in f32, f16, bf16 or, quantized, i8.
enum class DType : std::uint8_t { boolean, u8, i8, f8_e5m2, f8_e4m3, i16, u16, f16, bf16, i32, u32, f32, f64, i64, u64 };

std::string_view dtype_name(DType dtype);    // as in the file: "F32", "BF16", ...
std::size_t dtype_bytes(DType dtype);

struct TensorInfo {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  std::uint64_t begin = 0;  // byte offsets from the start of the file
  std::uint64_t end = 0;
};

/// The table of contents of a .safetensors file, judged by the rules of the format's reference implementation
/// (github.com/huggingface/safetensors, safetensors/src/tensor.rs): header of at most 100 MB, JSON without duplicate
/// keys, offsets contiguous from 0 with no gap or overlap, bytes = shape x dtype, the last tensor ends the file.
struct SafetensorsHeader {
  std::vector<TensorInfo> tensors;  // in the order of their bytes
  std::map<std::string, std::string> metadata;

  /// Null where there is none.
  const TensorInfo* find(std::string_view name) const;
};

/// Reads and judges the header; nothing larger than it is allocated. Throws Error{file_empty | safetensors_*}.
SafetensorsHeader read_safetensors_header(const ByteSource& source);

}  // namespace soi
