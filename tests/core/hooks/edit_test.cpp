#include "core/hooks/edit.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "core/tensor/error.h"

namespace soi {
namespace {

const Hook kResid{HookPoint::resid_pre, 1};
const Hook kQueries{HookPoint::q, 1};
const Hook kPattern{HookPoint::pattern, 1};

Tensor values(const Shape& shape, const std::vector<float>& numbers) { return Tensor::from_values(shape, numbers); }

std::vector<float> applied(const Edit& edit, Tensor activation) {
  apply_edit(edit, activation);
  return {activation.values().begin(), activation.values().end()};
}

Tensor rows_1_to_6() { return values({3, 2}, {1, 2, 3, 4, 5, 6}); }

Error error_of(const Edit& edit, Tensor activation) {
  try {
    apply_edit(edit, activation);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error(ErrorCode::internal, "");
}

TEST(PositionMask, HoldsEachPositionOnce) {
  const PositionMask mask({5, 2, 5, 0});
  EXPECT_FALSE(mask.is_all());
  EXPECT_EQ((std::vector<std::size_t>{0, 2, 5}), mask.positions());
  EXPECT_TRUE(mask.contains(2));
  EXPECT_FALSE(mask.contains(3));
  EXPECT_TRUE(PositionMask().contains(3));
  EXPECT_FALSE(PositionMask(std::vector<std::size_t>{}).contains(0));
}

TEST(Edit, SetsANumberARowOrRows) {
  EXPECT_EQ((std::vector<float>{9, 9, 9, 9, 9, 9}), applied(make_edit(kResid, SetTo{values({1}, {9})}), rows_1_to_6()));
  EXPECT_EQ((std::vector<float>{9, 9, 3, 4, 9, 9}),
            applied(make_edit(kResid, SetTo{values({}, {9})}, PositionMask({2, 0})), rows_1_to_6()));
  EXPECT_EQ((std::vector<float>{7, 8, 3, 4, 7, 8}),
            applied(make_edit(kResid, SetTo{values({2}, {7, 8})}, PositionMask({2, 0})), rows_1_to_6()));
  EXPECT_EQ((std::vector<float>{7, 8, 3, 4, 9, 10}),
            applied(make_edit(kResid, SetTo{values({2, 2}, {7, 8, 9, 10})}, PositionMask({2, 0})), rows_1_to_6()));
}

TEST(Edit, AddsScalesAndZeroes) {
  EXPECT_EQ((std::vector<float>{1, 2, 13, 24, 5, 6}),
            applied(make_edit(kResid, AddTo{values({1, 2}, {10, 20})}, PositionMask({1})), rows_1_to_6()));
  EXPECT_EQ((std::vector<float>{1, 2, -3, -4, 5, 6}),
            applied(make_edit(kResid, ScaleBy{-1}, PositionMask({1})), rows_1_to_6()));
  EXPECT_EQ((std::vector<float>{0, 0, 3, 4, 5, 6}),
            applied(make_edit(kResid, SetZero{}, PositionMask({0})), rows_1_to_6()));
}

TEST(Edit, ZeroIsZeroEvenOfNaN) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ((std::vector<float>{0, 0}), applied(make_edit(kResid, SetZero{}), values({1, 2}, {nan, 1})));
}

TEST(Edit, MeanIsThatOfTheChosenRows) {
  EXPECT_EQ((std::vector<float>{3, 4, 3, 4, 3, 4}), applied(make_edit(kResid, SetMean{}), rows_1_to_6()));
  EXPECT_EQ((std::vector<float>{2, 3, 2, 3, 5, 6}),
            applied(make_edit(kResid, SetMean{}, PositionMask({0, 1})), rows_1_to_6()));
}

TEST(Edit, ReplaceGetsActivationAndMaskAndKeepsTheShape) {
  const auto write = [](Tensor& activation, const PositionMask& mask) {
    for (std::size_t position : mask.positions()) activation(position, 1) = 0.5f;
  };
  EXPECT_EQ((std::vector<float>{1, 2, 3, 0.5f, 5, 6}),
            applied(make_edit(kResid, Replace{write}, PositionMask({1})), rows_1_to_6()));
  const auto reshape = [](Tensor& activation, const PositionMask&) { activation = Tensor({2, 2}); };
  EXPECT_EQ(ErrorCode::invalid_argument, error_of(make_edit(kResid, Replace{reshape}), rows_1_to_6()).code);
}

TEST(Edit, RowOfAPositionIsThatOfAllHeads) {
  const auto activation = [] { return values({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}); };
  EXPECT_EQ((std::vector<float>{1, 2, 3, 4, 0, 0, 0, 0}),
            applied(make_edit(kQueries, SetZero{}, PositionMask({1})), activation()));
  for (const Shape& row : {Shape{2, 2}, Shape{4}, Shape{1, 2, 2}, Shape{1, 4}}) {
    EXPECT_EQ((std::vector<float>{1, 2, 3, 4, 10, 20, 30, 40}),
              applied(make_edit(kQueries, SetTo{values(row, {10, 20, 30, 40})}, PositionMask({1})), activation()));
  }
  EXPECT_EQ((std::vector<float>{2, 4, 6, 8, 10, 12, 14, 16}),
            applied(make_edit(kQueries, AddTo{values({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})}), activation()));
}

TEST(Edit, PositionOfAPatternIsTheQueryInEveryHead) {
  const auto pattern = [] { return values({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}); };
  EXPECT_EQ((std::vector<float>{1, 2, 0, 0, 5, 6, 0, 0}),
            applied(make_edit(kPattern, SetZero{}, PositionMask({1})), pattern()));
  EXPECT_EQ((std::vector<float>{1, 2, 9, 8, 5, 6, 9, 8}),
            applied(make_edit(kPattern, SetTo{values({2}, {9, 8})}, PositionMask({1})), pattern()));
  EXPECT_EQ((std::vector<float>{1, 2, 9, 8, 5, 6, 7, 6}),
            applied(make_edit(kPattern, SetTo{values({2, 1, 2}, {9, 8, 7, 6})}, PositionMask({1})), pattern()));
  EXPECT_EQ((std::vector<float>{2, 3, 2, 3, 6, 7, 6, 7}), applied(make_edit(kPattern, SetMean{}), pattern()));
}

TEST(Edit, RefusesValuesThatDoNotFit) {
  for (const Shape& shape : {Shape{3}, Shape{2, 2}, Shape{2, 3}, Shape{3, 1}, Shape{6}, Shape{0}}) {
    const Error error = error_of(make_edit(kResid, SetTo{Tensor(shape)}), rows_1_to_6());
    EXPECT_EQ(ErrorCode::invalid_argument, error.code);
    const std::string message = error.what();
    EXPECT_NE(std::string::npos, message.find("blocks.1.hook_resid_pre")) << message;
    EXPECT_NE(std::string::npos, message.find(to_string(shape))) << message;
    EXPECT_NE(std::string::npos, message.find("[3, 2]")) << message;
  }
  EXPECT_EQ(ErrorCode::invalid_argument, error_of(make_edit(kResid, AddTo{Tensor()}), rows_1_to_6()).code);
}

TEST(Edit, RefusesPositionsBeyondTheLane) {
  const Error error = error_of(make_edit(kResid, SetZero{}, PositionMask({1, 3})), rows_1_to_6());
  EXPECT_EQ(ErrorCode::invalid_argument, error.code);
  EXPECT_NE(std::string::npos, std::string(error.what()).find("position 3"));
}

TEST(Edit, RefusesAnEditWithoutAnOperation) {
  EXPECT_EQ(ErrorCode::invalid_argument, error_of(Edit{kResid, {}, nullptr}, rows_1_to_6()).code);
  EXPECT_EQ(ErrorCode::invalid_argument, error_of(make_edit(kResid, Replace{}), rows_1_to_6()).code);
}

TEST(Edit, EmptyMaskTouchesNothing) {
  const PositionMask none(std::vector<std::size_t>{});
  EXPECT_EQ((std::vector<float>{1, 2, 3, 4, 5, 6}), applied(make_edit(kResid, SetMean{}, none), rows_1_to_6()));
  EXPECT_EQ((std::vector<float>{1, 2, 3, 4, 5, 6}),
            applied(make_edit(kResid, SetTo{Tensor({9})}, none), rows_1_to_6()));
}

}  // namespace
}  // namespace soi
