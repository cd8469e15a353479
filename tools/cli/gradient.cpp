#include "core/model/gradient.h"

#include <cmath>
#include <iomanip>
#include <iostream>
#include <span>
#include <string>

#include "core/model/finite_rows.h"
#include "core/tensor/error.h"
#include "tools/cli/command.h"
#include "tools/cli/json_output.h"
#include "tools/cli/npy_output.h"
#include "tools/cli/run_input.h"

namespace soi::cli {
namespace {

void require_below(const char* name, std::size_t value, std::size_t bound) {
  if (value < bound) return;
  const std::string range = "0 to " + std::to_string(bound - 1);
  throw Error(ErrorCode::invalid_argument, std::string(name) + " " + std::to_string(value) + " is out of range.",
              std::string("Choose ") + name + " from " + range + ".",
              {{"name", name}, {"value", std::to_string(value)}, {"range", range}});
}

/// The weight of each number of the activation [T, width] in the scalar: 1 at one place, or 1/T down one column.
Tensor scalar_weights(const Tensor& activation, const GradientCommand& command) {
  require_below("--index", command.index, activation.dim(1));
  if (command.position) require_below("--position", *command.position, activation.dim(0));
  Tensor weights({activation.dim(0), activation.dim(1)});
  for (std::size_t position = 0; position < activation.dim(0); ++position) {
    if (!command.position) {
      weights(position, command.index) = 1.0f / static_cast<float>(activation.dim(0));
    } else if (position == *command.position) {
      weights(position, command.index) = 1.0f;
    }
  }
  return weights;
}

double scalar_value(const Tensor& activation, const Tensor& weights) {
  double value = 0.0;
  for (std::size_t i = 0; i < activation.size(); ++i) {
    value += static_cast<double>(weights.data()[i]) * static_cast<double>(activation.data()[i]);
  }
  return value;
}

double norm(std::span<const float> row) {
  double sum = 0.0;
  for (float value : row) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum);
}

void print(const GradientCommand& command, double value, const std::vector<double>& norms) {
  std::cout << "value   " << std::defaultfloat << std::setprecision(7) << value << "  (" << command.hook
            << ", position " << (command.position ? std::to_string(*command.position) : "mean") << ", index "
            << command.index << ")\n"
            << "norms   of the gradient, by position:";
  for (double each : norms) std::cout << ' ' << std::setprecision(4) << each;
  std::cout << '\n' << command.out << "  float32\n";
}

}  // namespace

int run(const GradientCommand& command) {
  const RunInput input = open_run(command.run);
  const Lane lane = input.lane();
  const DifferentiableRun run(*input.model, {&lane, 1}, parse_hook(command.hook, input.model->config().n_layers));
  const Tensor& activation = run.activations().front();
  require_finite_rows(activation.matrix());
  const Tensor weights = scalar_weights(activation, command);
  const double value = scalar_value(activation, weights);
  const std::vector<Tensor> gradients = run.backward({&weights, 1});
  const Tensor& gradient = gradients.front();
  require_finite_rows(gradient.matrix());
  write_npy(command.out, gradient);

  std::vector<double> norms;
  norms.reserve(gradient.dim(0));
  for (std::size_t position = 0; position < gradient.dim(0); ++position)
    norms.push_back(norm(gradient.matrix()[position]));
  if (!command.run.json) {
    input.print_header();
    print(command, value, norms);
    return 0;
  }
  Json json = input.json_header();
  json["hook"] = command.hook;
  json["position"] = command.position ? Json(*command.position) : Json("mean");
  json["index"] = command.index;
  json["value"] = value;
  json["norms"] = norms;
  json["path"] = command.out;
  json["shape"] = gradient.shape();
  print_json(json);
  return 0;
}

}  // namespace soi::cli
