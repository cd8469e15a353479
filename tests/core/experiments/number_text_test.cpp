#include "core/experiments/number_text.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/tensor/error.h"

namespace soi {
namespace {

TEST(VietnameseNumber, WritesThreeSignificantDigits) {
  EXPECT_EQ(vietnamese_number(0.17), "0,170");
  EXPECT_EQ(vietnamese_number(0.0012345), "0,00123");
  EXPECT_EQ(vietnamese_number(12.345), "12,3");
  EXPECT_EQ(vietnamese_number(-3072), "−3.072");
  EXPECT_EQ(vietnamese_number(1234567), "1.234.567");
  EXPECT_EQ(vietnamese_number(0), "0");
}

TEST(VietnameseNumber, RoundsUpOverADecade) { EXPECT_EQ(vietnamese_number(9.996), "10,0"); }

TEST(VietnameseNumber, WritesTheVerySmallAndTheVeryLargeWithAPowerOfTen) {
  EXPECT_EQ(vietnamese_number(1.2e-5), "1,20 × 10⁻⁵");
  EXPECT_EQ(vietnamese_number(-6.02e23), "−6,02 × 10²³");
}

TEST(VietnameseNumber, WritesSharesAndFixedDigits) {
  EXPECT_EQ(vietnamese_number(0.065, "percent"), "6,5 %");
  EXPECT_EQ(vietnamese_number(0.37, "percent"), "37 %");
  EXPECT_EQ(vietnamese_number(0.00146, "percent"), "0,15 %");
  EXPECT_EQ(vietnamese_number(0.00013, "percent"), "0,013 %");
  EXPECT_EQ(vietnamese_number(-0.0004, "percent"), "−0,040 %");
  EXPECT_EQ(vietnamese_number(0, "percent"), "0,0 %");
  EXPECT_EQ(vietnamese_number(1234.567, "2"), "1.234,57");
  EXPECT_EQ(vietnamese_number(-0.001, "1"), "0,0");
  EXPECT_EQ(vietnamese_number(63, "0"), "63");
}

TEST(VietnameseNumber, NamesWhatIsNoNumber) {
  EXPECT_EQ(vietnamese_number(std::nan("")), "không xác định");
  EXPECT_EQ(vietnamese_number(-INFINITY), "âm vô cùng");
  EXPECT_THROW(vietnamese_number(1, "roman"), Error);
}

}  // namespace
}  // namespace soi
