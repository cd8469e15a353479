// Compiled for AVX-512 where the target is x86-64 (core/CMakeLists.txt), empty elsewhere.
#ifdef __AVX512F__

#include "core/kernels/tile_loops.h"

namespace soi {

TileKernels avx512_tile_kernels();

TileKernels avx512_tile_kernels() { return tile_loops::Kernels<16>::table("AVX-512"); }

}  // namespace soi

#endif
