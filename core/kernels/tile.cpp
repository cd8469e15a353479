#include "core/kernels/tile.h"

#include "core/kernels/tile_loops.h"

namespace soi {

// Of tile_avx2.cpp and tile_avx512.cpp.
const TileKernels& avx2_tile_kernels();
const TileKernels& avx512_tile_kernels();

namespace {

const TileKernels& choose_tile_kernels() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    return avx512_tile_kernels();
  }
  if (__builtin_cpu_supports("avx2")) return avx2_tile_kernels();
#endif
  static constexpr TileKernels kernels = tile_loops::Kernels<4>::table("128-bit");
  return kernels;
}

}  // namespace

const TileKernels& tile_kernels() {
  static const TileKernels& kernels = choose_tile_kernels();
  return kernels;
}

}  // namespace soi
