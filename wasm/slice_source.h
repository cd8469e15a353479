#pragma once

#include <emscripten/val.h>

#include <string>

#include "core/weights/byte_source.h"

namespace soi::wasm {

/// A checkpoint that JavaScript reads: a Blob of the browser, a file of Node. `read_slice(offset, length)` returns a
/// Uint8Array of `length` bytes, or null where it cannot. Each slice is copied straight to its place in WASM memory;
/// slices are small (4 MB), so that JavaScript never holds more than a few.
class SliceSource : public ByteSource {
 public:
  SliceSource(std::string name, std::uint64_t size, emscripten::val read_slice);
  std::uint64_t size() const override { return size_; }
  void read(std::uint64_t offset, std::span<std::byte> out) const override;

 private:
  std::string name_;
  std::uint64_t size_;
  emscripten::val read_slice_;
};

}  // namespace soi::wasm
