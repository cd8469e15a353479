#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/soi_process.h"
#include "tests/golden/golden.h"

namespace soi {
namespace {

constexpr const char* kTiny = SOI_SOURCE_DIR "/tests/golden/gpt2_tiny";

TEST(Inspect, TellsWhatADemoModelIs) {
  const Outcome outcome = run_soi({"inspect", "demo", "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const nlohmann::json verdict = outcome.json();
  EXPECT_EQ(verdict["usable"], true);
  EXPECT_EQ(verdict["config"]["n_layers"], 8);
  EXPECT_EQ(verdict["config"]["n_heads"], 4);
  EXPECT_EQ(verdict["config"]["d_model"], 256);
  EXPECT_EQ(verdict["config"]["n_ctx"], 1024);
  EXPECT_EQ(verdict["config"]["n_vocab"], 50257);
  EXPECT_EQ(verdict["config"]["layer_norm_epsilon"], 1e-5);
  // 50257 x 256 + 1024 x 256 + 512, and in each block 12 x 256^2 weights and 13 x 256 gains and biases
  EXPECT_EQ(verdict["n_parameters"], 12865792 + 262144 + 512 + 8 * (786432 + 3328));
  EXPECT_EQ(verdict["file_bytes"],
            std::filesystem::file_size(SOI_SOURCE_DIR "/web/public/models/demo/model.safetensors"));
  EXPECT_EQ(verdict["memory_bytes"]["f32"], 4 * verdict["n_parameters"].get<std::uint64_t>());
  EXPECT_EQ(verdict["dtypes"], (nlohmann::json{{"F32", 66}, {"I8", 34}}));
  EXPECT_EQ(run_soi({"inspect", "demo"}).status, 0);
}

TEST(Inspect, TakesAFileAFolderAndOtherLayouts) {
  for (const char* layout : {"", "/model.safetensors", "_f16", "_bf16"}) {
    const std::string path = std::string(kTiny) + layout;
    const Outcome outcome = run_soi({"inspect", path, "--json"});
    ASSERT_EQ(outcome.status, 0) << path << ": " << outcome.out;
    EXPECT_EQ(outcome.json()["config"]["d_model"], 36);
    EXPECT_EQ(outcome.json()["config"]["n_heads"], 4);
  }
  // Old files carry causal masks and the tied unembedding.
  EXPECT_FALSE(run_soi({"inspect", std::string(kTiny) + "_bf16", "--json"}).json()["ignored"].empty());
}

/// The tiny checkpoint, broken by `change`, with its config.json; what inspect says of it.
template <typename Change>
Outcome inspect_changed(const Change& change, bool json = true) {
  const TemporaryFolder folder;
  std::string bytes = read_text(std::string(kTiny) + "/model.safetensors");
  change(bytes);
  folder.write("config.json", read_text(std::string(kTiny) + "/config.json"));
  const std::string file = folder.write("model.safetensors", bytes);
  return json ? run_soi({"inspect", file, "--json"}) : run_soi({"inspect", file});
}

void expect_refused(const Outcome& outcome, const std::string& code) {
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.json()["usable"], false);
  EXPECT_EQ(outcome.json()["error"]["code"], code) << outcome.out;
  EXPECT_FALSE(outcome.json()["error"]["hint"].get<std::string>().empty());
}

TEST(Inspect, TellsWhyAFileIsNotUsable) {
  expect_refused(inspect_changed([](std::string& bytes) { bytes.clear(); }), "file_empty");
  expect_refused(inspect_changed([](std::string& bytes) { bytes.resize(bytes.size() - 1); }), "safetensors_truncated");
  expect_refused(inspect_changed([](std::string& bytes) { bytes += '\0'; }), "safetensors_trailing");
  expect_refused(inspect_changed([](std::string& bytes) { bytes[8] = '['; }), "safetensors_header");
  expect_refused(inspect_changed([](std::string& bytes) { bytes.replace(bytes.find("wpe.weight"), 3, "xpe"); }),
                 "tensor_missing");
  const Outcome plain = inspect_changed([](std::string& bytes) { bytes.clear(); }, false);
  EXPECT_EQ(plain.status, 1);
  EXPECT_EQ(plain.out, "");
  EXPECT_NE(plain.err.find("empty"), std::string::npos) << plain.err;
}

TEST(Inspect, FindsANumberThatIsNotFinite) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Outcome outcome = inspect_changed([&](std::string& bytes) { std::memcpy(&bytes[bytes.size() - 4], &nan, 4); });
  expect_refused(outcome, "tensor_not_finite");
  EXPECT_FALSE(outcome.json()["error"]["details"]["tensor"].get<std::string>().empty());
}

TEST(Inspect, RefusesWhatIsNotThere) {
  const TemporaryFolder folder;
  expect_refused(run_soi({"inspect", folder.path("nothing"), "--json"}), "io_error");
  expect_refused(run_soi({"inspect", folder.path(), "--json"}), "io_error");
  folder.write("a.safetensors", "x");
  expect_refused(run_soi({"inspect", folder.path(), "--json"}), "safetensors_truncated");
  folder.write("b.safetensors", "x");
  expect_refused(run_soi({"inspect", folder.path(), "--json"}), "io_error");
}

}  // namespace
}  // namespace soi
