#include "core/experiments/next_token.h"

#include <gtest/gtest.h>

#include "core/kernels/softmax.h"
#include "core/tensor/error.h"
#include "tests/core/model/tiny_model.h"

namespace soi {
namespace {

TEST(NextToken, IsWhatTheModelsLogitsSay) {
  TinyModel tiny;
  const std::vector<std::int32_t> tokens = random_tokens(12, 1);
  Lane lane = lane_of(tokens);
  lane.captures = {{HookPoint::ln_final_normalized}};
  LaneResult result = tiny.model.run(lane);
  const NextToken next =
      read_next_tokens(tiny.model, result.captured.at({HookPoint::ln_final_normalized}), tokens, [](double) {});
  ASSERT_EQ(next.logit.size(), 11u);
  for (std::size_t t = 0; t < 11; ++t) {
    const auto id = static_cast<std::size_t>(tokens[t + 1]);
    EXPECT_EQ(next.logit[t], static_cast<double>(result.logits(t, id)));
    log_softmax(result.logits.matrix()[t]);
    EXPECT_EQ(next.log_probability[t], static_cast<double>(result.logits(t, id)));
  }
}

TEST(NextToken, StopsWhenTold) {
  TinyModel tiny;
  const Tensor states(Shape{12, tiny.model.config().d_model});
  EXPECT_THROW(read_next_tokens(tiny.model, states, random_tokens(12, 1),
                                [](double) { throw Error(ErrorCode::cancelled, "stopped"); }),
               Error);
}

}  // namespace
}  // namespace soi
