#include <gtest/gtest.h>

#include "core/model/gpt2.h"
#include "tests/core/model/tiny_model.h"

namespace soi {
namespace {

/// Rows [first, first + n) of an activation [T, ...].
std::span<const float> positions(const Tensor& activation, std::size_t first, std::size_t n) {
  const std::size_t row = activation.size() / activation.dim(0);
  return activation.values().subspan(first * row, n * row);
}

bool is_by_head(Hook hook) { return hook.point == HookPoint::attn_scores || hook.point == HookPoint::pattern; }

/// The piece's hooks hold positions [first, first + n) of the whole run, bit for bit; attention's rows reach back to 0.
void expect_rows_of_whole(const LaneResult& whole, const LaneResult& piece, std::size_t first, std::size_t n) {
  for (const auto& [hook, activation] : piece.captured) {
    const Tensor& expected = whole.captured.at(hook);
    if (!is_by_head(hook)) {
      ASSERT_TRUE(same_bits(positions(expected, first, n), activation.values()))
          << hook_name(hook) << " from " << first;
      continue;
    }
    ASSERT_EQ((Shape{4, n, first + n}), activation.shape());
    for (std::size_t head = 0; head < 4; ++head) {
      for (std::size_t query = 0; query < n; ++query) {
        for (std::size_t key = 0; key < first + n; ++key) {
          ASSERT_EQ(expected(head, first + query, key), activation(head, query, key)) << hook_name(hook);
        }
      }
    }
  }
}

TEST(KeyValueCache, PiecesEqualTheWholeRunBitForBit) {
  TinyModel tiny;
  const Lane lane = captured_lane(80, 8);
  const LaneResult whole = tiny.model.run(lane);
  for (const std::vector<std::size_t>& pieces :
       {std::vector<std::size_t>(80, 1), std::vector<std::size_t>{33, 1, 1, 40, 5}, std::vector<std::size_t>{79, 1}}) {
    KeyValueCache cache(tiny_config());
    std::size_t first = 0;
    for (std::size_t n : pieces) {
      Lane piece = lane;
      piece.tokens.assign(lane.tokens.begin() + static_cast<std::ptrdiff_t>(first),
                          lane.tokens.begin() + static_cast<std::ptrdiff_t>(first + n));
      piece.cache = &cache;
      const LaneResult result = tiny.model.run(piece);
      expect_rows_of_whole(whole, result, first, n);
      ASSERT_TRUE(same_bits(positions(whole.logits, first, n), result.logits.values()));
      first += n;
      ASSERT_EQ(first, cache.length());
    }
  }
}

TEST(KeyValueCache, PiecesWithoutCapturesEqualTheWholeRun) {
  TinyModel tiny;
  const std::vector<std::int32_t> tokens = random_tokens(90, 8);
  const LaneResult whole = tiny.model.run(lane_of(tokens));
  KeyValueCache cache(tiny_config());
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    Lane next = lane_of({tokens[t]});
    next.cache = &cache;
    next.logits = LogitPositions::last();
    ASSERT_TRUE(same_bits(positions(whole.logits, t, 1), tiny.model.run(next).logits.values())) << "position " << t;
  }
}

TEST(KeyValueCache, RunWithoutLogitsFillsEveryBlock) {
  TinyModel tiny;
  const std::vector<std::int32_t> tokens = random_tokens(12, 8);
  KeyValueCache cache(tiny_config());
  Lane prompt = lane_of({tokens.begin(), tokens.end() - 1});
  prompt.cache = &cache;
  prompt.logits = LogitPositions::none();
  tiny.model.run(prompt);
  Lane last = lane_of({tokens.back()});
  last.cache = &cache;
  const LaneResult whole = tiny.model.run(lane_of(tokens));
  EXPECT_TRUE(same_bits(positions(whole.logits, 11, 1), tiny.model.run(last).logits.values()));
}

TEST(KeyValueCache, LanesWithAndWithoutCachesRunTogether) {
  TinyModel tiny;
  const std::vector<std::int32_t> a = random_tokens(20, 1);
  const std::vector<std::int32_t> b = random_tokens(31, 2);
  KeyValueCache cache_a(tiny_config());
  KeyValueCache cache_b(tiny_config());
  std::vector<Lane> lanes = {lane_of({a.begin(), a.begin() + 7}), lane_of(b), lane_of({b.begin(), b.begin() + 30})};
  lanes[0].cache = &cache_a;
  lanes[2].cache = &cache_b;
  tiny.model.run(lanes);
  lanes[0].tokens.assign(a.begin() + 7, a.end());
  lanes[2].tokens = {b.back()};
  const std::vector<LaneResult> results = tiny.model.run(lanes);
  const LaneResult whole_a = tiny.model.run(lane_of(a));
  const LaneResult whole_b = tiny.model.run(lane_of(b));
  EXPECT_TRUE(same_bits(positions(whole_a.logits, 7, 13), results[0].logits.values()));
  EXPECT_TRUE(same_bits(whole_b.logits.values(), results[1].logits.values()));
  EXPECT_TRUE(same_bits(positions(whole_b.logits, 30, 1), results[2].logits.values()));
}

TEST(KeyValueCache, EditsCountPositionsFromTheFirstNewOne) {
  TinyModel tiny;
  const std::vector<std::int32_t> tokens = random_tokens(20, 1);
  Lane whole = lane_of(tokens);
  whole.edits = {make_edit({HookPoint::k, 1}, ScaleBy{2.0f}, PositionMask({13}))};
  KeyValueCache cache(tiny_config());
  Lane piece = lane_of({tokens.begin(), tokens.begin() + 10});
  piece.cache = &cache;
  tiny.model.run(piece);
  piece.tokens.assign(tokens.begin() + 10, tokens.end());
  piece.edits = {make_edit({HookPoint::k, 1}, ScaleBy{2.0f}, PositionMask({3}))};
  EXPECT_TRUE(same_bits(positions(tiny.model.run(whole).logits, 10, 10), tiny.model.run(piece).logits.values()));
}

TEST(KeyValueCache, TruncatedCacheContinuesFromThere) {
  TinyModel tiny;
  const std::vector<std::int32_t> tokens = random_tokens(20, 1);
  KeyValueCache cache(tiny_config());
  Lane lane = lane_of(random_tokens(40, 9));
  std::copy(tokens.begin(), tokens.begin() + 5, lane.tokens.begin());
  lane.cache = &cache;
  tiny.model.run(lane);
  cache.truncate(60);  // no longer than it is: nothing happens
  EXPECT_EQ(40u, cache.length());
  cache.truncate(5);
  EXPECT_EQ(5u, cache.length());
  lane.tokens.assign(tokens.begin() + 5, tokens.end());
  const LaneResult whole = tiny.model.run(lane_of(tokens));
  EXPECT_TRUE(same_bits(positions(whole.logits, 5, 15), tiny.model.run(lane).logits.values()));
}

TEST(KeyValueCache, FailedRunLeavesTheCacheAsItWas) {
  TinyModel tiny;
  const std::vector<std::int32_t> tokens = random_tokens(50, 1);
  KeyValueCache cache(tiny_config());
  std::vector<Lane> lanes = {lane_of({tokens.begin(), tokens.begin() + 9})};
  lanes[0].cache = &cache;
  tiny.model.run(lanes);

  std::vector<Lane> wrong = {lane_of(random_tokens(60, 2))};
  wrong[0].cache = &cache;
  for (std::size_t n_steps = 1;; ++n_steps) {  // given up after each number of steps, the last one too
    ForwardRun run(tiny.model, wrong, 1e5);
    for (std::size_t step = 0; step < n_steps && !run.done(); ++step) run.advance();
    ASSERT_EQ(9u, cache.length());
    if (run.done()) break;
  }
  const auto stop = [](double fraction) {
    if (fraction == 1.0) throw Error(ErrorCode::cancelled, "Stopped.");
  };
  EXPECT_EQ(ErrorCode::cancelled, error_of([&] { tiny.model.run(wrong, stop); }).code);
  wrong[0].edits = {make_edit({HookPoint::resid_post, 2}, Replace{[](Tensor&, const PositionMask&) {
                                throw Error(ErrorCode::cancelled, "Stopped.");
                              }})};
  EXPECT_EQ(ErrorCode::cancelled, error_of([&] { tiny.model.run(wrong); }).code);
  EXPECT_EQ(9u, cache.length());

  lanes[0].tokens.assign(tokens.begin() + 9, tokens.end());
  const LaneResult whole = tiny.model.run(lane_of(tokens));
  EXPECT_TRUE(same_bits(positions(whole.logits, 9, 41), tiny.model.run(lanes)[0].logits.values()));
}

TEST(KeyValueCache, RefusesWhatDoesNotFit) {
  TinyModel tiny;
  KeyValueCache cache(tiny_config());
  Lane lane = lane_of(random_tokens(60, 1));
  lane.cache = &cache;
  tiny.model.run(lane);
  lane.tokens = random_tokens(31, 1);
  const Error error = error_of([&] { tiny.model.run(lane); });
  EXPECT_EQ(ErrorCode::text_too_long, error.code);
  EXPECT_EQ((std::pair<std::string, std::string>{"n_tokens", "91"}), error.details.at(0));
  EXPECT_EQ(60u, cache.length());

  lane.tokens = {1};
  const std::vector<Lane> shared = {lane, lane};
  EXPECT_EQ(ErrorCode::invalid_argument, error_of([&] { tiny.model.run(shared); }).code);

  Config other = tiny_config();
  other.n_layers = 2;
  KeyValueCache of_another(other);
  lane.cache = &of_another;
  EXPECT_EQ(ErrorCode::invalid_argument, error_of([&] { tiny.model.run(lane); }).code);
}

TEST(KeyValueCache, MovesWithWhatItHolds) {
  TinyModel tiny;
  KeyValueCache cache(tiny_config());
  Lane lane = lane_of({1, 2, 3});
  lane.cache = &cache;
  tiny.model.run(lane);
  KeyValueCache moved = std::move(cache);
  EXPECT_EQ(3u, moved.length());
  lane.tokens = {4};
  lane.cache = &moved;
  const LaneResult whole = tiny.model.run(lane_of({1, 2, 3, 4}));
  EXPECT_TRUE(same_bits(positions(whole.logits, 3, 1), tiny.model.run(lane).logits.values()));
}

}  // namespace
}  // namespace soi
