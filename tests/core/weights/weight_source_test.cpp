#include "core/weights/weight_source.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <tuple>
#include <vector>

#include "core/kernels/half.h"
#include "tests/core/weights/checkpoint_file.h"

namespace soi {
namespace {

LoadOptions tiny_options(std::optional<NumberFormat> format = std::nullopt) {
  return {.format = format, .config_json = kTinyConfigJson, .progress = {}};
}

/// One number of a matrix, whatever its format, by the row and column of its memory.
float number_at(const WeightMatrix& matrix, std::size_t row, std::size_t col) {
  const std::size_t n_cols = matrix.layout == WeightLayout::in_out ? matrix.n_out : matrix.n_in;
  const std::size_t index = row * n_cols + col;
  switch (matrix.format) {
    case NumberFormat::f32:
      return static_cast<const float*>(matrix.values)[index];
    case NumberFormat::f16: {
      float value = 0.0f;
      f16_to_f32({static_cast<const std::uint16_t*>(matrix.values) + index, 1}, &value);
      return value;
    }
    case NumberFormat::int8:
      return static_cast<float>(static_cast<const std::int8_t*>(matrix.values)[index]) *
             matrix.scales[matrix.layout == WeightLayout::in_out ? col : row];
  }
  return 0.0f;
}

std::size_t n_rows(const WeightMatrix& matrix) {
  return matrix.layout == WeightLayout::in_out ? matrix.n_in : matrix.n_out;
}
std::size_t n_cols(const WeightMatrix& matrix) {
  return matrix.layout == WeightLayout::in_out ? matrix.n_out : matrix.n_in;
}

/// All tensors of a source, in the order of tiny_tensors().
struct AllTensors {
  explicit AllTensors(WeightSource& source) {
    const EmbeddingWeights& e = source.embeddings();
    matrices = {{0, e.wte}, {1, e.wpe}};
    vectors = {{2, e.ln_final.gain}, {3, e.ln_final.bias}};
    std::size_t ordinal = 4;
    for (std::size_t layer = 0; layer < source.config().n_layers; ++layer) {
      blocks.push_back(source.block(layer));
      const BlockWeights& b = *blocks.back();
      for (const LayerNormWeights* norm : {&b.ln1, &b.ln2}) {
        const std::size_t first = ordinal + (norm == &b.ln1 ? 0 : 6);
        vectors.insert(vectors.end(), {{first, norm->gain}, {first + 1, norm->bias}});
      }
      std::size_t offset = 2;
      for (const LinearWeights* linear : {&b.attn_qkv, &b.attn_out, &b.mlp_in, &b.mlp_out}) {
        matrices.emplace_back(ordinal + offset, linear->weight);
        vectors.emplace_back(ordinal + offset + 1, linear->bias);
        offset += linear == &b.attn_out ? 4 : 2;
      }
      ordinal += 12;
    }
  }
  std::vector<std::shared_ptr<const BlockWeights>> blocks;
  std::vector<std::pair<std::size_t, WeightMatrix>> matrices;
  std::vector<std::pair<std::size_t, const float*>> vectors;
};

/// Every number of `source` against tiny_number; a matrix number may differ by half a step of its output's int8 grid,
/// times `int8_steps`.
void expect_tiny_numbers(WeightSource& source, float int8_steps) {
  const std::vector<Gpt2Tensor> expected = tiny_tensors();
  const AllTensors all(source);
  ASSERT_EQ(all.matrices.size() + all.vectors.size(), expected.size());
  for (const auto& [ordinal, values] : all.vectors) {
    for (std::size_t i = 0; i < expected[ordinal].shape[0]; ++i) {
      ASSERT_EQ(values[i], tiny_number(ordinal, i)) << expected[ordinal].name << " at " << i;
    }
  }
  for (const auto& [ordinal, matrix] : all.matrices) {
    const Shape& shape = expected[ordinal].shape;
    ASSERT_EQ((Shape{n_rows(matrix), n_cols(matrix)}), shape) << expected[ordinal].name;
    for (std::size_t i = 0; i < n_elements(shape); ++i) {
      const float wanted = tiny_number(ordinal, i);
      // Magnitudes are at most 1, so a scale is at most 1/127, and rounding errs by at most half of it.
      ASSERT_NEAR(number_at(matrix, i / shape[1], i % shape[1]), wanted, int8_steps * 0.5f / 127.0f * 1.0001f)
          << expected[ordinal].name << " at " << i;
    }
  }
}

TEST(WeightSource, HoldsTheNumbersOfAFloat32File) {
  const std::string file = tiny_checkpoint().file();
  const auto source = load_resident(*view(file), tiny_options());
  EXPECT_EQ(source->config(), tiny_config());
  EXPECT_EQ(source->format(), NumberFormat::f32);
  expect_tiny_numbers(*source, 0.0f);
}

TEST(WeightSource, ConvertsToEachFormat) {
  const std::string file = tiny_checkpoint().file();
  const auto f16 = load_resident(*view(file), tiny_options(NumberFormat::f16));
  EXPECT_EQ(f16->format(), NumberFormat::f16);
  expect_tiny_numbers(*f16, 0.0f);
  const auto int8 = load_resident(*view(file), tiny_options(NumberFormat::int8));
  EXPECT_EQ(int8->format(), NumberFormat::int8);
  expect_tiny_numbers(*int8, 1.0f);
}

CheckpointFile tiny_checkpoint_of_halves(const std::string& dtype) {
  CheckpointFile checkpoint = tiny_checkpoint();
  for (CheckpointFile::Stored& tensor : checkpoint.tensors()) {
    std::vector<float> numbers(n_elements(tensor.shape));
    std::memcpy(numbers.data(), tensor.bytes.data(), tensor.bytes.size());
    std::vector<std::uint16_t> halves(numbers.size());
    if (dtype == "F16") {
      f32_to_f16(numbers, halves.data());
    } else {
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        halves[i] = static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(numbers[i]) >> 16);
      }
    }
    checkpoint.set(std::string(tensor.name), dtype, Shape(tensor.shape), halves);
  }
  return checkpoint;
}

