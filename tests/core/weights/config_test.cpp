#include "core/weights/config.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/core/weights/checkpoint_file.h"

namespace soi {
namespace {

Config infer(const CheckpointFile& checkpoint, std::optional<std::string_view> config_json = kTinyConfigJson) {
  const std::string file = checkpoint.file();
  return infer_config(read_safetensors_header(*view(file)), config_json);
}

std::string code_of(const CheckpointFile& checkpoint, std::optional<std::string_view> config_json = kTinyConfigJson) {
  return thrown_code([&] { infer(checkpoint, config_json); });
}

std::string detail_of(const CheckpointFile& checkpoint, std::string_view key,
                      std::optional<std::string_view> config_json = kTinyConfigJson) {
  return thrown_detail([&] { infer(checkpoint, config_json); }, key);
}

/// One block with the sizes of a real width, so that the number of heads can be told without a config.json.
CheckpointFile wide_checkpoint(std::size_t d_model) {
  const Config config{.n_layers = 1, .d_model = d_model, .d_mlp = 4, .n_ctx = 2, .n_vocab = 3};
  CheckpointFile checkpoint;
  for (const Gpt2Tensor& tensor : embedding_tensors(config)) checkpoint.set_zero(tensor.name, "F16", tensor.shape);
  for (const Gpt2Tensor& tensor : block_tensors(config, 0)) checkpoint.set_zero(tensor.name, "F16", tensor.shape);
  return checkpoint;
}

TEST(InferConfig, FindsTheSizesInTheTensors) { EXPECT_EQ(infer(tiny_checkpoint()), tiny_config()); }

TEST(InferConfig, TakesEitherNaming) {
  CheckpointFile checkpoint = tiny_checkpoint();
  checkpoint.rename_all("transformer.");
  EXPECT_EQ(infer(checkpoint), tiny_config());
}

TEST(InferConfig, IgnoresMasksATiedUnembeddingAndUnknownTensors) {
  CheckpointFile checkpoint = tiny_checkpoint();
  checkpoint.set_zero("h.0.attn.bias", "U8", {1, 1, 5, 5});
  checkpoint.set_zero("h.1.attn.bias", "F32", {9});
  checkpoint.set_zero("h.0.attn.masked_bias", "F32", {});
  checkpoint.set_zero("lm_head.weight", "F32", {7, 4});
  checkpoint.set_zero("score.weight", "F32", {2, 4});
  EXPECT_EQ(infer(checkpoint), tiny_config());
}

TEST(InferConfig, RefusesAnUnembeddingThatCannotBeTied) {
  CheckpointFile checkpoint = tiny_checkpoint();
  checkpoint.set_zero("lm_head.weight", "F32", {8, 4});
  EXPECT_EQ(code_of(checkpoint), "tensor_shape");
  EXPECT_EQ(detail_of(checkpoint, "tensor"), "lm_head.weight");
}

TEST(InferConfig, HeadsOf64WithoutAConfig) {
  EXPECT_EQ(infer(wide_checkpoint(128), std::nullopt).n_heads, 2u);
  EXPECT_EQ(infer(wide_checkpoint(128), std::nullopt).d_head, 64u);
  EXPECT_EQ(code_of(wide_checkpoint(96), std::nullopt), "config_invalid");
  EXPECT_EQ(detail_of(wide_checkpoint(96), "key", std::nullopt), "n_head");
  EXPECT_EQ(infer(wide_checkpoint(96), R"({"n_head": 3})").d_head, 32u);
}

TEST(InferConfig, NamesEveryTensorThatIsMissing) {
  for (const Gpt2Tensor& tensor : tiny_tensors()) {
    CheckpointFile checkpoint = tiny_checkpoint();
    checkpoint.erase(tensor.name);
    EXPECT_EQ(code_of(checkpoint), "tensor_missing") << tensor.name;
    EXPECT_EQ(detail_of(checkpoint, "tensor"), tensor.name);
  }
}

TEST(InferConfig, NamesATensorOfTheWrongShape) {
  for (const Gpt2Tensor& tensor : tiny_tensors()) {
    for (const Shape& wrong : {Shape{}, Shape{3}, Shape{3, 3}, Shape{4, 4, 1}, Shape{0, 4}}) {
      if (wrong == tensor.shape) continue;
      CheckpointFile checkpoint = tiny_checkpoint();
      checkpoint.set_zero(tensor.name, "F32", wrong);
      const std::string code = code_of(checkpoint);
      EXPECT_EQ(code, "tensor_shape") << tensor.name << " " << to_string(wrong);
      // Of the matrices that sizes are read from, another shape may put the fault on the tensors that disagree.
      if (tensor.kind == TensorKind::vector) {
        EXPECT_EQ(detail_of(checkpoint, "tensor"), tensor.name);
      }
    }
  }
}

TEST(InferConfig, ExplainsATransposedMatrix) {
  CheckpointFile checkpoint = tiny_checkpoint();
  checkpoint.set_zero("h.0.mlp.c_fc.weight", "F32", {10, 4});
  std::string message;
  EXPECT_EQ(thrown_code([&] { infer(checkpoint); }, &message), "tensor_shape");
  EXPECT_EQ(detail_of(checkpoint, "tensor"), "h.0.mlp.c_fc.weight");
  EXPECT_EQ(detail_of(checkpoint, "expected"), "[4, 10]");
}

TEST(InferConfig, FindsAGapInTheBlocks) {
  CheckpointFile checkpoint = tiny_checkpoint();
  for (CheckpointFile::Stored& tensor : checkpoint.tensors()) {
    if (tensor.name.starts_with("h.1.")) tensor.name = "h.3." + tensor.name.substr(4);
  }
  EXPECT_EQ(code_of(checkpoint), "tensor_missing");
  EXPECT_EQ(detail_of(checkpoint, "tensor"), "h.1.ln_1.weight");
}

TEST(InferConfig, RefusesNumberFormatsThatAreNotWeights) {
  for (const char* dtype : {"I16", "U16"}) {
    CheckpointFile checkpoint = tiny_checkpoint();
    checkpoint.set_zero("h.0.ln_1.bias", dtype, {4});
    EXPECT_EQ(code_of(checkpoint), "tensor_dtype");
    EXPECT_EQ(detail_of(checkpoint, "tensor"), "h.0.ln_1.bias");
    EXPECT_EQ(detail_of(checkpoint, "dtype"), dtype);
  }
  CheckpointFile checkpoint = tiny_checkpoint();
  checkpoint.set_zero("h.0.ln_1.bias", "I8", {4});
  EXPECT_EQ(code_of(checkpoint), "tensor_dtype");
}

TEST(InferConfig, ChecksTheScalesOfInt8Matrices) {
  CheckpointFile checkpoint = tiny_checkpoint();
  checkpoint.set_zero("h.0.mlp.c_fc.weight", "I8", {4, 10});
  EXPECT_EQ(code_of(checkpoint), "tensor_missing");
  EXPECT_EQ(detail_of(checkpoint, "tensor"), "h.0.mlp.c_fc.weight.scale");
  checkpoint.set_zero("h.0.mlp.c_fc.weight.scale", "F32", {4});  // one a row, where one a column is wanted
  EXPECT_EQ(code_of(checkpoint), "tensor_shape");
  checkpoint.set_zero("h.0.mlp.c_fc.weight.scale", "F16", {10});
  EXPECT_EQ(code_of(checkpoint), "tensor_dtype");
  checkpoint.set_zero("h.0.mlp.c_fc.weight.scale", "F32", {10});
  EXPECT_EQ(code_of(checkpoint), "");
}

TEST(InferConfig, RecognisesOtherModels) {
  const auto reason_with = [](const char* name) {
    CheckpointFile checkpoint;
    checkpoint.set_zero(name, "F32", {2, 2});
    EXPECT_EQ(code_of(checkpoint), "not_gpt2") << name;
    return detail_of(checkpoint, "reason");
  };
  EXPECT_NE(reason_with("bert.encoder.layer.0.attention.self.query.weight").find("BERT"), std::string::npos);
  EXPECT_NE(reason_with("model.layers.0.mlp.gate_proj.weight").find("Llama"), std::string::npos);
  EXPECT_NE(reason_with("transformer.h.0.attn.q_proj.weight").find("GPT-J"), std::string::npos);
  EXPECT_NE(reason_with("transformer.h.0.attn.attention.q_proj.weight").find("GPT-Neo"), std::string::npos);
  EXPECT_NE(reason_with("conv1.weight").find("wte.weight"), std::string::npos);
  EXPECT_EQ(code_of(CheckpointFile()), "not_gpt2");
}

TEST(InferConfig, RefusesCrossAttention) {
  CheckpointFile checkpoint = tiny_checkpoint();
  checkpoint.set_zero("h.0.crossattention.c_attn.weight", "F32", {4, 8});
  EXPECT_EQ(code_of(checkpoint), "not_gpt2");
}

TEST(ConfigJson, AgreesWithTheTensorsOrIsRefused) {
  const CheckpointFile checkpoint = tiny_checkpoint();
  EXPECT_EQ(
      infer(checkpoint, R"({"model_type":"gpt2","architectures":["GPT2LMHeadModel"],"vocab_size":7,"n_positions":5,
                      "n_ctx":5,"n_embd":4,"n_layer":2,"n_head":2,"n_inner":10,"activation_function":"gelu_new",
                      "layer_norm_epsilon":1e-05,"resid_pdrop":0.1,"torch_dtype":"float32","tie_word_embeddings":true,
                      "scale_attn_weights":true,"scale_attn_by_inverse_layer_idx":false})"),
      tiny_config());
  for (const char* key : {"n_layer", "n_embd", "n_inner", "n_positions", "n_ctx", "vocab_size", "num_hidden_layers"}) {
    for (const char* value : {"3", "-1", "2.5", "\"2\"", "[[2]]", "{}", "true"}) {
      const std::string text = R"({"n_head": 2, ")" + std::string(key) + "\": " + value + "}";
      EXPECT_EQ(code_of(checkpoint, text), "config_invalid") << text;
      EXPECT_EQ(detail_of(checkpoint, "key", text), key);
    }
  }
}

