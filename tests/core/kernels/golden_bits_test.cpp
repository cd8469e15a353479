// Same seed, same numbers, wherever it runs: hashes of each kernel's results, written by a native build, equal in every
// build and engine (the fused products of relaxed SIMD apart).

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <span>

#include "core/kernels/gelu.h"
#include "core/kernels/gemm.h"
#include "core/kernels/layer_norm.h"
#include "core/kernels/softmax.h"
#include "tests/core/kernels/random_values.h"

namespace soi {
namespace {

/// FNV-1a, a number at a time.
std::uint64_t hash(std::span<const float> values) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (float value : values) h = (h ^ std::bit_cast<std::uint32_t>(value)) * 0x100000001b3;
  return h;
}

TEST(GoldenBits, Softmax) {
  std::vector<float> row = random_values(50257, 1);
  softmax(row);
  EXPECT_EQ(hash(row), 0x681f9ab33f525402);
  row = random_values(50257, 1);
  log_softmax(row);
  EXPECT_EQ(hash(row), 0x72c6e90476770536);
  std::vector<float> d = random_values(50257, 2);
  softmax_backward(row, d, d);
  EXPECT_EQ(hash(d), 0x4b0cce722b00ea20);
}

TEST(GoldenBits, Gelu) {
  std::vector<float> values = random_values(100003, 3);
  for (float& value : values) value *= 3.0f;
  std::vector<float> slopes(values.size());
  gelu_backward(values, values, slopes);
  EXPECT_EQ(hash(slopes), 0x2cbfada12dbd9760);
  gelu(values);
  EXPECT_EQ(hash(values), 0xfe768481a5d2ecee);
}

TEST(GoldenBits, LayerNorm) {
  ThreadPool pool(2);
  const Tensor x = random_matrix(33, 771, 4);
  const std::vector<float> gain = random_values(771, 5);
  const std::vector<float> bias = random_values(771, 6);
  std::vector<float> scale(33);
  Tensor y({33, 771});
  layer_norm(x.matrix(), gain.data(), bias.data(), 1e-5f, y.matrix(), scale.data(), pool);
  EXPECT_EQ(hash(y.values()), 0xebce17f86d981a02);
  EXPECT_EQ(hash(scale), 0xdc3fe55c50278c8b);
  layer_norm_backward(x.matrix(), gain.data(), 1e-5f, y.matrix(), y.matrix(), pool);
  EXPECT_EQ(hash(y.values()), 0x8ef055540b03101f);
}

#ifndef SOI_RELAXED_SIMD
TEST(GoldenBits, Gemm) {
  ThreadPool pool(2);
  for (const auto& [n_rows, expected] :
       {std::pair<std::size_t, std::uint64_t>{70, 0xa28b5e2bff5cfbed}, {3, 0x105678639bd3ff3c}}) {
    const Tensor a = random_matrix(n_rows, 600, 7);
    const Tensor b = random_matrix(600, 301, 8);
    Tensor c({n_rows, 301});
    gemm(a.matrix(), Transpose::no, b.matrix(), Transpose::no, c.matrix(), pool);
    EXPECT_EQ(hash(c.values()), expected);
  }
}
#endif

}  // namespace
}  // namespace soi
