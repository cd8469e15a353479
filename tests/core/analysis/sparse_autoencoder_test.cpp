#include "core/analysis/sparse_autoencoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/analysis/sparse_rows.h"
#include "core/kernels/random.h"
#include "core/tensor/error.h"
#include "tests/golden/golden.h"

namespace soi {
namespace {

const std::string kGolden = std::string(SOI_SOURCE_DIR) + "/tests/golden/analysis/";

struct GoldenAutoencoder {
  std::string name;
  SparseAutoencoderOptions options;
  AdamOptions adam;
  nlohmann::json losses;
};

std::vector<GoldenAutoencoder> golden_autoencoders(const std::map<std::string, Tensor>& tensors) {
  const nlohmann::json all = nlohmann::json::parse(read_text(kGolden + "statistics.json"))["autoencoders"];
  std::vector<GoldenAutoencoder> result;
  for (const auto& [name, j] : all.items()) {
    GoldenAutoencoder golden;
    golden.name = name;
    SparseAutoencoderOptions& o = golden.options;
    o.n_latents = tensors.at(name + ".initial.encoder").dim(0);
    o.n_inputs = tensors.at(name + ".initial.encoder").dim(1);
    o.tied = j["tied"];
    o.biases = j["biases"];
    o.activation = j["activation"] == "gelu"   ? LatentActivation::gelu_exact
                   : j["activation"] == "relu" ? LatentActivation::relu
                                               : LatentActivation::linear;
    o.top_k = j["top_k"];
    o.l1_weight = j["l1"];
    o.decorrelation_weight = j["decorrelation"];
    golden.adam.learning_rate = j["learning_rate"];
    golden.losses = j["losses"];
    result.push_back(std::move(golden));
  }
  return result;
}

SparseAutoencoderWeights weights_of(const std::map<std::string, Tensor>& tensors, const std::string& prefix) {
  SparseAutoencoderWeights w;
  const auto take = [&](const char* part, Tensor& into) {
    const auto found = tensors.find(prefix + part);
    if (found != tensors.end()) into = found->second.clone();
  };
  take("encoder", w.encoder);
  take("encoder_bias", w.encoder_bias);
  take("decoder", w.decoder);
  take("decoder_bias", w.decoder_bias);
  return w;
}

void expect_close(const Tensor& actual, const Tensor& expected, double tolerance, const std::string& what) {
  ASSERT_EQ(actual.shape(), expected.shape()) << what;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual.data()[i], expected.data()[i], tolerance) << what << " at " << i;
  }
}

void expect_close(const SparseAutoencoderWeights& actual, const SparseAutoencoderWeights& expected, double tolerance,
                  const std::string& what) {
  expect_close(actual.encoder, expected.encoder, tolerance, what + " encoder");
  expect_close(actual.encoder_bias, expected.encoder_bias, tolerance, what + " encoder_bias");
  expect_close(actual.decoder, expected.decoder, tolerance, what + " decoder");
  expect_close(actual.decoder_bias, expected.decoder_bias, tolerance, what + " decoder_bias");
}

TEST(SparseAutoencoder, HasPyTorchsGradients) {
  const auto tensors = read_tensors(kGolden + "training.safetensors");
  ThreadPool pool(2);
  for (const GoldenAutoencoder& golden : golden_autoencoders(tensors)) {
    const SparseAutoencoder model(golden.options, weights_of(tensors, golden.name + ".initial."));
    const SparseAutoencoderWeights expected = weights_of(tensors, golden.name + ".gradient.");
    double largest = 0;
    for (float g : expected.encoder.values()) largest = std::max(largest, std::abs(static_cast<double>(g)));
    // Two float32 sums over at most 64 terms, a chain of four such: 4 * 64 * 2^-24 relative to the largest entry.
    expect_close(model.gradient(tensors.at(golden.name + ".x").matrix(), pool), expected,
                 std::max(largest, 0.01) * 256 * 0x1p-24, golden.name);
  }
}

