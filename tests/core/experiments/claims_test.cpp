#include "core/experiments/claims.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/tensor/error.h"

namespace soi {
namespace {

constexpr const char* kWhy = R"({"agrees": "A", "differs": "D", "chance": "C", "untestable": "U"})";

ExperimentResult result() {
  ExperimentResult r;
  r.add("r", 0.96);
  r.add("other", 0.5);
  r.add("missing", std::nan(""));
  r.add("is_large", 1);
  r.add("is_larger", 0);
  r.add_series("series", {1, 2});
  r.add_control("strong", "r", std::vector<double>(40, 0.97));
  std::vector<double> weak(39, 0.1);
  weak.push_back(0.99);
  r.add_control("weak", "r", weak);
  r.add_control("empty", "r", {});
  r.add_control("undefined", "r", {std::nan(""), std::nan("")});
  std::vector<double> partly(95, std::nan(""));
  partly.insert(partly.end(), {0.99, 0.1, 0.1, 0.1, 0.1});
  r.add_control("partly", "r", partly);
  return r;
}

ClaimResult judge_one(const std::string& fields) {
  const std::string json =
      R"([{"id": "X-01", "document": "≥ 0,95", "why": )" + std::string(kWhy) + ", " + fields + "}]";
  return judge_claims(json, result()).at(0);
}

Verdict verdict_of(const std::string& rule, const std::string& figure = "r", const std::string& more = "") {
  return judge_one(R"("kind": "measured", "figure": ")" + figure + R"(", "rule": )" + rule + more).verdict;
}

TEST(Claims, JudgesEveryRuleOnBothSides) {
  EXPECT_EQ(verdict_of(R"({"at_least": 0.96})"), Verdict::agrees);
  EXPECT_EQ(verdict_of(R"({"at_least": 0.961})"), Verdict::differs);
  EXPECT_EQ(verdict_of(R"({"at_most": 0.96})"), Verdict::agrees);
  EXPECT_EQ(verdict_of(R"({"at_most": 0.95})"), Verdict::differs);
  EXPECT_EQ(verdict_of(R"({"between": [0.9, 1]})"), Verdict::agrees);
  EXPECT_EQ(verdict_of(R"({"between": [0.97, 1]})"), Verdict::differs);
  EXPECT_EQ(verdict_of(R"({"between": [0.9, 0.95]})"), Verdict::differs);
  EXPECT_EQ(verdict_of(R"({"near": 1, "within": 0.05})"), Verdict::agrees);
  EXPECT_EQ(verdict_of(R"({"near": 1, "within": 0.03})"), Verdict::differs);
  EXPECT_EQ(verdict_of(R"({"greater_than": "other"})"), Verdict::agrees);
  EXPECT_EQ(verdict_of(R"({"less_than": "other"})"), Verdict::differs);
  EXPECT_EQ(verdict_of(R"({"is": true})"), Verdict::agrees);
  EXPECT_EQ(verdict_of(R"({"is": false})"), Verdict::differs);
}

TEST(Claims, CallsItChanceWhereTheControlMeetsTheRuleInMoreThanFivePercent) {
  EXPECT_EQ(verdict_of(R"({"at_least": 0.95})", "r", R"(, "control": "strong")"), Verdict::chance);
  EXPECT_EQ(verdict_of(R"({"at_least": 0.95})", "r", R"(, "control": "weak")"), Verdict::agrees);  // 1 of 40
  EXPECT_EQ(verdict_of(R"({"at_least": 0.98})", "r", R"(, "control": "strong")"), Verdict::differs);
}

TEST(Claims, AgreesWithMoreThanChanceThoughChanceMeetsTheRuleToo) {
  const auto verdict = [](const std::string& rule, double chance, std::size_t n) {
    ExperimentResult r = result();
    r.add_control("level", "r", std::vector<double>(n, chance));
    const std::string json = R"([{"id": "X-01", "document": "", "kind": "measured", "figure": "r", "control": "level",
        "rule": )" + rule + R"(, "why": )" +
                             kWhy + "}]";
    return judge_claims(json, r).at(0).verdict;
  };
  // p is (1 + values as far) / (1 + n): 1 / 20 = 0.05, or 1 / 19.
  EXPECT_EQ(verdict(R"({"at_least": 0.9})", 0.95, 19), Verdict::agrees);
  EXPECT_EQ(verdict(R"({"at_least": 0.9})", 0.95, 18), Verdict::chance);
  EXPECT_EQ(verdict(R"({"at_least": 0.9})", 0.96, 100), Verdict::chance);
  EXPECT_EQ(verdict(R"({"greater_than": "other"})", 0.95, 19), Verdict::agrees);
  EXPECT_EQ(verdict(R"({"at_most": 1})", 0.97, 19), Verdict::agrees);
  EXPECT_EQ(verdict(R"({"at_most": 1})", 0.96, 100), Verdict::chance);
  EXPECT_EQ(verdict(R"({"less_than": "is_large"})", 0.97, 19), Verdict::agrees);
  // A rule that asks for neither much nor little has no such way out.
  EXPECT_EQ(verdict(R"({"between": [0.9, 1]})", 0.95, 100), Verdict::chance);
  EXPECT_EQ(verdict(R"({"at_least": 0.9, "but_at_most": 1})", 0.95, 19), Verdict::agrees);
  EXPECT_EQ(verdict(R"({"at_least": 0.9, "but_at_most": 0.95})", 0.5, 19), Verdict::differs);
  EXPECT_EQ(verdict(R"({"at_least": 0.9, "but_at_most": 1})", 2, 100), Verdict::chance);
}

TEST(Claims, JudgesAnIntervalWhole) {
  const auto verdict = [](double low, double high) {
    ExperimentResult r = result();
    r.add("r.low", low);
    r.add("r.high", high);
    const std::string json = R"([{"id": "X-01", "document": "", "kind": "measured", "figure": "r", "control": "strong",
        "rule": {"between": [0.9, 1]}, "interval": true, "why": )" +
                             std::string(kWhy) + "}]";
    const ClaimResult claim = judge_claims(json, r).at(0);
    EXPECT_TRUE(claim.chance.has_value());
    return claim.verdict;
  };
  EXPECT_EQ(verdict(0.9, 1), Verdict::agrees);  // though chance lies there too
  EXPECT_EQ(verdict(0.89, 1), Verdict::untestable);
  EXPECT_EQ(verdict(0.8, 0.89), Verdict::differs);
  EXPECT_EQ(verdict(1.01, 1.1), Verdict::differs);
  EXPECT_EQ(verdict(0, 2), Verdict::untestable);
  EXPECT_EQ(verdict(std::nan(""), std::nan("")), Verdict::untestable);
}

