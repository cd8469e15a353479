#include <gtest/gtest.h>

#include "core/model/forward_plan.h"
#include "core/model/gpt2.h"
#include "tests/core/model/tiny_model.h"

namespace soi {
namespace {

TEST(Steps, FractionRisesFromZeroToOne) {
  TinyModel tiny;
  const std::vector<Lane> lanes = {lane_of(random_tokens(50, 1)), lane_of(random_tokens(70, 2))};
  ForwardRun run(tiny.model, lanes, 1e5);
  double before = run.fraction();
  EXPECT_EQ(0.0, before);
  while (!run.done()) {
    run.advance();
    EXPECT_GT(run.fraction(), before);
    before = run.fraction();
  }
  EXPECT_EQ(1.0, before);
  run.advance();  // does nothing
  EXPECT_TRUE(run.done());
}

TEST(Steps, ProgressIsCalledAndMayStop) {
  TinyModel tiny;
  const std::vector<Lane> lanes = {lane_of(random_tokens(50, 1))};
  std::vector<double> fractions;
  tiny.model.run(lanes, [&](double fraction) { fractions.push_back(fraction); });
  ASSERT_FALSE(fractions.empty());
  EXPECT_EQ(1.0, fractions.back());
  const auto stop = [](double) { throw Error(ErrorCode::cancelled, "Stopped."); };
  EXPECT_EQ(ErrorCode::cancelled, error_of([&] { tiny.model.run(lanes, stop); }).code);
}

TEST(Steps, ResultsAreTakenOnceAtTheEnd) {
  TinyModel tiny;
  const std::vector<Lane> lanes = {lane_of(random_tokens(5, 1))};
  ForwardRun run(tiny.model, lanes);
  EXPECT_EQ(ErrorCode::internal, error_of([&] { run.take_results(); }).code);
  while (!run.done()) run.advance();
  EXPECT_EQ(1u, run.take_results().size());
  EXPECT_EQ(ErrorCode::internal, error_of([&] { run.take_results(); }).code);
}

TEST(Steps, EachDoesAboutItsBudget) {
  ForwardPlan plan;
  std::vector<int> done;
  for (int i = 0; i < 6; ++i) {
    plan.add(i == 4 ? 10.0 : 1.0, [&done, i] { done.push_back(i); });
  }
  plan.advance(2.0);
  EXPECT_EQ((std::vector<int>{0, 1}), done);
  plan.advance(0.5);  // at least one
  EXPECT_EQ((std::vector<int>{0, 1, 2}), done);
  EXPECT_DOUBLE_EQ(3.0 / 15.0, plan.fraction());
  plan.advance(2.0);
  EXPECT_EQ((std::vector<int>{0, 1, 2, 3, 4}), done);
  EXPECT_FALSE(plan.done());
  plan.advance(2.0);
  EXPECT_TRUE(plan.done());
  EXPECT_EQ(1.0, plan.fraction());
}

}  // namespace
}  // namespace soi
