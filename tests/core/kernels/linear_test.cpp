#include "core/kernels/linear.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include "core/kernels/half.h"
#include "tests/core/kernels/bits.h"
#include "tests/core/kernels/random_values.h"

namespace soi {
namespace {

struct LinearCase {
  std::size_t n_in, n_out;
  NumberFormat format;
  WeightLayout layout;
};

std::ostream& operator<<(std::ostream& out, const LinearCase& c) {
  constexpr const char* kFormats[] = {"f32", "f16", "int8"};
  return out << c.n_in << " -> " << c.n_out << " " << kFormats[static_cast<int>(c.format)]
             << (c.layout == WeightLayout::in_out ? " in_out" : " out_in");
}

/// Random weights and their memory.
class Weights {
 public:
  explicit Weights(const LinearCase& c) : case_(c) {
    const std::vector<float> values = random_values(c.n_in * c.n_out, 7);
    switch (c.format) {
      case NumberFormat::f32:
        f32_ = values;
        break;
      case NumberFormat::f16:
        f16_.resize(values.size());
        f32_to_f16(values, f16_.data());
        break;
      case NumberFormat::int8:
        for (float value : values)
          int8_.push_back(static_cast<std::int8_t>(std::clamp(value * 40.0f, -127.0f, 127.0f)));
        for (std::size_t out = 0; out < c.n_out; ++out) scales_.push_back(0.01f + 0.001f * static_cast<float>(out));
        break;
    }
  }

  WeightMatrix view() const {
    const void* values = case_.format == NumberFormat::f32   ? static_cast<const void*>(f32_.data())
                         : case_.format == NumberFormat::f16 ? static_cast<const void*>(f16_.data())
                                                             : int8_.data();
    return {values, scales_.empty() ? nullptr : scales_.data(), case_.n_in, case_.n_out, case_.format, case_.layout};
  }