TEST(ConfigJson, NullIsTheDefault) {
  EXPECT_EQ(infer(tiny_checkpoint(), R"({"n_head": 2, "n_inner": null, "activation_function": null})"), tiny_config());
}

TEST(ConfigJson, RefusesWhatThisModelDoesNotCompute) {
  for (const char* text :
       {R"({"n_head":2,"activation_function":"gelu"})", R"({"n_head":2,"activation_function":"relu"})",
        R"({"n_head":2,"scale_attn_by_inverse_layer_idx":true})", R"({"n_head":2,"reorder_and_upcast_attn":true})",
        R"({"n_head":2,"scale_attn_weights":false})", R"({"n_head":2,"add_cross_attention":true})",
        R"({"n_head":2,"tie_word_embeddings":false})"}) {
    EXPECT_EQ(code_of(tiny_checkpoint(), text), "config_invalid") << text;
  }
  EXPECT_EQ(code_of(tiny_checkpoint(), R"({"n_head":2,"activation_function":"gelu_pytorch_tanh"})"), "");
  EXPECT_EQ(code_of(tiny_checkpoint(), R"({"n_head":2,"model_type":"gptj"})"), "not_gpt2");
}

TEST(ConfigJson, HeadsMustDivideTheWidth) {
  for (const char* value : {"3", "0", "-2", "8", "2.0", "\"2\"", "18446744073709551615"}) {
    const std::string text = R"({"n_head": )" + std::string(value) + "}";
    EXPECT_EQ(code_of(tiny_checkpoint(), text), "config_invalid") << text;
    EXPECT_EQ(detail_of(tiny_checkpoint(), "key", text), "n_head");
  }
  EXPECT_EQ(infer(tiny_checkpoint(), R"({"num_attention_heads": 4})").d_head, 1u);
  EXPECT_EQ(infer(tiny_checkpoint(), R"({"n_head": 4, "num_attention_heads": 4})").d_head, 1u);
  EXPECT_EQ(detail_of(tiny_checkpoint(), "key", R"({"n_head": 2, "num_attention_heads": 4})"), "num_attention_heads");
}

TEST(ConfigJson, ReadsTheEpsilon) {
  EXPECT_EQ(infer(tiny_checkpoint(), R"({"n_head":2,"layer_norm_epsilon":0.001})").layer_norm_epsilon, 0.001f);
  for (const char* value : {"0", "-1e-5", "1", "\"1e-5\"", "1e-50"}) {
    const std::string text = R"({"n_head":2,"layer_norm_epsilon":)" + std::string(value) + "}";
    EXPECT_EQ(code_of(tiny_checkpoint(), text), "config_invalid") << text;
  }
}

TEST(ConfigJson, RefusesWhatIsNoConfig) {
  std::string deep = R"({"n_head":)";
  for (int i = 0; i < 200000; ++i) deep += '[';
  for (int i = 0; i < 200000; ++i) deep += ']';
  for (const std::string& text : {std::string(), std::string("{"), std::string("[]"), std::string("\xFF"), deep + "}",
                                  std::string(2'000'000, ' ')}) {
    EXPECT_EQ(code_of(tiny_checkpoint(), text), "config_invalid") << text.substr(0, 20);
  }
}

}  // namespace
}  // namespace soi
