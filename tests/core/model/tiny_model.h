#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "core/model/gpt2.h"
#include "core/tensor/error.h"
#include "tests/core/model/random_weights.h"

namespace soi {

/// A Gpt2 over random weights.
struct TinyModel {
  explicit TinyModel(const Config& config = tiny_config(), int n_threads = 2)
      : weights(std::make_shared<RandomWeights>(config)), model(weights, std::make_shared<ThreadPool>(n_threads)) {}

  std::shared_ptr<RandomWeights> weights;
  Gpt2 model;
};

inline Lane lane_of(std::vector<std::int32_t> tokens) {
  Lane lane;
  lane.tokens = std::move(tokens);
  return lane;
}

/// A lane that captures every hook of a tiny model.
inline Lane captured_lane(std::size_t n_tokens, std::uint64_t seed) {
  Lane lane = lane_of(random_tokens(n_tokens, seed));
  lane.captures = all_hooks(tiny_config().n_layers);
  return lane;
}

inline bool same_bits(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

/// Every capture and the logits, bit for bit.
inline void expect_same_bits(const LaneResult& expected, const LaneResult& actual) {
  ASSERT_EQ(expected.captured.size(), actual.captured.size());
  for (const auto& [hook, activation] : expected.captured) {
    EXPECT_EQ(activation.shape(), actual.captured.at(hook).shape()) << hook_name(hook);
    EXPECT_TRUE(same_bits(activation.values(), actual.captured.at(hook).values())) << hook_name(hook);
  }
  EXPECT_EQ(expected.logits.shape(), actual.logits.shape());
  EXPECT_TRUE(same_bits(expected.logits.values(), actual.logits.values())) << "logits";
}

/// `expected` in float64, infinities exactly.
inline void expect_near(const std::vector<double>& expected, const Tensor& actual, double tolerance,
                        const std::string& name) {
  ASSERT_EQ(expected.size(), actual.size()) << name;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (std::isinf(expected[i])) {
      ASSERT_EQ(static_cast<float>(expected[i]), actual.data()[i]) << name << " at " << i;
    } else {
      ASSERT_NEAR(expected[i], static_cast<double>(actual.data()[i]), tolerance) << name << " at " << i;
    }
  }
}

/// The code of the Error that `call` throws; fails where it throws none.
template <typename Call>
Error error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error(ErrorCode::internal, "no error");
}

}  // namespace soi