// Within what Soi promises of ten steps, 1e-4; the losses of sizes about 1, of which 10 steps of at most 0.01 lose less
// than a tenth of that. No tighter bound is derived: Adam divides a gradient by its size, so where one is near 0 its
// rounding decides the sign of a step as large as any. A wrong formula shows in the first digit.
TEST(SparseAutoencoder, TrainsAsPyTorchForTenSteps) {
  const auto tensors = read_tensors(kGolden + "training.safetensors");
  ThreadPool pool(2);
  for (const GoldenAutoencoder& golden : golden_autoencoders(tensors)) {
    SparseAutoencoder model(golden.options, weights_of(tensors, golden.name + ".initial."));
    SparseAutoencoderTrainer trainer(model, golden.adam);
    for (const auto& expected : golden.losses) {
      const SparseAutoencoderLoss loss = trainer.step(tensors.at(golden.name + ".x").matrix(), pool);
      EXPECT_NEAR(loss.reconstruction, expected[0].get<double>(), 1e-5) << golden.name;
      EXPECT_NEAR(loss.l1, expected[1].get<double>(), 1e-5) << golden.name;
      if (golden.options.decorrelation_weight != 0) {
        EXPECT_NEAR(loss.decorrelation, expected[2].get<double>(), 1e-4) << golden.name;
      }
    }
    expect_close(model.weights(), weights_of(tensors, golden.name + ".final."), 1e-4, golden.name);
  }
}

Tensor normal_tensor(Shape shape, std::uint64_t stream) {
  Tensor tensor = Tensor::uninitialized(std::move(shape));
  for (std::size_t i = 0; i < tensor.size(); ++i) tensor.data()[i] = normal(7, stream, i);
  return tensor;
}

TEST(SparseAutoencoder, GradientDoesNotDependOnThreads) {
  SparseAutoencoderOptions options;
  options.n_inputs = 50;
  options.n_latents = 200;
  options.tied = true;
  options.top_k = 9;
  options.decorrelation_weight = 0.01;
  const Tensor x = normal_tensor({30, 50}, 1);
  const SparseAutoencoder model(options, initial_weights(options, 1, 0));
  ThreadPool one(1);
  const SparseAutoencoderWeights expected = model.gradient(x.matrix(), one);
  for (int n_threads : {2, 4}) {
    ThreadPool pool(n_threads);
    expect_close(model.gradient(x.matrix(), pool), expected, 0.0, std::to_string(n_threads) + " threads");
  }
}

TEST(NarrowAutoencoder, HasTheGradientsOfTheWideOne) {
  ThreadPool pool(2);
  for (auto activation : {LatentActivation::relu, LatentActivation::gelu_exact, LatentActivation::linear}) {
    for (const bool tied : {false, true}) {
      for (const std::size_t n_inputs : {1u, 2u, 4u}) {
        SparseAutoencoderOptions options;
        options.n_inputs = n_inputs;
        options.n_latents = 7;
        options.tied = tied;
        options.biases = n_inputs != 1;
        options.activation = activation;
        options.l1_weight = 0.3;
        options.decorrelation_weight = 0.7;
        options.mean_decorrelation = n_inputs == 2;
        const Tensor x = normal_tensor({1030, n_inputs}, 3);  // whole chunks and a ragged one
        const SparseAutoencoder narrow(options, initial_weights(options, 1, 0));
        options.top_k = 7;  // cuts nothing, and is not for narrow loops
        const SparseAutoencoder wide(options, initial_weights(options, 1, 0));
        SparseAutoencoderLoss expected;
        SparseAutoencoderLoss actual;
        // Two sums of 1030 terms whose magnitudes add up to less than 2.5, roundings of random sign: sqrt(1030) *
        // 2^-24 * 2.5.
        expect_close(narrow.gradient(x.matrix(), pool, &actual), wide.gradient(x.matrix(), pool, &expected), 5e-6,
                     "narrow");
        EXPECT_NEAR(actual.reconstruction, expected.reconstruction, 1e-6 * expected.reconstruction);
        EXPECT_NEAR(actual.l1, expected.l1, 1e-6 * expected.l1);
        EXPECT_NEAR(actual.decorrelation, expected.decorrelation, 1e-5 * expected.decorrelation);
      }
    }
  }
}

TEST(NarrowAutoencoder, DoesNotDependOnThreads) {
  SparseAutoencoderOptions options;
  options.n_inputs = 2;
  options.n_latents = 20;
  options.decorrelation_weight = 1;
  const Tensor x = normal_tensor({3000, 2}, 4);
  const SparseAutoencoder model(options, initial_weights(options, 1, 0));
  ThreadPool one(1);
  const SparseAutoencoderWeights expected = model.gradient(x.matrix(), one);
  for (int n_threads : {2, 4}) {
    ThreadPool pool(n_threads);
    expect_close(model.gradient(x.matrix(), pool), expected, 0.0, std::to_string(n_threads) + " threads");
  }
}

