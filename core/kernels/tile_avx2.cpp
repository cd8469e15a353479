// Compiled for AVX2 where the target is x86-64 (core/CMakeLists.txt), empty elsewhere.
#ifdef __AVX2__

#include "core/kernels/tile_loops.h"

namespace soi {

TileKernels avx2_tile_kernels();

TileKernels avx2_tile_kernels() { return tile_loops::Kernels<8>::table("AVX2"); }

}  // namespace soi

#endif
