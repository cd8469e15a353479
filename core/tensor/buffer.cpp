#include "core/tensor/buffer.h"

#include <cstdint>
#include <new>
#include <string>

#include "core/tensor/error.h"

namespace soi {
namespace {
constexpr std::align_val_t kAlignment{64};
}

Buffer::Buffer(std::size_t n_bytes) : size_(n_bytes) {
  // No object is larger than PTRDIFF_MAX, and near SIZE_MAX an allocator's rounding up overflows.
  void* bytes = n_bytes > PTRDIFF_MAX ? nullptr : ::operator new[](n_bytes, kAlignment, std::nothrow);
  if (bytes == nullptr) {
    throw Error(ErrorCode::out_of_memory, "Out of memory: " + std::to_string(n_bytes) + " bytes could not be had.",
                "Choose a smaller model or number format (f16, int8), a shorter text, or fewer hooks.",
                {{"bytes", std::to_string(n_bytes)}});
  }
  bytes_.reset(static_cast<std::byte*>(bytes));
}

void Buffer::Free::operator()(std::byte* bytes) const noexcept { ::operator delete[](bytes, kAlignment); }

}  // namespace soi
