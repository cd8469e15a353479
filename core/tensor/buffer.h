#pragma once

#include <cstddef>
#include <memory>

namespace soi {

/// Owned bytes, aligned to 64 (a cache line, and the widest vector register). Not initialised. Movable, not copyable.
class Buffer {
 public:
  Buffer() = default;

  /// Throws Error{out_of_memory} where the bytes cannot be had.
  explicit Buffer(std::size_t n_bytes);

  std::byte* data() { return bytes_.get(); }
  const std::byte* data() const { return bytes_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(std::byte* bytes) const noexcept;
  };
  std::unique_ptr<std::byte[], Free> bytes_;
  std::size_t size_ = 0;
};

}  // namespace soi
