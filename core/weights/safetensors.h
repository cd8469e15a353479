#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor/tensor.h"
#include "core/weights/byte_source.h"

namespace soi {

/// The number formats of the safetensors format; GPT-2's weights come in f32, f16, bf16 or, quantized, i8.
///   X(dtype, name in the file, bits of one number)
#define SOI_DTYPES(X)              \
  X(boolean, "BOOL", 8)            \
  X(f4, "F4", 4)                   \
  X(f6_e2m3, "F6_E2M3", 6)         \
  X(f6_e3m2, "F6_E3M2", 6)         \
  X(u8, "U8", 8)                   \
  X(i8, "I8", 8)                   \
  X(f8_e5m2, "F8_E5M2", 8)         \
  X(f8_e4m3, "F8_E4M3", 8)         \
  X(f8_e8m0, "F8_E8M0", 8)         \
  X(f8_e4m3fnuz, "F8_E4M3FNUZ", 8) \
  X(f8_e5m2fnuz, "F8_E5M2FNUZ", 8) \
  X(i16, "I16", 16)                \
  X(u16, "U16", 16)                \
  X(f16, "F16", 16)                \
  X(bf16, "BF16", 16)              \
  X(i32, "I32", 32)                \
  X(u32, "U32", 32)                \
  X(f32, "F32", 32)                \
  X(c64, "C64", 64)                \
  X(f64, "F64", 64)                \
  X(i64, "I64", 64)                \
  X(u64, "U64", 64)

enum class DType : std::uint8_t {
#define SOI_DTYPE_ENUM(dtype, name, bits) dtype,
  SOI_DTYPES(SOI_DTYPE_ENUM)
#undef SOI_DTYPE_ENUM
};

std::string_view dtype_name(DType dtype);  // as in the file: "F32", "BF16", ...
std::size_t dtype_bits(DType dtype);       // of one number

struct TensorInfo {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  std::uint64_t begin = 0;  // byte offsets from the start of the file
  std::uint64_t end = 0;
};

/// The table of contents of a .safetensors file, judged by the rules of the format's reference implementation
/// (github.com/huggingface/safetensors, safetensors/src/tensor.rs): header of at most 100 MB, offsets contiguous from 0
/// with no gap or overlap, bytes = shape x dtype, the last tensor ends the file. Where that implementation is laxer
/// than the format's own description, the description holds: the header begins with "{", no key comes twice, an entry
/// is an object. At most 1024 dimensions a tensor.
struct SafetensorsHeader {
  std::vector<TensorInfo> tensors;  // in the order of their bytes
  std::map<std::string, std::string> metadata;
  std::map<std::string, std::size_t, std::less<>> index;  // name -> place in `tensors`

  /// Null where there is none.
  const TensorInfo* find(std::string_view name) const;
};

/// Reads and judges the header; nothing larger than it is allocated. Throws Error{file_empty | safetensors_*}.
SafetensorsHeader read_safetensors_header(const ByteSource& source);

}  // namespace soi