TEST(SparseAutoencoder, KeepsTheLargestOfEachSample) {
  SparseAutoencoderOptions options;
  options.n_inputs = 4;
  options.n_latents = 4;
  options.tied = true;
  options.biases = false;
  options.top_k = 2;
  SparseAutoencoderWeights identity;
  identity.encoder = Tensor({4, 4});
  for (std::size_t i = 0; i < 4; ++i) identity.encoder(i, i) = 1.0f;
  const SparseAutoencoder model(options, std::move(identity));
  ThreadPool pool(1);
  const Tensor x = Tensor::from_values({3, 4}, std::vector<float>{1, 4, 3, 2,     //
                                                                  -1, -2, 5, -3,  // ReLU leaves one
                                                                  2, 2, 2, 1});   // equals of the second stay
  const Tensor z = model.encode(x.matrix(), pool);
  const std::vector<float> expected = {0, 4, 3, 0, 0, 0, 5, 0, 2, 2, 2, 0};
  EXPECT_EQ(std::vector<float>(z.values().begin(), z.values().end()), expected);
}

TEST(SparseAutoencoder, HoldsTheDecodersRowsAtLengthOne) {
  SparseAutoencoderOptions options;
  options.n_inputs = 3;
  options.n_latents = 6;
  options.unit_norm_decoder = true;
  SparseAutoencoder model(options, initial_weights(options, 1, 0));
  SparseAutoencoderTrainer trainer(model, {.learning_rate = 0.1});
  ThreadPool pool(1);
  const Tensor x = normal_tensor({20, 3}, 2);
  for (int step = 0; step < 5; ++step) trainer.step(x.matrix(), pool);
  for (std::size_t j = 0; j < 6; ++j) {
    double length = 0;
    for (float value : model.weights().decoder.matrix()[j])
      length += static_cast<double>(value) * static_cast<double>(value);
    EXPECT_NEAR(length, 1.0, 8 * 0x1p-23);  // rounding of the factor and of three products
  }
}

TEST(SparseAutoencoder, NamesAWeightOfTheWrongShape) {
  SparseAutoencoderOptions options;
  options.n_inputs = 3;
  options.n_latents = 6;
  SparseAutoencoderWeights weights = initial_weights(options, 1, 0);
  weights.decoder = Tensor({3, 6});
  try {
    SparseAutoencoder(options, std::move(weights));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("decoder has shape [3, 6], not [6, 3]"), std::string::npos);
  }
}

TEST(SparseRows, AgreesWithDenseProducts) {
  Tensor z = normal_tensor({7, 90}, 3);
  for (float& value : z.values()) value = value > 1.0f ? value : 0.0f;
  const Tensor d = normal_tensor({90, 40}, 4);
  const Tensor x = normal_tensor({7, 40}, 5);
  ThreadPool pool(2);
  const SparseRows active = nonzero_columns(std::as_const(z).matrix(), pool);
  EXPECT_TRUE(is_worth_it(active, 7, 90, 40));

  Tensor y({7, 40});
  sparse_times_rows(active, z.matrix(), d.matrix(), y.matrix(), pool);
  Tensor dots({7, 90});
  rows_times_sparse(active, x.matrix(), d.matrix(), dots.matrix(), pool);
  Tensor outer({90, 40});
  add_outer_products(transposed(active, 90), z.matrix(), x.matrix(), outer.matrix(), pool);
  for (std::size_t t = 0; t < 7; ++t) {
    for (std::size_t i = 0; i < 40; ++i) {
      double expected = 0;
      for (std::size_t j = 0; j < 90; ++j) expected += static_cast<double>(z(t, j)) * static_cast<double>(d(j, i));
      EXPECT_NEAR(y(t, i), expected, 90 * 0x1p-23 * 8);  // 90 terms of size below 8
    }
    for (std::size_t j = 0; j < 90; ++j) {
      double expected = 0;
      for (std::size_t i = 0; i < 40; ++i) expected += static_cast<double>(x(t, i)) * static_cast<double>(d(j, i));
      EXPECT_NEAR(dots(t, j), z(t, j) == 0.0f ? 0.0 : expected, 40 * 0x1p-23 * 16);
    }
  }
  for (std::size_t j = 0; j < 90; ++j) {
    for (std::size_t i = 0; i < 40; ++i) {
      double expected = 0;
      for (std::size_t t = 0; t < 7; ++t) expected += static_cast<double>(z(t, j)) * static_cast<double>(x(t, i));
      EXPECT_NEAR(outer(j, i), expected, 7 * 0x1p-23 * 16);
    }
  }
}

}  // namespace
}  // namespace soi
