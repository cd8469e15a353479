#include "core/experiments/result.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace soi {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (double value : values) list.push_back(number(value));
  return list;
}

Json optional_number(const std::optional<double>& value) { return value ? number(*value) : Json(nullptr); }

Json figures_json(const std::vector<Figure>& figures) {
  Json object = Json::object();
  for (const Figure& figure : figures) {
    object[figure.name] = {{"value", figure.is_series ? numbers(figure.values) : number(figure.values.front())},
                           {"unit", figure.unit}};
  }
  return object;
}

Json controls_json(const std::vector<Control>& controls) {
  Json list = Json::array();
  for (const Control& control : controls) {
    list.push_back({{"name", control.name},
                    {"figure", control.figure},
                    {"values", numbers(control.values)},
                    {"unit", control.unit}});
  }
  return list;
}

Json claims_json(const std::vector<ClaimResult>& claims) {
  Json list = Json::array();
  for (const ClaimResult& claim : claims) {
    list.push_back({{"id", claim.id},
                    {"document", claim.document},
                    {"measured", optional_number(claim.measured)},
                    {"chance", optional_number(claim.chance)},
                    {"chance_low", optional_number(claim.chance_low)},
                    {"chance_high", optional_number(claim.chance_high)},
                    {"verdict", verdict_name(claim.verdict)},
                    {"why", claim.why}});
  }
  return list;
}

Json parameters_json(const std::vector<std::pair<std::string, ParameterValue>>& parameters) {
  Json object = Json::object();
  for (const auto& [name, value] : parameters) {
    std::visit([&, key = name](const auto& held) { object[key] = held; }, value);
  }
  return object;
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::agrees:
      return "agrees";
    case Verdict::differs:
      return "differs";
    case Verdict::chance:
      return "chance";
    case Verdict::untestable:
      return "untestable";
    case Verdict::interpretation:
      return "interpretation";
    case Verdict::parameter:
      return "parameter";
  }
  return "";
}

void ExperimentResult::add(std::string name, double value, std::string unit) {
  figures.push_back({std::move(name), {value}, std::move(unit), false});
}

void ExperimentResult::add_series(std::string name, std::vector<double> values, std::string unit) {
  figures.push_back({std::move(name), std::move(values), std::move(unit), true});
}

void ExperimentResult::add_control(std::string name, std::string figure, std::vector<double> values, std::string unit) {
  controls.push_back({std::move(name), std::move(figure), std::move(values), std::move(unit)});
}

const Figure* ExperimentResult::find_figure(std::string_view name) const {
  const auto found = std::ranges::find(figures, name, &Figure::name);
  return found == figures.end() ? nullptr : &*found;
}

const Control* ExperimentResult::find_control(std::string_view name, std::string_view figure) const {
  const auto found =
      std::ranges::find_if(controls, [&](const Control& c) { return c.name == name && c.figure == figure; });
  return found == controls.end() ? nullptr : &*found;
}

std::string to_json(const ExperimentResult& result) {
  Json json = {{"lesson", result.lesson},
               {"protocol", result.protocol},
               {"seed", result.seed},
               {"model", result.model},
               {"build", result.build},
               {"parameters", parameters_json(result.parameters)},
               {"figures", figures_json(result.figures)},
               {"controls", controls_json(result.controls)},
               {"claims", claims_json(result.claims)},
               {"labels", result.labels},
               {"arrays", Json::object()},
               {"seconds", result.seconds}};
  for (const auto& [name, array] : result.arrays) json["arrays"][name] = array.shape();
  // Texts are the reader's own: a byte that is not UTF-8 is shown as U+FFFD rather than failing a whole result.
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace soi
