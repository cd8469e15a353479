// Compiled for AVX-512 where the target is x86-64 (core/CMakeLists.txt), empty elsewhere.
#ifdef __AVX512F__

#include "core/kernels/tile_loops.h"

namespace soi {

const TileKernels& avx512_tile_kernels();

const TileKernels& avx512_tile_kernels() {
  static constexpr TileKernels kernels = tile_loops::Kernels<16>::table("AVX-512");
  return kernels;
}

}  // namespace soi

#endif
