// Compiled for AVX2 where the target is x86-64 (core/CMakeLists.txt), empty elsewhere.
#ifdef __AVX2__

#include "core/kernels/tile_loops.h"

namespace soi {

const TileKernels& avx2_tile_kernels();

const TileKernels& avx2_tile_kernels() {
  static constexpr TileKernels kernels = tile_loops::Kernels<8>::table("AVX2");
  return kernels;
}

}  // namespace soi

#endif
