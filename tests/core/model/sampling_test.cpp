#include "core/model/sampling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "tests/core/model/tiny_model.h"

namespace soi {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// How often each token came in `n_draws` draws.
std::vector<int> counts(const std::vector<float>& logits, const SamplingOptions& options, int n_draws) {
  std::vector<int> count(logits.size());
  for (int step = 0; step < n_draws; ++step) {
    ++count[static_cast<std::size_t>(sample_token(logits, options, static_cast<std::uint64_t>(step)))];
  }
  return count;
}

/// The draws are seeded, so this either always holds or never: five standard deviations.
void expect_shares(const std::vector<double>& probabilities, const std::vector<int>& count, int n_draws) {
  for (std::size_t token = 0; token < count.size(); ++token) {
    const double p = probabilities[token];
    const double deviation = std::sqrt(n_draws * p * (1.0 - p));
    EXPECT_NEAR(n_draws * p, count[token], 5.0 * deviation) << "token " << token;
  }
}

std::vector<float> logs(const std::vector<double>& probabilities) {
  std::vector<float> logits;
  logits.reserve(probabilities.size());
  for (double p : probabilities) logits.push_back(static_cast<float>(std::log(p) + 3.0));
  return logits;
}

TEST(Sampling, DrawsInProportionToTheProbabilities) {
  const std::vector<double> p = {0.1, 0.05, 0.6, 0.0, 0.25};
  expect_shares(p, counts(logs(p), {}, 20000), 20000);
}

TEST(Sampling, TemperatureSharpensAndFlattens) {
  const std::vector<double> p = {0.2, 0.8};
  // p^(1/t), normalised: t = 0.5 gives 1:16, t = 2 gives 1:2.
  expect_shares({1.0 / 17.0, 16.0 / 17.0}, counts(logs(p), {.temperature = 0.5}, 20000), 20000);
  expect_shares({1.0 / 3.0, 2.0 / 3.0}, counts(logs(p), {.temperature = 2.0}, 20000), 20000);
}

TEST(Sampling, ZeroTemperatureTakesTheFirstOfTheMostProbable) {
  EXPECT_EQ(1, sample_token(std::vector<float>{1.0f, 4.0f, 4.0f, -kInfinity}, {.temperature = 0.0}, 5));
}

TEST(Sampling, TinyTemperatureTakesTheMostProbable) {
  EXPECT_EQ(1, sample_token(std::vector<float>{1.0f, 4.0f, 3.9f, -kInfinity}, {.temperature = 1e-300}, 5));
}

TEST(Sampling, TopKKeepsTheMostProbableAndOfEqualsTheLowerIds) {
  const std::vector<double> p = {0.1, 0.2, 0.4, 0.2, 0.1};
  expect_shares({0.0, 1.0 / 3.0, 2.0 / 3.0, 0.0, 0.0}, counts(logs(p), {.top_k = 2}, 20000), 20000);
  expect_shares({0.0, 0.25, 0.5, 0.25, 0.0}, counts(logs(p), {.top_k = 3}, 20000), 20000);
  expect_shares(p, counts(logs(p), {.top_k = 99}, 20000), 20000);
}

TEST(Sampling, TopPKeepsTheSmallestSetThatHoldsEnough) {
  const std::vector<double> p = {0.125, 0.25, 0.5, 0.0625, 0.0625};
  expect_shares({0.0, 0.0, 1.0, 0.0, 0.0}, counts(logs(p), {.top_p = 0.4}, 2000), 2000);
  expect_shares({0.0, 1.0 / 3.0, 2.0 / 3.0, 0.0, 0.0}, counts(logs(p), {.top_p = 0.6}, 20000), 20000);
  expect_shares({1.0 / 7.0, 2.0 / 7.0, 4.0 / 7.0, 0.0, 0.0}, counts(logs(p), {.top_p = 0.8}, 20000), 20000);
}

TEST(Sampling, TemperatureThenTopKThenTopP) {
  const std::vector<double> p = {0.1, 0.2, 0.3, 0.4};
  // Temperature 0.5 squares them: 1 4 9 16 of 30. The first two hold 25/30 = 0.83 of all, and 16/30 alone 0.53: with
  // top-p 0.6 two stay; of the two that top-k 2 leaves, 16/25 = 0.64 is enough and one stays.
  expect_shares({0.0, 0.0, 9.0 / 25.0, 16.0 / 25.0}, counts(logs(p), {.temperature = 0.5, .top_p = 0.6}, 20000), 20000);
  expect_shares({0.0, 0.0, 0.0, 1.0}, counts(logs(p), {.temperature = 0.5, .top_k = 2, .top_p = 0.6}, 2000), 2000);
  // Before the temperature 0.4 + 0.3 would be needed for 0.6 of all.
}

TEST(Sampling, DrawDependsOnSeedAndStepAlone) {
  const std::vector<float> logits(1000, 0.0f);
  const std::int32_t tenth = sample_token(logits, {.seed = 3}, 10);
  for (std::uint64_t step = 0; step < 10; ++step) sample_token(logits, {.seed = 3}, step);
  EXPECT_EQ(tenth, sample_token(logits, {.seed = 3}, 10));
  std::set<std::int32_t> by_seed;
  for (std::uint64_t seed = 0; seed < 20; ++seed) by_seed.insert(sample_token(logits, {.seed = seed}, 10));
  EXPECT_GT(by_seed.size(), 15u);  // of a thousand tokens, twenty draws hardly ever meet
}

TEST(Sampling, RefusesWhatIsOutOfRange) {
  const std::vector<float> logits = {1.0f, 2.0f};
  const auto code = [](const std::vector<float>& of, const SamplingOptions& options) {
    return error_of([&] { sample_token(of, options, 0); }).code;
  };
  EXPECT_EQ(ErrorCode::invalid_argument, code(logits, {.temperature = -1.0}));
  EXPECT_EQ(ErrorCode::invalid_argument, code(logits, {.temperature = std::nan("")}));
  EXPECT_EQ(ErrorCode::invalid_argument, code(logits, {.top_p = 0.0}));
  EXPECT_EQ(ErrorCode::invalid_argument, code(logits, {.top_p = 1.1}));
  EXPECT_EQ(ErrorCode::activation_not_finite, code({}, {}));
  EXPECT_EQ(ErrorCode::activation_not_finite, code({1.0f, std::nanf("")}, {}));
  EXPECT_EQ(ErrorCode::activation_not_finite, code({1.0f, kInfinity}, {}));
  EXPECT_EQ(ErrorCode::activation_not_finite, code({-kInfinity, -kInfinity}, {}));
}

}  // namespace
}  // namespace soi
