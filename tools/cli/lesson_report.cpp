#include "tools/cli/lesson_report.h"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include "tools/cli/text_table.h"
#include "tools/cli/token_text.h"

namespace soi::cli {
namespace {

constexpr std::size_t kTextColumns = 96;
constexpr std::size_t kShownOfText = 40;
constexpr std::size_t kShownOfSeries = 6;

std::string value_text(const ParameterValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    const std::string shown = quoted(std::string_view(*text).substr(0, kShownOfText));
    return text->size() <= kShownOfText ? shown : shown + "... (" + std::to_string(text->size()) + " bytes)";
  }
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  return number(std::get<double>(value), 6);
}

std::string with_unit(const std::string& text, const std::string& unit) {
  return unit.empty() ? text : text + " " + unit;
}

std::string figure_text(const Figure& figure) {
  if (!figure.is_series) return with_unit(number(figure.values.front()), figure.unit);
  std::string text;
  for (std::size_t i = 0; i < std::min(figure.values.size(), kShownOfSeries); ++i) {
    text += (i == 0 ? "" : " ") + number(figure.values[i]);
  }
  if (figure.values.size() > kShownOfSeries) text += " ... (" + std::to_string(figure.values.size()) + ")";
  return with_unit(text, figure.unit);
}

std::vector<double> finite_sorted(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  std::ranges::sort(values);
  return values;
}

/// "0.83 (0.71 to 0.95, of 24)": mean and extremes; a lone value as it is.
std::string control_text(const Control& control) {
  const std::vector<double> values = finite_sorted(control.values);
  if (values.empty()) return "-";
  if (values.size() == 1) return number(values.front());
  double sum = 0;
  for (double value : values) sum += value;
  return number(sum / static_cast<double>(values.size())) + " (" + number(values.front()) + " to " +
         number(values.back()) + ", of " + std::to_string(values.size()) + ")";
}

void print_figures(std::ostream& out, const ExperimentResult& result) {
  TextTable table;
  table.add({"figure", "value", "control", "its value"});
  for (const Figure& figure : result.figures) {
    std::vector<std::string> row{figure.name, figure_text(figure)};
    for (const Control& control : result.controls) {
      if (control.figure != figure.name) continue;
      row.push_back(control.name);
      row.push_back(control_text(control));
      table.add(row);
      row = {"", ""};
    }
    if (row.front() == figure.name && row.size() == 2) table.add(row);
  }
  table.print(out);
}

std::string chance_text(const ClaimResult& claim) {
  if (!claim.chance) return "-";
  std::string text = number(*claim.chance);
  if (claim.chance_low && claim.chance_high) {
    text += " (" + number(*claim.chance_low) + " to " + number(*claim.chance_high) + ")";
  }
  return text;
}

void print_ledger(std::ostream& out, const ExperimentResult& result) {
  TextTable table;
  table.add({"claim", "verdict", "document", "measured", "chance (95 %)"});
  for (const ClaimResult& claim : result.claims) {
    table.add({claim.id, std::string(verdict_name(claim.verdict)), claim.document,
               claim.measured ? number(*claim.measured) : "-", chance_text(claim)});
  }
  table.print(out);
  out << "\nwhy\n";
  for (const ClaimResult& claim : result.claims) {
    out << "  " << claim.id << '\n';
    print_wrapped(out, claim.why, kTextColumns, "    ");
  }
}

std::string range_text(const ParameterSpec& spec) {
  if (spec.kind == ParameterSpec::Kind::boolean) return "true, false";
  if (spec.kind == ParameterSpec::Kind::text) return "text or @FILE";
  if (spec.kind != ParameterSpec::Kind::choice) {
    return with_unit(number(spec.minimum, 6) + " .. " + number(spec.maximum, 6), spec.unit);
  }
  std::string text;
  for (const std::string& choice : spec.choices) text += (text.empty() ? "" : ", ") + choice;
  return text;
}

/// The default, and where a protocol has another: "0.1 (notebook 1, document 1)".
std::string default_text(const ParameterSpec& spec) {
  std::string others;
  for (const auto& [protocol, value] : spec.by_protocol) {
    if (value != spec.fallback) others += (others.empty() ? "" : ", ") + protocol + " " + value_text(value);
  }
  return value_text(spec.fallback) + (others.empty() ? "" : " (" + others + ")");
}

}  // namespace

void print_result(std::ostream& out, const ExperimentResult& result) {
  out << result.lesson << "  protocol " << result.protocol << ", seed " << result.seed;
  if (!result.model.empty()) out << ", model " << result.model;
  out << ", " << result.build << ", " << number(result.seconds, 3) << " s\n\nparameters\n";
  TextTable parameters;
  for (const auto& [name, value] : result.parameters) parameters.add({name, value_text(value)});
  parameters.print(out);
  out << "\nfigures\n";
  print_figures(out, result);
  out << "\nclaims\n";
  print_ledger(out, result);
}

void print_experiment(std::ostream& out, const Experiment& experiment) {
  out << experiment.name << "  lessons/" << experiment.folder
      << (experiment.needs_model ? "\n" : ", a simulation: needs no model\n");
  TextTable table;
  table.add({"parameter", "default", "range", "meaning"});
  for (const ParameterSpec& spec : experiment.parameters) {
    table.add({spec.name, default_text(spec), range_text(spec), spec.meaning});
  }
  table.print(out);
  if (experiment.initial_values.empty()) return;
  out << "  may start from:";
  for (const std::string& name : experiment.initial_values) out << ' ' << name << ".npy";
  out << '\n';
}

}  // namespace soi::cli