TEST(WeightSource, ReadsHalfPrecisionFiles) {
  for (const char* dtype : {"F16", "BF16"}) {
    const std::string file = tiny_checkpoint_of_halves(dtype).file();
    const auto f32 = load_resident(*view(file), tiny_options());
    EXPECT_EQ(f32->format(), NumberFormat::f32);
    expect_tiny_numbers(*f32, 0.0f);
    const auto f16 = load_resident(*view(file), tiny_options(NumberFormat::f16));
    expect_tiny_numbers(*f16, 0.0f);
  }
}

TEST(WeightSource, RefusesAnUnembeddingOfItsOwn) {
  CheckpointFile checkpoint = tiny_checkpoint();
  CheckpointFile::Stored unembedding = checkpoint["wte.weight"];
  unembedding.name = "lm_head.weight";
  checkpoint["lm_head.weight"] = unembedding;
  const std::string tied = checkpoint.file();
  double read = 0;
  LoadOptions options = tiny_options();
  options.progress = [&](double fraction) { read = fraction; };
  expect_tiny_numbers(*load_resident(*view(tied), options), 0.0f);
  EXPECT_EQ(read, 1.0);

  checkpoint["lm_head.weight"].bytes.back() ^= 1;
  const std::string own = checkpoint.file();
  EXPECT_EQ(thrown_code([&] { load_resident(*view(own), tiny_options()); }), "not_gpt2");
  EXPECT_EQ(thrown_code([&] { open_streamed(view(own), tiny_options()); }), "not_gpt2");
}

/// wte [7, 4] by rows, c_attn of block 0 [4, 12] by columns, in int8; the rest stays f32.
CheckpointFile tiny_int8_checkpoint() {
  CheckpointFile checkpoint = tiny_checkpoint();
  std::vector<std::int8_t> wte(28);
  for (int i = 0; i < 28; ++i) wte[i] = static_cast<std::int8_t>(i * 9 - 127);
  checkpoint.set("wte.weight", "I8", {7, 4}, wte);
  checkpoint.set("wte.weight.scale", "F32", {7}, std::vector<float>{1, 2, 4, 8, 0.5f, 0.25f, 0.125f});
  std::vector<std::int8_t> c_attn(48);
  for (int i = 0; i < 48; ++i) c_attn[i] = static_cast<std::int8_t>(i * 5 - 120);
  checkpoint.set("h.0.attn.c_attn.weight", "I8", {4, 12}, c_attn);
  std::vector<float> scales(12);
  for (int i = 0; i < 12; ++i) scales[i] = std::ldexp(1.0f, i - 6);
  checkpoint.set("h.0.attn.c_attn.weight.scale", "F32", {12}, scales);
  return checkpoint;
}

