#include "core/experiments/describe.h"

#include <nlohmann/json.hpp>
#include <string_view>

#include "core/experiments/experiment.h"

namespace soi {
namespace {

using Json = nlohmann::ordered_json;

std::string_view kind_name(ParameterSpec::Kind kind) {
  switch (kind) {
    case ParameterSpec::Kind::integer:
      return "integer";
    case ParameterSpec::Kind::real:
      return "real";
    case ParameterSpec::Kind::boolean:
      return "boolean";
    case ParameterSpec::Kind::choice:
      return "choice";
    case ParameterSpec::Kind::text:
      return "text";
  }
  return "";
}

Json value_json(const ParameterValue& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

Json parameter_json(const ParameterSpec& spec) {
  Json json = {{"name", spec.name}, {"kind", kind_name(spec.kind)}, {"fallback", value_json(spec.fallback)}};
  if (spec.kind == ParameterSpec::Kind::integer) {
    json["minimum"] = static_cast<std::int64_t>(spec.minimum);
    json["maximum"] = static_cast<std::int64_t>(spec.maximum);
  } else if (spec.kind == ParameterSpec::Kind::real) {
    json["minimum"] = spec.minimum;
    json["maximum"] = spec.maximum;
  }
  json["unit"] = spec.unit;
  if (spec.kind == ParameterSpec::Kind::choice) json["choices"] = spec.choices;
  json["meaning"] = spec.meaning;
  json["by_protocol"] = Json::object();
  for (const auto& [protocol, value] : spec.by_protocol) json["by_protocol"][protocol] = value_json(value);
  return json;
}

}  // namespace

std::string describe_experiments() {
  Json list = Json::array();
  for (const Experiment& experiment : experiments()) {
    Json parameters = Json::array();
    for (const ParameterSpec& spec : experiment.parameters) parameters.push_back(parameter_json(spec));
    list.push_back({{"name", experiment.name},
                    {"folder", experiment.folder},
                    {"needs_model", experiment.needs_model},
                    {"initial_values", experiment.initial_values},
                    {"parameters", std::move(parameters)}});
  }
  return list.dump(2);
}

}  // namespace soi
