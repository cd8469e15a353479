#include "wasm/slice_source.h"

#include <algorithm>

#include "core/tensor/error.h"

namespace soi::wasm {
namespace {
using emscripten::val;
constexpr std::size_t kSliceBytes = std::size_t{4} << 20;
}  // namespace

SliceSource::SliceSource(std::string name, std::uint64_t size, val read_slice)
    : name_(std::move(name)), size_(size), read_slice_(std::move(read_slice)) {}

void SliceSource::read(std::uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const std::size_t length = std::min(out.size(), kSliceBytes);
    const val slice = read_slice_(static_cast<double>(offset), static_cast<double>(length));
    if (slice.isNull() || slice["length"].as<std::size_t>() != length) {
      throw Error(ErrorCode::io_error, name_ + " could not be read at byte " + std::to_string(offset) + ".",
                  "The file may have moved or changed since it was chosen: choose it again.", {{"path", name_}});
    }
    val(emscripten::typed_memory_view(length, reinterpret_cast<unsigned char*>(out.data()))).call<void>("set", slice);
    offset += length;
    out = out.subspan(length);
  }
}

}  // namespace soi::wasm