TEST(WeightSource, WidensInt8FilesByTheirScales) {
  const std::string file = tiny_int8_checkpoint().file();
  for (const NumberFormat format : {NumberFormat::int8, NumberFormat::f32, NumberFormat::f16}) {
    const auto source = load_resident(*view(file), tiny_options(format));
    const WeightMatrix& wte = source->embeddings().wte;
    EXPECT_EQ(number_at(wte, 0, 0), -127.0f);
    EXPECT_EQ(number_at(wte, 3, 1), (13 * 9 - 127) * 8.0f);
    EXPECT_EQ(number_at(wte, 6, 3), (27 * 9 - 127) * 0.125f);
    const auto block = source->block(0);
    const WeightMatrix& c_attn = block->attn_qkv.weight;
    EXPECT_EQ(number_at(c_attn, 0, 0), -120.0f / 64.0f);
    EXPECT_EQ(number_at(c_attn, 2, 7), (31 * 5 - 120) * 2.0f);
    EXPECT_EQ(number_at(c_attn, 3, 11), (47 * 5 - 120) * 32.0f);
  }
}

TEST(WeightSource, TakesTheFormatOfTheFileWhereNoneIsAsked) {
  const std::string file = tiny_int8_checkpoint().file();
  const auto source = load_resident(*view(file), tiny_options());
  EXPECT_EQ(source->format(), NumberFormat::int8);
  const auto* wte = static_cast<const std::int8_t*>(source->embeddings().wte.values);
  EXPECT_EQ(wte[27], 27 * 9 - 127);
  EXPECT_EQ(source->embeddings().wte.scales[6], 0.125f);
}

/// One block whose tensors are longer than a piece: wte has 3000 rows of 192 numbers, 2.3 MB as f32, so that pieces end
/// inside rows; c_fc is 192 x 4000.
Config large_config() {
  return {.n_layers = 1, .n_heads = 3, .d_model = 192, .d_head = 64, .d_mlp = 4000, .n_ctx = 3, .n_vocab = 3000};
}

float large_number(std::size_t index) { return tiny_number(3, index * 31 + index / 127); }

CheckpointFile large_checkpoint() {
  CheckpointFile checkpoint;
  std::vector<Gpt2Tensor> tensors = embedding_tensors(large_config());
  for (Gpt2Tensor& tensor : block_tensors(large_config(), 0)) tensors.push_back(std::move(tensor));
  for (const Gpt2Tensor& tensor : tensors) {
    std::vector<float> numbers(n_elements(tensor.shape));
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = large_number(i);
    checkpoint.set(tensor.name, "F32", tensor.shape, numbers);
  }
  return checkpoint;
}

TEST(WeightSource, ConvertsTensorsLongerThanAPiece) {
  const std::string file = large_checkpoint().file();
  for (const NumberFormat format : {NumberFormat::f32, NumberFormat::f16, NumberFormat::int8}) {
    const auto source = load_resident(*view(file), {.format = format, .config_json = {}, .progress = {}});
    ASSERT_EQ(source->config(), large_config());
    // All but a thousandth of the numbers are in matrices; vectors, scales and alignment add less than 4 %.
    const double n_numbers = 3000.0 * 192 + 3 * 192 + 4.0 * 192 * 192 + 2.0 * 192 * 4000;
    EXPECT_NEAR(static_cast<double>(source->memory_bytes()) / (n_numbers * static_cast<double>(n_bytes(format))), 1.02,
                0.02);
    const auto block = source->block(0);
    for (const WeightMatrix& matrix : {source->embeddings().wte, block->mlp_in.weight}) {
      const float tolerance = format == NumberFormat::int8 ? 0.5f / 127.0f * 1.0001f : 0.0f;
      for (std::size_t i = 0; i < n_rows(matrix) * n_cols(matrix); ++i) {
        ASSERT_NEAR(number_at(matrix, i / n_cols(matrix), i % n_cols(matrix)), large_number(i), tolerance)
            << "at " << i;
      }
    }
  }
}

