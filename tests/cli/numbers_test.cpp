// What the soi command computes, against PyTorch's golden values.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/cli/soi_process.h"
#include "tests/golden/golden.h"

namespace soi {
namespace {

constexpr const char* kTiny = SOI_SOURCE_DIR "/tests/golden/gpt2_tiny";

const GoldenSet& golden_set() {
  static const GoldenSet golden = read_golden(kTiny, 3);
  return golden;
}

const GoldenCase& sentence() {
  for (const GoldenCase& golden : golden_set().cases) {
    if (golden.name == "sentence") return golden;
  }
  throw std::out_of_range("sentence");
}

std::string joined(const std::vector<std::int32_t>& ids) {
  std::string list;
  for (std::int32_t id : ids) list.append(std::to_string(id)).append(",");
  list.pop_back();
  return list;
}

/// A float32 .npy file in C order (numpy.lib.format, version 1.0).
Tensor read_npy(const std::string& path) {
  const std::string bytes = read_text(path);
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  const std::size_t length = static_cast<unsigned char>(bytes[8]) + 256u * static_cast<unsigned char>(bytes[9]);
  const std::string header = bytes.substr(10, length);
  EXPECT_NE(header.find("'descr': '<f4'"), std::string::npos) << header;
  EXPECT_NE(header.find("'fortran_order': False"), std::string::npos) << header;
  std::istringstream dims(header.substr(header.find('(') + 1));
  Shape shape;
  for (std::size_t dim = 0; dims >> dim; dims.ignore(1, ',')) shape.push_back(dim);
  Tensor tensor = Tensor::uninitialized(shape);
  EXPECT_EQ(bytes.size(), 10 + length + tensor.size() * 4);
  std::memcpy(tensor.data(), bytes.data() + 10 + length, tensor.size() * 4);
  return tensor;
}

void expect_matches(const Tensor& actual, const GoldenCase& golden, const std::string& name) {
  const Tensor& expected = golden.tensors.at(name);
  ASSERT_EQ(actual.shape(), expected.shape()) << name;
  const Difference difference = compare(actual, expected);
  EXPECT_LE(difference.error, tolerance(golden.rounding.at(name), difference.largest)) << name;
}

TEST(Capture, EveryHookAgreesWithPyTorch) {
  const TemporaryFolder folder;
  const Outcome outcome = run_soi({"capture", "--model", kTiny, "--ids", joined(sentence().lane.tokens), "--hook",
                                   "all", "--out", folder.path("made/here"), "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const nlohmann::json files = outcome.json()["files"];
  ASSERT_EQ(files.size(), all_hooks(3).size());
  for (const nlohmann::json& file : files) {
    const auto name = file["hook"].get<std::string>();
    EXPECT_EQ(file["path"], folder.path("made/here/" + name + ".npy"));
    const Tensor values = read_npy(file["path"]);
    EXPECT_EQ(file["shape"], nlohmann::json(values.shape()));
    expect_matches(values, sentence(), name);
  }
}

TEST(Capture, NamedHooksAlone) {
  const TemporaryFolder folder;
  const Outcome outcome = run_soi(
      {"capture", "--model", kTiny, "--ids", "1,2", "--hook", "logits,hook_embed,logits", "--out", folder.path("out")});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(read_npy(folder.path("out/logits.npy")).shape(), (Shape{2, 199}));
  EXPECT_EQ(read_npy(folder.path("out/hook_embed.npy")).shape(), (Shape{2, 36}));
  std::size_t n_files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path("out"))) ++n_files;
  EXPECT_EQ(n_files, 2u);
}

TEST(Gradient, AgreesWithPyTorch) {
  ASSERT_GT(sentence().gradients.size(), 10u);
  const TemporaryFolder folder;
  for (const GoldenGradient& golden : sentence().gradients) {
    const std::string position = golden.position ? std::to_string(*golden.position) : "mean";
    const Outcome outcome = run_soi({"gradient", "--model", kTiny, "--ids", joined(sentence().lane.tokens), "--hook",
                                     hook_name(golden.hook), "--position", position, "--index",
                                     std::to_string(golden.index), "--out", folder.path("g.npy"), "--json"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    expect_matches(read_npy(folder.path("g.npy")), sentence(), golden.tensor);
    // The value is that of the activation.
    const Tensor& activation = sentence().tensors.at(hook_name(golden.hook));
    double expected = 0.0;
    for (std::size_t row = 0; row < activation.dim(0); ++row) {
      if (golden.position.value_or(row) == row) expected += static_cast<double>(activation(row, golden.index));
    }
    if (!golden.position) expected /= static_cast<double>(activation.dim(0));
    EXPECT_NEAR(outcome.json()["value"].get<double>(), expected, 1e-4);
  }
}

TEST(Forward, TopTokensAreThoseOfTheLogits) {
  const Outcome outcome =
      run_soi({"forward", "--model", kTiny, "--ids", joined(sentence().lane.tokens), "--top", "3", "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Tensor& logits = sentence().tensors.at("logits");
  const nlohmann::json positions = outcome.json()["positions"];
  ASSERT_EQ(positions.size(), logits.dim(0));
  for (std::size_t position = 0; position < logits.dim(0); ++position) {
    const auto row = logits.matrix()[position];
    const nlohmann::json& next = positions[position]["next"];
    ASSERT_EQ(next.size(), 3u);
    double total = 0.0;
    for (float logit : row) total += std::exp(static_cast<double>(logit));
    for (std::size_t rank = 0; rank < 3; ++rank) {
      const auto logit = static_cast<double>(row[next[rank]["id"].get<std::size_t>()]);
      const auto n_larger = std::ranges::count_if(row, [&](float other) { return static_cast<double>(other) > logit; });
      EXPECT_EQ(n_larger, static_cast<std::ptrdiff_t>(rank));
      EXPECT_NEAR(next[rank]["logit"].get<double>(), logit, 1e-4);
      EXPECT_NEAR(next[rank]["probability"].get<double>(), std::exp(logit) / total, 1e-4);
      EXPECT_TRUE(next[rank]["text"].is_null());  // 199 tokens are not GPT-2's vocabulary
    }
  }
}

TEST(Forward, TheDemoModelSaysWhatPyTorchSays) {
  const nlohmann::json golden = nlohmann::json::parse(read_text(SOI_SOURCE_DIR "/tests/golden/demo_playground.json"));
  const auto text = golden["sentence"].get<std::string>();
  const Outcome outcome = run_soi({"forward", "--model", "demo", "--text", text, "--format", "f32", "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  EXPECT_EQ(result["model"]["format"], "f32");
  ASSERT_EQ(result["tokens"].size(), golden["tokens"].size());
  for (std::size_t i = 0; i < golden["tokens"].size(); ++i) {
    EXPECT_EQ(result["tokens"][i]["id"], golden["tokens"][i]["id"]);
    EXPECT_EQ(result["tokens"][i]["text"], golden["tokens"][i]["text"]);
  }
  const nlohmann::json& next = result["positions"].back()["next"];
  for (std::size_t i = 0; i < golden["next"].size(); ++i) {
    EXPECT_EQ(next[i]["id"], golden["next"][i]["id"]);
    EXPECT_EQ(next[i]["text"], golden["next"][i]["text"]);
    EXPECT_NEAR(next[i]["logit"].get<double>(), golden["next"][i]["logit"].get<double>(), 1e-4);
  }
  const Outcome table = run_soi({"forward", "--model", "demo", "--text", text, "--top", "1"});
  EXPECT_NE(table.out.find(golden["next"][0]["text"].get<std::string>()), std::string::npos) << table.out;
}

TEST(Forward, ThreadsAndStreamingChangeNoNumber) {
  const auto positions = [](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"forward", "--model", "demo", "--text", "The woman lost her keys, so I",
                                       "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run_soi(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.json()["positions"];
  };
  const nlohmann::json expected = positions({"--threads", "1"});
  EXPECT_EQ(positions({"--threads", "3"}), expected);
  EXPECT_EQ(positions({"--stream"}), expected);
  EXPECT_NE(positions({"--format", "f16"}), nlohmann::json());
}

TEST(Forward, FormatsTakeTheMemoryTheyShould) {
  const auto memory = [](const std::string& format) {
    const Outcome outcome = run_soi({"forward", "--model", "demo", "--ids", "1", "--format", format, "--json"});
    EXPECT_EQ(outcome.json()["model"]["format"], format);
    return outcome.json()["model"]["memory_bytes"].get<double>();
  };
  EXPECT_NEAR(memory("f32") / memory("f16"), 2.0, 0.01);
  EXPECT_NEAR(memory("f16") / memory("int8"), 2.0, 0.05);
}

TEST(Generate, GreedyAgreesWithHuggingFace) {
  const GoldenSet& golden = golden_set();
  ASSERT_FALSE(golden.continuation.empty());
  const Outcome outcome = run_soi({"generate", "--model", kTiny, "--ids", joined(golden.prompt), "--temperature", "0",
                                   "--tokens", std::to_string(golden.continuation.size()), "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  std::vector<std::int32_t> generated;
  for (const nlohmann::json& token : result["generated"]) generated.push_back(token["id"]);
  EXPECT_EQ(generated, golden.continuation);
  EXPECT_EQ(result["stopped"], "length");
}

TEST(Generate, TheSeedDecides) {
  const auto text = [](const std::string& seed, const std::string& threads) {
    const Outcome outcome =
        run_soi({"generate", "--model", "demo", "--text", "The king", "--tokens", "12", "--top-k", "50", "--top-p",
                 "0.95", "--temperature", "0.9", "--seed", seed, "--threads", threads});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(outcome.out.starts_with("The king")) << outcome.out;
    return outcome.out;
  };
  EXPECT_EQ(text("7", "1"), text("7", "2"));
  EXPECT_NE(text("7", "1"), text("8", "1"));
}

TEST(Generate, StopsWhereTheContextIsFull) {
  const Outcome outcome = run_soi({"generate", "--model", kTiny, "--ids", "1,2,3", "--tokens", "1000", "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["stopped"], "context_full");
  EXPECT_EQ(outcome.json()["generated"].size(), 32u - 3 + 1);  // the last one is drawn, and not run
  const Outcome text = run_soi({"generate", "--model", kTiny, "--ids", "1,2,3", "--tokens", "1000"});
  EXPECT_NE(text.err.find("context is full"), std::string::npos) << text.err;
}

}  // namespace
}  // namespace soi
