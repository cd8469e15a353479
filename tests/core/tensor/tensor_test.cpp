#include "core/tensor/tensor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/tensor/error.h"

namespace soi {
namespace {

TEST(Shape, CountsElements) {
  EXPECT_EQ(n_elements({}), 1u);
  EXPECT_EQ(n_elements({5}), 5u);
  EXPECT_EQ(n_elements({2, 3, 4}), 24u);
  EXPECT_EQ(n_elements({2, 0, 4}), 0u);
}

TEST(Shape, ReadsWell) {
  EXPECT_EQ(to_string(Shape{}), "[]");
  EXPECT_EQ(to_string(Shape{5}), "[5]");
  EXPECT_EQ(to_string(Shape{5, 768}), "[5, 768]");
}

TEST(Tensor, BeginsWithZeros) {
  const Tensor tensor({3, 5});
  EXPECT_EQ(tensor.rank(), 2u);
  EXPECT_EQ(tensor.dim(1), 5u);
  EXPECT_EQ(tensor.size(), 15u);
  EXPECT_TRUE(std::ranges::all_of(tensor.values(), [](float x) { return x == 0.0f; }));
  EXPECT_THROW(static_cast<void>(tensor.dim(2)), std::out_of_range);
}

TEST(Tensor, DefaultIsEmpty) {
  const Tensor tensor;
  EXPECT_TRUE(tensor.empty());
  EXPECT_EQ(tensor.values().size(), 0u);
  EXPECT_TRUE(tensor.clone().empty());
}

TEST(Tensor, IsRowMajor) {
  const Tensor tensor = Tensor::from_values({2, 3, 2}, std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  EXPECT_EQ(tensor(0, 0, 1), 1.0f);
  EXPECT_EQ(tensor(0, 2, 0), 4.0f);
  EXPECT_EQ(tensor(1, 0, 0), 6.0f);
  EXPECT_EQ(tensor(1, 2, 1), 11.0f);
}

TEST(Tensor, MatrixJoinsTheOuterDimensions) {
  Tensor tensor = Tensor::from_values({2, 3, 2}, std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  const MatrixView matrix = tensor.matrix();
  EXPECT_EQ(matrix.n_rows, 6u);
  EXPECT_EQ(matrix.n_cols, 2u);
  EXPECT_EQ(matrix.stride, 2u);
  EXPECT_EQ(matrix[4][1], 9.0f);
  matrix.row(5)[0] = -1.0f;
  EXPECT_EQ(tensor(1, 2, 0), -1.0f);
  EXPECT_EQ(Tensor({0, 4}).matrix().n_rows, 0u);
  EXPECT_EQ(Tensor({4, 0}).matrix().n_rows, 4u);
  EXPECT_EQ(Tensor(Shape{}).matrix().n_rows, 1u);
  EXPECT_EQ(Tensor(Shape{}).matrix().n_cols, 1u);
  EXPECT_EQ(Tensor().matrix().n_rows, 0u);
}

TEST(Tensor, CloneIsADeepCopy) {
  Tensor tensor = Tensor::from_values({2}, std::vector<float>{1, 2});
  Tensor copy = tensor.clone();
  copy(0) = 5.0f;
  EXPECT_EQ(tensor(0), 1.0f);
  EXPECT_EQ(copy(1), 2.0f);
  EXPECT_EQ(copy.shape(), tensor.shape());
}

TEST(Tensor, MovesWithoutCopying) {
  Tensor tensor({4});
  const float* const data = tensor.data();
  const Tensor moved = std::move(tensor);
  EXPECT_EQ(moved.data(), data);
}

TEST(Buffer, IsAligned) {
  for (std::size_t n_bytes : {0, 1, 63, 64, 1000}) {
    Buffer buffer(n_bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0u);
    EXPECT_EQ(buffer.size(), n_bytes);
  }
}

TEST(Buffer, SaysWhenMemoryIsOut) {
  for (std::size_t too_much : {SIZE_MAX - 100000, SIZE_MAX - 10, SIZE_MAX}) {
    try {
      Buffer buffer(too_much);
      FAIL() << "got " << buffer.size() << " bytes";
    } catch (const Error& error) {
      EXPECT_EQ(error.code, ErrorCode::out_of_memory);
      EXPECT_FALSE(error.hint.empty());
      EXPECT_EQ(error.details, (Error::Details{{"bytes", std::to_string(too_much)}}));
    }
  }
}

// A size that wraps around would give little memory to a large tensor.
TEST(Tensor, SizesThatDoNotFitAreOutOfMemory) {
  constexpr std::size_t kHalf = SIZE_MAX / 2 + 1;
  for (const Shape& shape : {Shape{kHalf}, Shape{kHalf / 2 + 1}, Shape{kHalf, 2}, Shape{kHalf, 2, 3}}) {
    try {
      const Tensor tensor = Tensor::uninitialized(shape);
      FAIL() << to_string(shape);
    } catch (const Error& error) {
      EXPECT_EQ(error.code, ErrorCode::out_of_memory);
    }
  }
  EXPECT_EQ(n_elements({kHalf, 2, 0}), 0u);
}

TEST(Error, CodesHaveTheirNames) {
  EXPECT_EQ(error_code_name(ErrorCode::invalid_argument), "invalid_argument");
  EXPECT_EQ(error_code_name(ErrorCode::internal), "internal");
  EXPECT_EQ(error_code_names().size(), static_cast<std::size_t>(ErrorCode::internal) + 1);
}

TEST(Error, KeepsMessageHintAndDetails) {
  const Error error(ErrorCode::io_error, "cannot read", "try again", {{"path", "x"}});
  EXPECT_STREQ(error.what(), "cannot read");
  EXPECT_EQ(error.hint, "try again");
  EXPECT_EQ(error.details.at(0).second, "x");
}

}  // namespace
}  // namespace soi