TEST(WeightSource, WidensInt8TensorsLongerThanAPiece) {
  CheckpointFile checkpoint = large_checkpoint();
  const auto byte_at = [](std::size_t index) { return static_cast<std::int8_t>(index * 7 + index / 251); };
  const auto scale_at = [](std::size_t output) { return static_cast<float>(output + 1) / 1024.0f; };
  for (const auto& [name, shape, n_outputs] :
       {std::tuple{"wte.weight", Shape{3000, 192}, 3000u}, {"h.0.mlp.c_fc.weight", Shape{192, 4000}, 4000u}}) {
    std::vector<std::int8_t> bytes(n_elements(shape));
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = byte_at(i);
    std::vector<float> scales(n_outputs);
    for (std::size_t i = 0; i < scales.size(); ++i) scales[i] = scale_at(i);
    checkpoint.set(name, "I8", shape, bytes);
    checkpoint.set(scale_name(name), "F32", {n_outputs}, scales);
  }
  const std::string file = checkpoint.file();
  for (const NumberFormat format : {NumberFormat::f32, NumberFormat::int8}) {
    const auto source = load_resident(*view(file), {.format = format, .config_json = {}, .progress = {}});
    const auto block = source->block(0);
    for (const WeightMatrix& matrix : {source->embeddings().wte, block->mlp_in.weight}) {
      for (std::size_t i = 0; i < n_rows(matrix) * n_cols(matrix); ++i) {
        const std::size_t row = i / n_cols(matrix);
        const std::size_t col = i % n_cols(matrix);
        const std::size_t output = matrix.layout == WeightLayout::in_out ? col : row;
        ASSERT_EQ(number_at(matrix, row, col), static_cast<float>(byte_at(i)) * scale_at(output)) << "at " << i;
      }
    }
  }
}

TEST(WeightSource, AlignsEveryTensor) {
  const std::string file = tiny_checkpoint().file();
  const auto source = load_resident(*view(file), tiny_options(NumberFormat::int8));
  const auto expect_aligned = [](const void* values) { EXPECT_EQ(reinterpret_cast<std::uintptr_t>(values) % 64, 0u); };
  const AllTensors all(*source);
  for (const auto& [ordinal, values] : all.vectors) expect_aligned(values);
  for (const auto& [ordinal, matrix] : all.matrices) {
    expect_aligned(matrix.values);
    expect_aligned(matrix.scales);
  }
}

TEST(WeightSource, StreamsTheSameNumbers) {
  const std::string file = tiny_checkpoint().file();
  for (const NumberFormat format : {NumberFormat::f32, NumberFormat::f16, NumberFormat::int8}) {
    const auto streamed = open_streamed(view(file), tiny_options(format));
    expect_tiny_numbers(*streamed, format == NumberFormat::int8 ? 1.0f : 0.0f);
  }
}

TEST(WeightSource, StreamingHoldsOneBlockAtATime) {
  const std::string file = tiny_checkpoint().file();
  const auto streamed = open_streamed(view(file), tiny_options());
  const std::size_t embeddings_alone = streamed->memory_bytes();
  std::size_t with_one_block = 0;
  for (std::size_t layer = 0; layer < 2; ++layer) {
    const auto block = streamed->block(layer);
    EXPECT_EQ(streamed->block(layer), block);  // held, so not read again
    if (layer == 0) with_one_block = streamed->memory_bytes();
    EXPECT_EQ(streamed->memory_bytes(), with_one_block);
  }
  EXPECT_GT(with_one_block, embeddings_alone);
  EXPECT_EQ(streamed->memory_bytes(), embeddings_alone);
  EXPECT_EQ(load_resident(*view(file), tiny_options())->memory_bytes(),
            embeddings_alone + 2 * (with_one_block - embeddings_alone));
}

TEST(WeightSource, StreamedBlocksOutliveTheirSource) {
  const std::string file = tiny_checkpoint().file();
  auto streamed = open_streamed(view(file), tiny_options());
  const auto block = streamed->block(1);
  streamed.reset();
  EXPECT_EQ(block->ln1.gain[1], tiny_number(16, 1));
}

TEST(WeightSource, RefusesALayerThatIsNotThere) {
  const std::string file = tiny_checkpoint().file();
  EXPECT_EQ(thrown_code([&] { load_resident(*view(file), tiny_options())->block(2); }), "invalid_argument");
  EXPECT_EQ(thrown_code([&] { open_streamed(view(file), tiny_options())->block(2); }), "invalid_argument");
}

