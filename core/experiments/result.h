#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/experiments/parameters.h"
#include "core/tensor/tensor.h"

namespace soi {

/// A measured number (or a short series of them), by the name that claims.json refers to.
struct Figure {
  std::string name;  // "best_r.sine"
  std::vector<double> values;
  std::string unit;  // "", "share", "nats", "tokens", ...
  bool is_series = false;
};

/// What chance, or a simpler method, gives for a figure: its values over repetitions.
struct Control {
  std::string name;    // "untrained"
  std::string figure;  // the figure that it stands beside: "best_r.sine"
  std::vector<double> values;
  std::string unit;
};

enum class Verdict : std::uint8_t {
  agrees,          // the document's statement holds here
  differs,         // it does not
  chance,          // it holds, but chance or an untrained network does as well
  untestable,      // needs a larger model, or data that are not here
  interpretation,  // not a matter of measuring
  parameter,       // a setting, taken over as it is
};

std::string_view verdict_name(Verdict verdict);

/// One line of the ledger.
struct ClaimResult {
  std::string id;        // "SAE1-20"
  std::string document;  // the document's figure or statement, as claims.json gives it
  std::optional<double> measured;
  std::optional<double> chance;                   // mean of the control
  std::optional<double> chance_low, chance_high;  // its 2.5 % and 97.5 % quantiles, where it was repeated
  Verdict verdict = Verdict::untestable;
  std::string why;  // one sentence, Vietnamese, from claims.json, with the numbers put in
};

struct ExperimentResult {
  std::string lesson;
  std::string protocol;
  std::uint64_t seed = 0;
  std::string model;  // "" for a simulation
  std::string build;
  std::vector<std::pair<std::string, ParameterValue>> parameters;
  std::vector<Figure> figures;
  std::vector<Control> controls;
  std::vector<ClaimResult> claims;
  std::map<std::string, Tensor> arrays;                    // for plots, and for `--arrays DIR`
  std::map<std::string, std::vector<std::string>> labels;  // token texts and the like, beside the arrays
  double seconds = 0.0;

  void add(std::string name, double value, std::string unit = "");
  void add_series(std::string name, std::vector<double> values, std::string unit = "");
  void add_control(std::string name, std::string figure, std::vector<double> values, std::string unit = "");

  /// Null where there is none.
  const Figure* find_figure(std::string_view name) const;
  const Control* find_control(std::string_view name, std::string_view figure) const;
};

/// Everything but the arrays, as JSON text: lesson, protocol, seed, model, build, parameters, figures, controls,
/// claims, labels, arrays' shapes, seconds. NaN and infinity become null.
std::string to_json(const ExperimentResult& result);

}  // namespace soi
