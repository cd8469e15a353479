#include "core/kernels/tile.h"

#include <gtest/gtest.h>

#include "tests/core/kernels/bits.h"
#include "tests/core/kernels/random_values.h"

namespace soi {
namespace {

// The narrowest kernels are those of WASM and of every other machine: what the wide ones give must be the same.
TEST(Tile, WiderVectorsGiveTheSameBits) {
  constexpr std::size_t kInner = 37;
  const TileKernels& narrow = supported_tile_kernels().back();
  ASSERT_EQ(narrow.tile_columns, kMinTileColumns);
  const std::vector<float> left = random_values(kInner * kTileRows, 1);
  const std::vector<float> right = random_values(kInner * kMaxTileColumns, 2);
  for (const TileKernels& wide : supported_tile_kernels()) {
    SCOPED_TRACE(wide.instruction_set);
    for (bool is_first : {true, false}) {
      // Side by side, narrow tiles make a wide one; each takes its own panel out of the wide panel.
      Tensor by_wide = random_matrix(kTileRows, wide.tile_columns, 3);
      Tensor by_narrow = by_wide.clone();
      wide.multiply_tile(kInner, left.data(), right.data(), by_wide.data(), wide.tile_columns, is_first);
      for (std::size_t j = 0; j < wide.tile_columns; j += kMinTileColumns) {
        std::vector<float> panel;
        for (std::size_t k = 0; k < kInner; ++k) {
          const float* const row = right.data() + k * wide.tile_columns + j;
          panel.insert(panel.end(), row, row + kMinTileColumns);
        }
        narrow.multiply_tile(kInner, left.data(), panel.data(), by_narrow.data() + j, wide.tile_columns, is_first);
      }
      EXPECT_TRUE(same_bits(by_wide.matrix(), by_narrow.matrix()));
    }
  }
}

TEST(Tile, WiderVectorsGiveTheSameBitsForFewRows) {
  constexpr std::size_t kInner = 37;
  constexpr std::size_t kColumns = 83;
  const TileKernels& narrow = supported_tile_kernels().back();
  const std::vector<float> left = random_values(kInner * kThinRows, 1);
  const std::vector<float> f32 = random_values(kInner * kColumns, 2);
  std::vector<std::int8_t> int8;
  std::vector<std::uint16_t> f16;
  for (float x : f32) {
    int8.push_back(static_cast<std::int8_t>(x * 25.0f));
    f16.push_back(static_cast<std::uint16_t>(0x3000 + int8.back() * 16));
  }
  const RightOperand operands[] = {{f32.data(), NumberFormat::f32, true, kColumns},
                                   {f16.data(), NumberFormat::f16, true, kColumns},
                                   {int8.data(), NumberFormat::int8, true, kColumns}};
  for (const TileKernels& wide : supported_tile_kernels()) {
    SCOPED_TRACE(wide.instruction_set);
    for (const RightOperand& right : operands) {
      for (std::size_t n_rows = 1; n_rows <= kThinRows; ++n_rows) {
        Tensor by_wide({n_rows, kColumns});
        Tensor by_narrow({n_rows, kColumns});
        wide.multiply_thin(kInner, left.data(), right, by_wide.matrix());
        narrow.multiply_thin(kInner, left.data(), right, by_narrow.matrix());
        EXPECT_TRUE(same_bits(by_wide.matrix(), by_narrow.matrix())) << n_rows << " rows";
      }
    }
  }
}

}  // namespace
}  // namespace soi