TEST(WeightSource, NamesTheTensorAndIndexOfNanAndInfinity) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    for (const char* name : {"wte.weight", "h.1.mlp.c_fc.weight", "h.1.mlp.c_fc.bias"}) {
      CheckpointFile checkpoint = tiny_checkpoint();
      std::memcpy(checkpoint[name].bytes.data() + 4 * 9, &bad, 4);
      const std::string file = checkpoint.file();
      for (const NumberFormat format : {NumberFormat::f32, NumberFormat::f16, NumberFormat::int8}) {
        const auto load = [&] { load_resident(*view(file), tiny_options(format)); };
        EXPECT_EQ(thrown_code(load), "tensor_not_finite");
        EXPECT_EQ(thrown_detail(load, "tensor"), name);
        EXPECT_EQ(thrown_detail(load, "index"), "9");
      }
    }
  }
}

TEST(WeightSource, RefusesNonFiniteHalves) {
  for (const std::string dtype : {"F16", "BF16"}) {
    CheckpointFile checkpoint = tiny_checkpoint_of_halves(dtype);
    const std::uint16_t infinity = dtype == "F16" ? 0x7C00 : 0x7F80;
    std::memcpy(checkpoint["wpe.weight"].bytes.data() + 2 * 5, &infinity, 2);
    const std::string file = checkpoint.file();
    const auto load = [&] { load_resident(*view(file), tiny_options()); };
    EXPECT_EQ(thrown_code(load), "tensor_not_finite");
    EXPECT_EQ(thrown_detail(load, "index"), "5");
  }
}

TEST(WeightSource, RefusesScalesThatOverflow) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), 3e36f * 2}) {
    CheckpointFile checkpoint = tiny_int8_checkpoint();
    std::memcpy(checkpoint["wte.weight.scale"].bytes.data() + 4 * 3, &bad, 4);
    const std::string file = checkpoint.file();
    EXPECT_EQ(thrown_code([&] { load_resident(*view(file), tiny_options()); }), "tensor_not_finite");
  }
}

TEST(WeightSource, RefusesNumbersBeyondHalfPrecisionForF16Alone) {
  CheckpointFile checkpoint = tiny_checkpoint();
  const float large = 65520.0f;  // the smallest that rounds to infinity
  const float fits = std::nextafter(large, 0.0f);
  std::memcpy(checkpoint["wte.weight"].bytes.data() + 4 * 2, &fits, 4);
  const std::string fitting = checkpoint.file();
  const auto source = load_resident(*view(fitting), tiny_options(NumberFormat::f16));
  EXPECT_EQ(number_at(source->embeddings().wte, 0, 2), 65504.0f);

  std::memcpy(checkpoint["wte.weight"].bytes.data() + 4 * 2, &large, 4);
  const std::string overflowing = checkpoint.file();
  const auto load = [&] { load_resident(*view(overflowing), tiny_options(NumberFormat::f16)); };
  EXPECT_EQ(thrown_code(load), "tensor_not_finite");
  EXPECT_EQ(thrown_detail(load, "index"), "2");
  EXPECT_EQ(thrown_code([&] { load_resident(*view(overflowing), tiny_options(NumberFormat::f32)); }), "");
}

TEST(WeightSource, ReportsProgressToTheEndAndStopsWhenAsked) {
  const std::string file = tiny_checkpoint().file();
  std::vector<double> fractions;
  LoadOptions options = tiny_options();
  options.progress = [&](double fraction) { fractions.push_back(fraction); };
  load_resident(*view(file), options);
  ASSERT_FALSE(fractions.empty());
  EXPECT_TRUE(std::ranges::is_sorted(fractions));
  EXPECT_EQ(fractions.back(), 1.0);

  options.progress = [](double fraction) {
    if (fraction > 0.5) throw Error(ErrorCode::cancelled, "stopped");
  };
  EXPECT_EQ(thrown_code([&] { load_resident(*view(file), options); }), "cancelled");
}

TEST(WeightSource, ProgressOfAnInt8FileReachesTheEnd) {
  const std::string file = tiny_int8_checkpoint().file();
  double last = 0.0;
  LoadOptions options = tiny_options();
  options.progress = [&](double fraction) { last = fraction; };
  load_resident(*view(file), options);
  EXPECT_EQ(last, 1.0);
}

}  // namespace
}  // namespace soi
