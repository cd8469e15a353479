#include "core/kernels/tile.h"

#include <array>

#include "core/kernels/tile_loops.h"

namespace soi {

// Of tile_avx2.cpp and tile_avx512.cpp.
TileKernels avx2_tile_kernels();
TileKernels avx512_tile_kernels();

namespace {

constexpr TileKernels kBaseline = tile_loops::Kernels<4>::table("128-bit");

#ifdef __x86_64__

bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

std::array<TileKernels, 3> all() { return {avx512_tile_kernels(), avx2_tile_kernels(), kBaseline}; }
std::size_t n_unsupported() { return has_avx512() ? 0 : __builtin_cpu_supports("avx2") ? 1 : 2; }

#else

std::array<TileKernels, 1> all() { return {kBaseline}; }
std::size_t n_unsupported() { return 0; }

#endif

}  // namespace

std::span<const TileKernels> supported_tile_kernels() {
  static const auto kernels = all();
  static const std::span<const TileKernels> supported = std::span(kernels).subspan(n_unsupported());
  return supported;
}

}  // namespace soi
