#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/soi_process.h"

namespace soi {
namespace {

using Arguments = std::vector<std::string>;

TEST(Usage, HelpOfEachCommand) {
  for (const Arguments& arguments : {Arguments{"--help"},
                                     {"tokens", "--help"},
                                     {"inspect", "--help"},
                                     {"forward", "--help"},
                                     {"capture", "--help"},
                                     {"gradient", "--help"},
                                     {"generate", "--help"},
                                     {"lesson", "--help"}}) {
    const Outcome outcome = run_soi(arguments);
    EXPECT_EQ(outcome.status, 0);
    EXPECT_NE(outcome.out.find("Usage: soi"), std::string::npos) << outcome.out;
    EXPECT_EQ(outcome.err, "");
  }
  EXPECT_EQ(run_soi({"--version"}).status, 0);
}

TEST(Usage, AWrongCallIsTwo) {
  for (const Arguments& arguments : {Arguments{},
                                     {"sing"},
                                     {"tokens"},
                                     {"tokens", "--text", "a", "--file", "b"},
                                     {"inspect"},
                                     {"forward", "--text", "a"},
                                     {"forward", "--model", "demo"},
                                     {"forward", "--model", "demo", "--text", "a", "--ids", "1"},
                                     {"forward", "--model", "demo", "--ids", "1,x"},
                                     {"forward", "--model", "demo", "--ids", "1,,2"},
                                     {"forward", "--model", "demo", "--ids", "99999999999"},
                                     {"forward", "--model", "demo", "--ids", "1", "--threads", "0"},
                                     {"forward", "--model", "demo", "--ids", "1", "--format", "f8"},
                                     {"forward", "--model", "demo", "--ids", "1", "--top", "-3"},
                                     {"forward", "--model", "demo", "--ids", "1", "--sideways"},
                                     {"capture", "--model", "demo", "--ids", "1", "--hook", "logits"},
                                     {"gradient", "--model", "demo", "--ids", "1", "--hook", "hook_embed", "--position",
                                      "-1", "--index", "0", "--out", "x"},
                                     {"generate", "--model", "demo", "--ids", "1"},
                                     {"generate", "--model", "demo", "--ids", "1", "--tokens", "0"},
                                     {"generate", "--model", "demo", "--ids", "1", "--tokens", "3", "--seed", "-1"}}) {
    const Outcome outcome = run_soi(arguments);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.starts_with("soi: error: ")) << outcome.err;
    EXPECT_NE(outcome.err.find("--help"), std::string::npos) << outcome.err;
  }
}

TEST(Usage, SaysWhatIsNoCommandAndWhatIsTooFew) {
  EXPECT_NE(run_soi({"sing", "--text", "a"}).err.find("no command \"sing\""), std::string::npos);
  const Outcome none = run_soi({"generate", "--model", "demo", "--text", "a", "--tokens", "0"});
  EXPECT_EQ(none.status, 2);
  EXPECT_NE(none.err.find("1 or more"), std::string::npos) << none.err;
}

struct BadInput {
  Arguments arguments;
  std::string said;  // in the error
};

TEST(Usage, AnErrorIsOneWithAHint) {
  const TemporaryFolder folder;
  const std::string broken = folder.write("broken.safetensors", "0123456789abcdef");
  const std::string file = folder.write("file", "x");
  const Arguments demo{"--model", "demo", "--ids", "464,3797"};
  const auto with_demo = [&](std::string command, Arguments more) {
    Arguments all{std::move(command)};
    all.insert(all.end(), demo.begin(), demo.end());
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  std::string long_text;
  for (int i = 0; i < 1100; ++i) long_text += " the";
  for (const BadInput& bad : std::vector<BadInput>{
           {{"tokens", "--file", folder.path("nothing")}, "nothing"},
           {{"tokens", "--file", folder.path()}, "Cannot read"},
           {{"tokens", "--lines", file}, "Line 1"},
           {{"forward", "--model", folder.path("nothing"), "--ids", "1"}, "nothing"},
           {{"forward", "--model", folder.path(), "--ids", "1"}, "safetensors"},
           {{"forward", "--model", "demo", "--text", ""}, "nothing to run on"},
           {{"forward", "--model", "demo", "--text", long_text}, "1100"},
           {{"forward", "--model", "demo", "--ids", "50257"}, "50257"},
           {{"forward", "--model", "demo", "--ids", "-1"}, "-1"},
           {with_demo("capture", {"--hook", "blocks.0.hook_resid_pots", "--out", folder.path("o")}), "hook_resid_pots"},
           {with_demo("capture", {"--hook", "blocks.8.hook_resid_post", "--out", folder.path("o")}), "8 blocks"},
           {with_demo("capture", {"--hook", "logits", "--out", file}), "folder"},
           {with_demo("gradient", {"--hook", "blocks.0.attn.hook_pattern", "--position", "0", "--index", "0", "--out",
                                   folder.path("g.npy")}),
            "hook_pattern"},
           {with_demo("gradient",
                      {"--hook", "hook_embed", "--position", "2", "--index", "0", "--out", folder.path("g.npy")}),
            "--position 2"},
           {with_demo("gradient",
                      {"--hook", "hook_embed", "--position", "0", "--index", "256", "--out", folder.path("g.npy")}),
            "--index 256"},
           {with_demo("gradient",
                      {"--hook", "hook_embed", "--position", "0", "--index", "0", "--out", folder.path("a/b.npy")}),
            "Cannot write"},
           {with_demo("generate", {"--tokens", "2", "--top-p", "0"}), "top_p"},
           {with_demo("generate", {"--tokens", "2", "--temperature", "-1"}), "temperature"},
           {with_demo("generate", {"--tokens", "2", "--temperature", "nan"}), "temperature"},
           {{"forward", "--model", broken, "--ids", "1"}, "safetensors"},
       }) {
    const Outcome outcome = run_soi(bad.arguments);
    EXPECT_EQ(outcome.status, 1) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.starts_with("soi: error: ")) << outcome.err;
    EXPECT_NE(outcome.err.find("\nsoi: "), std::string::npos) << "no hint: " << outcome.err;
    EXPECT_NE(outcome.err.find(bad.said), std::string::npos) << outcome.err;
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path("g.npy")));
}

TEST(Usage, AFullDiskIsAnError) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const Outcome outcome = run_soi({"gradient", "--model", "demo", "--ids", "1", "--hook", "hook_embed", "--position",
                                   "0", "--index", "0", "--out", "/dev/full"});
  EXPECT_EQ(outcome.status, 1) << outcome.out;
}

}  // namespace
}  // namespace soi