 private:
  LinearCase case_;
  std::vector<float> f32_;
  std::vector<std::uint16_t> f16_;
  std::vector<std::int8_t> int8_;
  std::vector<float> scales_;
};

std::vector<LinearCase> cases() {
  std::vector<LinearCase> all;
  for (NumberFormat format : {NumberFormat::f32, NumberFormat::f16, NumberFormat::int8}) {
    for (WeightLayout layout : {WeightLayout::in_out, WeightLayout::out_in}) {
      all.push_back({61, 45, format, layout});
      all.push_back({300, 150, format, layout});
      all.push_back({1100, 35, format, layout});
      all.push_back({3, 2, format, layout});
    }
  }
  return all;
}

/// The first rows of a matrix.
ConstMatrixView rows(const Tensor& tensor, std::size_t begin, std::size_t n) {
  const ConstMatrixView all = tensor.matrix();
  return {all.row(begin), n, all.n_cols, all.stride};
}

constexpr std::size_t kRows = 29;

Tensor forward(ConstMatrixView x, const WeightMatrix& w, const float* bias, ThreadPool& pool) {
  Tensor y({x.n_rows, w.n_out});
  linear(x, w, bias, y.matrix(), pool);
  return y;
}

Tensor backward(ConstMatrixView dy, const WeightMatrix& w, ThreadPool& pool) {
  Tensor dx({dy.n_rows, w.n_in});
  linear_backward(dy, w, dx.matrix(), pool);
  return dx;
}

/// Two orders of the same sum, of k products of magnitudes up to 4.5 * 4.5, differ by at most twice gamma(k + 3); see
/// gemm_test.cpp. Without fusing there is one order alone, and nothing may differ.
void expect_agree(ConstMatrixView actual, ConstMatrixView expected, [[maybe_unused]] std::size_t k) {
#ifdef SOI_RELAXED_SIMD
  const double bound = 2.0 * static_cast<double>(k + 3) * 0x1p-24 * static_cast<double>(k) * 4.5 * 4.5;
  for (std::size_t i = 0; i < actual.n_rows; ++i) {
    for (std::size_t j = 0; j < actual.n_cols; ++j) ASSERT_NEAR(actual.row(i)[j], expected.row(i)[j], bound);
  }
#else
  ASSERT_TRUE(same_bits(actual, expected));
#endif
}

TEST(Linear, MatchesReferenceInEveryFormatAndLayout) {
  ThreadPool pool(2);
  for (const LinearCase& c : cases()) {
    SCOPED_TRACE(testing::Message() << c);
    const Weights weights(c);
    const std::vector<float> bias = random_values(c.n_out, 8);
    for (std::size_t n : {1, 2, 3, 4, 5, 24, 27}) {
      const Tensor x = random_matrix(n, c.n_in, 9);
      for (const float* b : {bias.data(), static_cast<const float*>(nullptr)}) {
        Tensor expected({n, c.n_out});
        linear_reference(x.matrix(), weights.view(), b, expected.matrix());
        expect_agree(forward(x.matrix(), weights.view(), b, pool).matrix(), expected.matrix(), c.n_in);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(Linear, BackwardMatchesReferenceInEveryFormatAndLayout) {
  ThreadPool pool(2);
  for (const LinearCase& c : cases()) {
    SCOPED_TRACE(testing::Message() << c);
    const Weights weights(c);
    for (std::size_t n : {1, 2, 3, 4, 5, 24, 27}) {
      const Tensor dy = random_matrix(n, c.n_out, 9);
      Tensor expected({n, c.n_in});
      linear_backward_reference(dy.matrix(), weights.view(), expected.matrix());
      expect_agree(backward(dy.matrix(), weights.view(), pool).matrix(), expected.matrix(), c.n_out);
      if (HasFatalFailure()) return;
    }
  }
}

// The promise of linear.h: bit for bit, also between the path for few rows and the one for many, fused or not.
TEST(Linear, RowsDoNotDependOnTheirNeighbours) {
  ThreadPool pool(1);
  for (const LinearCase& c : cases()) {
    SCOPED_TRACE(testing::Message() << c);
    const Weights weights(c);
    const std::vector<float> bias = random_values(c.n_out, 8);
    const Tensor x = random_matrix(kRows, c.n_in, 9);
    const Tensor dy = random_matrix(kRows, c.n_out, 10);
    const Tensor y = forward(x.matrix(), weights.view(), bias.data(), pool);
    const Tensor dx = backward(dy.matrix(), weights.view(), pool);
    for (std::size_t n : {1, 2, 3, 4, 5, 6, 9, 24, 25}) {
      for (std::size_t begin : {std::size_t{0}, kRows - n}) {
        SCOPED_TRACE(testing::Message() << n << " rows from " << begin);
        const Tensor some_y = forward(rows(x, begin, n), weights.view(), bias.data(), pool);
        ASSERT_TRUE(same_bits(some_y.matrix(), rows(y, begin, n)));
        const Tensor some_dx = backward(rows(dy, begin, n), weights.view(), pool);
        ASSERT_TRUE(same_bits(some_dx.matrix(), rows(dx, begin, n)));
      }
    }
  }
}

TEST(Linear, BitsDoNotDependOnThreads) {
  ThreadPool one(1);
  for (const LinearCase& c : cases()) {
    SCOPED_TRACE(testing::Message() << c);
    const Weights weights(c);
    for (std::size_t n : {std::size_t{1}, kRows}) {
      const Tensor x = random_matrix(n, c.n_in, 9);
      const Tensor dy = random_matrix(n, c.n_out, 10);
      const Tensor y = forward(x.matrix(), weights.view(), nullptr, one);
      const Tensor dx = backward(dy.matrix(), weights.view(), one);
      for (int n_threads : {2, 4}) {
        ThreadPool pool(n_threads);
        ASSERT_TRUE(same_bits(forward(x.matrix(), weights.view(), nullptr, pool).matrix(), y.matrix()));
        ASSERT_TRUE(same_bits(backward(dy.matrix(), weights.view(), pool).matrix(), dx.matrix()));
      }
    }
  }
}

// f16 weights are widened exactly, also subnormal ones: the same as f32 weights of the same values.
TEST(Linear, HalfWeightsAreExact) {
  ThreadPool pool(1);
  std::vector<std::uint16_t> halves;
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    if ((bits & 0x7c00) != 0x7c00) halves.push_back(static_cast<std::uint16_t>(bits));
  }
  std::vector<float> floats(halves.size());
  f16_to_f32(halves, floats.data());
  const std::size_t n_out = halves.size() / 4;
  for (WeightLayout layout : {WeightLayout::in_out, WeightLayout::out_in}) {
    const WeightMatrix f16 = {halves.data(), nullptr, 4, n_out, NumberFormat::f16, layout};
    const WeightMatrix f32 = {floats.data(), nullptr, 4, n_out, NumberFormat::f32, layout};
    for (std::size_t n : {1, 27}) {
      const Tensor x = random_matrix(n, 4, 9);
      ASSERT_TRUE(same_bits(forward(x.matrix(), f16, nullptr, pool).matrix(),
                            forward(x.matrix(), f32, nullptr, pool).matrix()));
    }
  }
}

// x W y = <linear(x), y> = <x, linear_backward(y)>.
TEST(Linear, BackwardIsTheAdjoint) {
  ThreadPool pool(1);
  for (const LinearCase& c : cases()) {
    SCOPED_TRACE(testing::Message() << c);
    const Weights weights(c);
    const Tensor x = random_matrix(6, c.n_in, 9);
    const Tensor dy = random_matrix(6, c.n_out, 10);
    const Tensor y = forward(x.matrix(), weights.view(), nullptr, pool);
    const Tensor dx = backward(dy.matrix(), weights.view(), pool);
    double forwards = 0.0;
    double backwards = 0.0;
    double magnitude = 0.0;  // of the products, at most: |y| * |dy| + |x| * |dx|, by Cauchy and Schwarz
    for (std::size_t i = 0; i < y.size(); ++i) {
      forwards += static_cast<double>(y.data()[i]) * dy.data()[i];
      magnitude += std::abs(static_cast<double>(y.data()[i]) * dy.data()[i]);
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
      backwards += static_cast<double>(x.data()[i]) * dx.data()[i];
      magnitude += std::abs(static_cast<double>(x.data()[i]) * dx.data()[i]);
    }
    // Each y and dx carries an error of up to gamma(n) of sums of magnitudes; sqrt(n) times what is left after
    // cancellation bounds those sums for random signs.
    const double n = static_cast<double>(std::max(c.n_in, c.n_out)) + 3.0;
    EXPECT_NEAR(forwards, backwards, n * std::sqrt(n) * 0x1p-24 * magnitude);
  }
}

TEST(Linear, EmbeddingRowIsTheWidenedRow) {
  for (NumberFormat format : {NumberFormat::f32, NumberFormat::f16, NumberFormat::int8}) {
    const LinearCase c = {37, 5, format, WeightLayout::out_in};
    const Weights weights(c);
    ThreadPool pool(1);
    // A one-hot row times the table, backwards, is a row of the table.
    Tensor one_hot({1, 5});
    one_hot(0, 3) = 1.0f;
    const Tensor expected = backward(one_hot.matrix(), weights.view(), pool);
    Tensor row({1, 37});
    embedding_row(weights.view(), 3, row.data());
    EXPECT_TRUE(same_bits(row.matrix(), expected.matrix())) << c;
  }
}

TEST(Linear, HandComputedInt8) {
  ThreadPool pool(1);
  const std::int8_t values[] = {1, -2, 127, -128, 5, 0};  // [n_in = 3, n_out = 2]
  const float scales[] = {0.5f, 0.25f};
  const WeightMatrix w = {values, scales, 3, 2, NumberFormat::int8, WeightLayout::in_out};
  const Tensor x = Tensor::from_values({1, 3}, std::vector<float>{1, 2, 4});
  const float bias[] = {1.0f, -1.0f};
  const Tensor y = forward(x.matrix(), w, bias, pool);
  EXPECT_EQ(y(0, 0), (1.0f + 254.0f + 20.0f) * 0.5f + 1.0f);
  EXPECT_EQ(y(0, 1), (-2.0f - 256.0f) * 0.25f - 1.0f);
}

}  // namespace
}  // namespace soi
