#include "core/kernels/gemm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <ostream>

#include "tests/core/kernels/bits.h"
#include "tests/core/kernels/random_values.h"

namespace soi {
namespace {

struct GemmCase {
  std::size_t m, n, k;
  Transpose transpose_a = Transpose::no;
  Transpose transpose_b = Transpose::no;
  bool accumulate = false;
};

std::ostream& operator<<(std::ostream& out, const GemmCase& c) {
  return out << c.m << "x" << c.k << "x" << c.n << (c.transpose_a == Transpose::yes ? " a^T" : "")
             << (c.transpose_b == Transpose::yes ? " b^T" : "") << (c.accumulate ? " +=" : "");
}

/// Around the borders of tiles (4 rows; 8, 16 or 32 columns), of blocks (64 and 256 rows, 128 columns, 256 steps) and
/// of the paths for few rows (4 and 24 rows); a part of the product of m, n and k.
std::vector<GemmCase> cases() {
  std::vector<GemmCase> all = {{220, 97, 300}, {261, 130, 5}, {67, 129, 513}, {1, 300, 1030}, {4, 41, 2049}};
  for (std::size_t m : {1, 2, 3, 4, 5, 9, 24, 25}) {
    for (std::size_t n : {1, 3, 4, 7, 16, 33}) {
      for (std::size_t k : {0, 1, 2, 3, 4, 7, 19}) all.push_back({m, n, k});
    }
  }
  std::vector<GemmCase> with_options;
  for (GemmCase c : all) {
    for (Transpose a : {Transpose::no, Transpose::yes}) {
      for (Transpose b : {Transpose::no, Transpose::yes}) {
        for (bool accumulate : {false, true}) with_options.push_back({c.m, c.n, c.k, a, b, accumulate});
      }
    }
  }
  return with_options;
}

Tensor operand(std::size_t n_rows, std::size_t n_cols, Transpose transpose, std::uint64_t stream) {
  return transpose == Transpose::no ? random_matrix(n_rows, n_cols, stream) : random_matrix(n_cols, n_rows, stream);
}

/// |error| of a sum of k products, in any order, rounded after each operation (Higham, "Accuracy and Stability of
/// Numerical Algorithms", section 3.1): gamma(k + 1) * sum |a| |b|, gamma(n) = n u / (1 - n u), u = 2^-24.
double error_bound(std::size_t k, double sum_of_magnitudes) {
  const double nu = static_cast<double>(k + 1) * 0x1p-24;
  return nu / (1.0 - nu) * sum_of_magnitudes;
}

void expect_near_double(const GemmCase& g, ConstMatrixView a, ConstMatrixView b, ConstMatrixView before,
                        ConstMatrixView c) {
  for (std::size_t i = 0; i < g.m; ++i) {
    for (std::size_t j = 0; j < g.n; ++j) {
      double sum = g.accumulate ? before.row(i)[j] : 0.0;
      double magnitudes = std::abs(sum);
      for (std::size_t k = 0; k < g.k; ++k) {
        const double product = static_cast<double>(g.transpose_a == Transpose::no ? a.row(i)[k] : a.row(k)[i]) *
                               (g.transpose_b == Transpose::no ? b.row(k)[j] : b.row(j)[k]);
        sum += product;
        magnitudes += std::abs(product);
      }
      ASSERT_NEAR(c.row(i)[j], sum, error_bound(g.k, magnitudes)) << g << " at [" << i << ", " << j << "]";
    }
  }
}

TEST(Gemm, MatchesReferenceOnRaggedTails) {
  ThreadPool pool(2);
  for (const GemmCase& g : cases()) {
    SCOPED_TRACE(testing::Message() << g);
    const Tensor a = operand(g.m, g.k, g.transpose_a, 1);
    const Tensor b = operand(g.k, g.n, g.transpose_b, 2);
    const Tensor before = random_matrix(g.m, g.n, 3);
    Tensor c = before.clone();
    gemm(a.matrix(), g.transpose_a, b.matrix(), g.transpose_b, c.matrix(), pool, g.accumulate);
    expect_near_double(g, a.matrix(), b.matrix(), before.matrix(), c.matrix());
    if (HasFatalFailure()) return;
#ifndef SOI_RELAXED_SIMD  // without fusing, the order of the sum is all that there is: the bits agree
    Tensor expected = before.clone();
    gemm_reference(a.matrix(), g.transpose_a, b.matrix(), g.transpose_b, expected.matrix(), g.accumulate);
    ASSERT_TRUE(same_bits(c.matrix(), expected.matrix()));
#endif
  }
}

TEST(Gemm, HandComputed) {
  ThreadPool pool(1);
  const Tensor a = Tensor::from_values({2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6});
  const Tensor b = Tensor::from_values({3, 2}, std::vector<float>{1, 0, -1, 2, 0.5, 1});
  Tensor c = Tensor::from_values({2, 2}, std::vector<float>{100, 200, 300, 400});
  gemm(a.matrix(), Transpose::no, b.matrix(), Transpose::no, c.matrix(), pool);
  const Tensor expected = Tensor::from_values({2, 2}, std::vector<float>{0.5, 7, 2, 16});
  EXPECT_TRUE(same_bits(c.matrix(), expected.matrix()));
}

TEST(Gemm, StaysWithinStridedViews) {
  ThreadPool pool(1);
  for (std::size_t m : {2, 33}) {  // both paths
    const Tensor a = random_matrix(m, 40, 1);
    const Tensor b = random_matrix(21, 50, 2);
    Tensor c({m + 2, 60});
    std::ranges::fill(c.values(), -7.0f);
    const ConstMatrixView a_view = {a.data() + 3, m, 21, 40};
    const ConstMatrixView b_view = {b.data() + 5, 21, 37, 50};
    const MatrixView c_view = {c.data() + 60 + 9, m, 37, 60};
    gemm(a_view, Transpose::no, b_view, Transpose::no, c_view, pool);
    Tensor expected({m, 37});
    gemm_reference(a_view, Transpose::no, b_view, Transpose::no, expected.matrix());
    for (std::size_t i = 0; i < m + 2; ++i) {
      for (std::size_t j = 0; j < 60; ++j) {
        const bool inside = i >= 1 && i < m + 1 && j >= 9 && j < 9 + 37;
        if (inside) {
          // 22 roundings of sums of magnitudes below 22 * 4.5^2
          EXPECT_NEAR(c(i, j), expected(i - 1, j - 9), 22 * 22 * 4.5 * 4.5 * 0x1p-24);
        } else {
          ASSERT_EQ(c(i, j), -7.0f) << "written outside of c at [" << i << ", " << j << "]";
        }
      }
    }
  }
}

TEST(Gemm, BitsDoNotDependOnThreads) {
  const Tensor a = random_matrix(150, 300, 1);
  const Tensor b = random_matrix(300, 400, 2);
  Tensor one({150, 400});
  ThreadPool pool_of_one(1);
  gemm(a.matrix(), Transpose::no, b.matrix(), Transpose::no, one.matrix(), pool_of_one);
  for (int n_threads : {2, 3, 4}) {
    ThreadPool pool(n_threads);
    Tensor many({150, 400});
    gemm(a.matrix(), Transpose::no, b.matrix(), Transpose::no, many.matrix(), pool);
    EXPECT_TRUE(same_bits(many.matrix(), one.matrix())) << n_threads << " threads";
  }
}

TEST(Gemm, InfinityStaysInItsRowAndColumn) {
  ThreadPool pool(1);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (std::size_t m : {3, 26}) {
    Tensor a = random_matrix(m, 10, 1);
    Tensor b = random_matrix(10, 11, 2);
    a(1, 9) = kInfinity;
    b(9, 10) = kInfinity;
    Tensor c({m, 11});
    gemm(a.matrix(), Transpose::no, b.matrix(), Transpose::no, c.matrix(), pool);
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j < 11; ++j) EXPECT_EQ(std::isfinite(c(i, j)), i != 1 && j != 10) << i << ", " << j;
    }
  }
}

TEST(Gemm, EmptyResultIsLeftAlone) {
  ThreadPool pool(1);
  gemm({nullptr, 0, 3, 3}, Transpose::no, {nullptr, 3, 5, 5}, Transpose::no, {nullptr, 0, 5, 5}, pool);
  float untouched = 1.0f;
  gemm({&untouched, 1, 1, 1}, Transpose::no, {nullptr, 1, 0, 0}, Transpose::no, {nullptr, 1, 0, 0}, pool);
  EXPECT_EQ(untouched, 1.0f);
}

}  // namespace
}  // namespace soi