TEST(Claims, LeavesOpenWhatThisModelCannotTellAndMeasuresItAllTheSame) {
  const std::string fields = R"("kind": "measured", "figure": "r", "rule": {"at_least": 0.9}, "control": "weak")";
  EXPECT_EQ(judge_one(fields + R"(, "needs": "is_large")").verdict, Verdict::agrees);
  const ClaimResult open = judge_one(fields + R"(, "needs": "is_larger")");
  EXPECT_EQ(open.verdict, Verdict::untestable);
  EXPECT_EQ(open.measured, 0.96);
  EXPECT_TRUE(open.chance.has_value());
}

TEST(Claims, GivesChanceItsMeanAndQuantiles) {
  const ClaimResult claim =
      judge_one(R"("kind": "measured", "figure": "r", "control": "weak", "rule": {"at_least": 0.95})");
  EXPECT_DOUBLE_EQ(*claim.chance, (39 * 0.1 + 0.99) / 40);
  EXPECT_DOUBLE_EQ(*claim.chance_low, 0.1);
  // The 97.5 % quantile lies at rank 0.975 * 39 = 38.025: 2.5 % of the way from the 39th value to the 40th.
  EXPECT_NEAR(*claim.chance_high, 0.1 + 0.025 * 0.89, 1e-12);
}

TEST(Claims, CannotTestWhatCouldNotBeMeasured) {
  EXPECT_EQ(verdict_of(R"({"at_least": 0})", "missing"), Verdict::untestable);
}

TEST(Claims, HaveASentenceWhereNothingCouldBeMeasured) {
  const std::string json = R"([{"id": "X-01", "kind": "measured", "document": "1", "figure": "missing",
      "rule": {"at_least": 1}, "why": {"agrees": "A", "differs": "D"}}])";
  const ClaimResult claim = judge_claims(json, result()).at(0);
  EXPECT_EQ(claim.verdict, Verdict::untestable);
  EXPECT_NE(claim.why, "");
}

TEST(Claims, NeedChanceToAgree) {
  for (const char* control : {R"(, "control": "empty")", R"(, "control": "undefined")"}) {
    EXPECT_EQ(verdict_of(R"({"at_least": 0.95})", "r", control), Verdict::untestable);
    EXPECT_EQ(verdict_of(R"({"at_least": 0.98})", "r", control), Verdict::differs);
  }
  // 1 of the 5 that are numbers, not of 100.
  EXPECT_EQ(verdict_of(R"({"at_least": 0.95})", "r", R"(, "control": "partly")"), Verdict::chance);
}

TEST(Claims, PutsNumbersIntoTheSentence) {
  const std::string json = R"([{"id": "X-01", "kind": "parameter", "document": "≥ 0,95", "figure": "r",
      "why": "{document}: {measured:2}, {other:percent}"}])";
  const ClaimResult claim = judge_claims(json, result()).at(0);
  EXPECT_EQ(claim.why, "≥ 0,95: 0,96, 50 %");
  EXPECT_EQ(claim.verdict, Verdict::parameter);
}

TEST(Claims, SaysWhichClaimIsMalformed) {
  const auto message = [](const std::string& fields) {
    try {
      judge_one(fields);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(message(R"("kind": "measured", "figure": "series", "rule": {"at_least": 1})").find("X-01"),
            std::string::npos);
  EXPECT_NE(message(R"("kind": "measured", "figure": "r", "rule": {"about": 1})").find("X-01"), std::string::npos);
  EXPECT_NE(message(R"("kind": "measured", "figure": "r", "control": "none", "rule": {"at_least": 1})").find("none"),
            std::string::npos);
  EXPECT_NE(message(R"("kind": "guess")").find("guess"), std::string::npos);
}

}  // namespace
}  // namespace soi
