#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace soi {

/// Bytes of a checkpoint, wherever they lie: a file, memory, a Blob of the browser.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  /// Fills `out` from `offset`. Throws Error{io_error}, also where fewer bytes are there.
  virtual void read(std::uint64_t offset, std::span<std::byte> out) const = 0;
};

/// Throws Error{io_error} with the path.
std::unique_ptr<ByteSource> open_file(const std::string& path);

/// Does not copy: `bytes` must outlive the source.
std::unique_ptr<ByteSource> view_bytes(std::span<const std::byte> bytes);

}  // namespace soi
