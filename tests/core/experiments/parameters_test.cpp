#include "core/experiments/parameters.h"

#include <gtest/gtest.h>

#include "core/tensor/error.h"

namespace soi {
namespace {

std::vector<ParameterSpec> specs() {
  std::vector<ParameterSpec> all = {
      integer_parameter("epochs", 600, 1, 10000, "epochs", "Passes over the data."),
      real_parameter("learning_rate", 0.007, 0.0, 1.0, "", "Adam's."),
      boolean_parameter("tied", true, "Whether the decoder is the encoder's transpose."),
      choice_parameter("activation", "relu", {"relu", "gelu", "linear"}, "The latents' nonlinearity."),
      text_parameter("passage", "The text."),
  };
  all[1].by_protocol["notebook"] = 0.0007;
  return all;
}

std::string code_of(const std::vector<std::pair<std::string, std::string>>& given) {
  try {
    Parameters(specs(), "corrected", given);
  } catch (const Error& error) {
    return std::string(error_code_name(error.code)) + " " + error.what() + " " + error.hint;
  }
  return "";
}

TEST(Parameters, TakesTheProtocolsValueBeforeTheFallbackAndTheGivenOneBeforeBoth) {
  EXPECT_EQ(Parameters(specs(), "corrected", {}).real("learning_rate"), 0.007);
  EXPECT_EQ(Parameters(specs(), "notebook", {}).real("learning_rate"), 0.0007);
  const Parameters given(specs(), "notebook", {{"learning_rate", "0.01"}});
  EXPECT_EQ(given.real("learning_rate"), 0.01);
  EXPECT_TRUE(given.is_given("learning_rate"));
  EXPECT_FALSE(given.is_given("epochs"));
}

TEST(Parameters, ReadsEveryKind) {
  const Parameters p(specs(), "document",
                     {{"epochs", "3"}, {"tied", "false"}, {"activation", "gelu"}, {"passage", "đá, 2"}});
  EXPECT_EQ(p.count("epochs"), 3u);
  EXPECT_FALSE(p.boolean("tied"));
  EXPECT_EQ(p.text("activation"), "gelu");
  EXPECT_EQ(p.text("passage"), "đá, 2");
}

TEST(Parameters, NamesTheParameterAndItsRange) {
  EXPECT_EQ(code_of({{"epochs", "0"}}),
            "invalid_argument epochs cannot be \"0\". epochs is a whole number from 1 to 10000 epochs: Passes over the "
            "data.");
  for (const char* bad : {"", "1.5", "1e3", " 1", "1 ", "99999999999999999999", "x"}) {
    EXPECT_NE(code_of({{"epochs", bad}}), "") << bad;
  }
  for (const char* bad : {"", "nan", "inf", "-0.1", "1.5", "0,5", " 0.5", "0.5x"}) {
    EXPECT_NE(code_of({{"learning_rate", bad}}), "") << bad;
  }
  EXPECT_NE(code_of({{"tied", "yes"}}), "");
  EXPECT_NE(code_of({{"activation", "tanh"}}).find("one of: relu, gelu, linear"), std::string::npos);
}

TEST(Parameters, OffersTheClosestName) {
  EXPECT_NE(code_of({{"learning_rat", "0.1"}}).find("Did you mean learning_rate?"), std::string::npos);
}

}  // namespace
}  // namespace soi
