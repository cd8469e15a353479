#include "core/experiments/parameters.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "core/tensor/closest_name.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

ParameterSpec make_spec(std::string name, ParameterSpec::Kind kind, ParameterValue fallback, std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.kind = kind;
  spec.fallback = std::move(fallback);
  spec.meaning = std::move(meaning);
  return spec;
}

/// Six digits are enough for a range. Not to_chars: its tables weigh much in WebAssembly.
std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

std::string range_text(const ParameterSpec& spec) {
  const std::string unit = spec.unit.empty() ? "" : " " + spec.unit;
  std::string text;
  switch (spec.kind) {
    case ParameterSpec::Kind::integer:
      return "a whole number from " + number_text(spec.minimum) + " to " + number_text(spec.maximum) + unit;
    case ParameterSpec::Kind::real:
      return "a number from " + number_text(spec.minimum) + " to " + number_text(spec.maximum) + unit;
    case ParameterSpec::Kind::boolean:
      return "true or false";
    case ParameterSpec::Kind::choice:
      for (const std::string& choice : spec.choices) text += (text.empty() ? "" : ", ") + choice;
      return "one of: " + text;
    case ParameterSpec::Kind::text:
      return "text";
  }
  return text;
}

[[noreturn]] void throw_out_of_range(const ParameterSpec& spec, std::string_view value) {
  throw Error(ErrorCode::invalid_argument, spec.name + " cannot be \"" + std::string(value) + "\".",
              spec.name + " is " + range_text(spec) + ": " + spec.meaning,
              {{"name", spec.name}, {"value", std::string(value)}, {"range", range_text(spec)}});
}

/// Throws where `value` is beyond the range, or is no number.
template <typename Number>
Number check_range(const ParameterSpec& spec, std::string_view text, Number value) {
  const double wide = static_cast<double>(value);
  if (!(wide >= spec.minimum && wide <= spec.maximum)) throw_out_of_range(spec, text);
  return value;
}

std::int64_t parse_integer(const ParameterSpec& spec, const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) throw_out_of_range(spec, text);
  return check_range(spec, text, value);
}

double parse_real(const ParameterSpec& spec, const std::string& text) {
  // strtod: libc++ has no from_chars for floating point. It takes leading white space, which we do not.
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool whole = !text.empty() && end == text.c_str() + text.size() && std::isspace(text.front()) == 0;
  if (!whole) throw_out_of_range(spec, text);
  return check_range(spec, text, value);
}

ParameterValue parse_value(const ParameterSpec& spec, const std::string& text) {
  switch (spec.kind) {
    case ParameterSpec::Kind::integer:
      return parse_integer(spec, text);
    case ParameterSpec::Kind::real:
      return parse_real(spec, text);
    case ParameterSpec::Kind::boolean:
      if (text == "true" || text == "1") return true;
      if (text == "false" || text == "0") return false;
      throw_out_of_range(spec, text);
    case ParameterSpec::Kind::choice:
      if (std::ranges::find(spec.choices, text) == spec.choices.end()) throw_out_of_range(spec, text);
      return text;
    case ParameterSpec::Kind::text:
      return text;
  }
  throw Error(ErrorCode::internal, "A parameter of no known kind: " + spec.name);
}

const ParameterSpec& find_spec(const std::vector<ParameterSpec>& specs, const std::string& name) {
  std::vector<std::string> names;
  for (const ParameterSpec& spec : specs) {
    if (spec.name == name) return spec;
    names.push_back(spec.name);
  }
  std::string list;
  for (const std::string& known : names) list += (list.empty() ? "" : ", ") + known;
  const std::string closest = closest_name(name, names);
  throw Error(ErrorCode::invalid_argument, "There is no parameter \"" + name + "\".",
              "Did you mean " + closest + "? The parameters are: " + list + ".",
              {{"name", name}, {"value", ""}, {"range", list}});
}

}  // namespace

ParameterSpec integer_parameter(std::string name, std::int64_t fallback, std::int64_t minimum, std::int64_t maximum,
                                std::string unit, std::string meaning) {
  ParameterSpec spec = make_spec(std::move(name), ParameterSpec::Kind::integer, fallback, std::move(meaning));
  spec.minimum = static_cast<double>(minimum);
  spec.maximum = static_cast<double>(maximum);
  spec.unit = std::move(unit);
  return spec;
}

ParameterSpec real_parameter(std::string name, double fallback, double minimum, double maximum, std::string unit,
                             std::string meaning) {
  ParameterSpec spec = make_spec(std::move(name), ParameterSpec::Kind::real, fallback, std::move(meaning));
  spec.minimum = minimum;
  spec.maximum = maximum;
  spec.unit = std::move(unit);
  return spec;
}

ParameterSpec boolean_parameter(std::string name, bool fallback, std::string meaning) {
  return make_spec(std::move(name), ParameterSpec::Kind::boolean, fallback, std::move(meaning));
}

ParameterSpec choice_parameter(std::string name, std::string fallback, std::vector<std::string> choices,
                               std::string meaning) {
  ParameterSpec spec = make_spec(std::move(name), ParameterSpec::Kind::choice, std::move(fallback), std::move(meaning));
  spec.choices = std::move(choices);
  return spec;
}

ParameterSpec text_parameter(std::string name, std::string meaning) {
  return make_spec(std::move(name), ParameterSpec::Kind::text, std::string(), std::move(meaning));
}

Parameters::Parameters(const std::vector<ParameterSpec>& specs, std::string protocol,
                       const std::vector<std::pair<std::string, std::string>>& given)
    : protocol_(std::move(protocol)) {
  for (const ParameterSpec& spec : specs) {
    const auto of_protocol = spec.by_protocol.find(protocol_);
    values_.emplace_back(spec.name, of_protocol == spec.by_protocol.end() ? spec.fallback : of_protocol->second);
  }
  for (const auto& [name, text] : given) {
    const ParameterSpec& spec = find_spec(specs, name);
    values_[static_cast<std::size_t>(&spec - specs.data())].second = parse_value(spec, text);
    given_.push_back(name);
  }
}

const ParameterValue& Parameters::find(std::string_view name) const {
  for (const auto& [known, value] : values_) {
    if (known == name) return value;
  }
  throw Error(ErrorCode::internal,
              "The experiment asked for a parameter that it does not declare: " + std::string(name));
}

std::int64_t Parameters::integer(std::string_view name) const { return std::get<std::int64_t>(find(name)); }

std::size_t Parameters::count(std::string_view name) const { return static_cast<std::size_t>(integer(name)); }

double Parameters::real(std::string_view name) const { return std::get<double>(find(name)); }

bool Parameters::boolean(std::string_view name) const { return std::get<bool>(find(name)); }

const std::string& Parameters::text(std::string_view name) const { return std::get<std::string>(find(name)); }

bool Parameters::is_given(std::string_view name) const { return std::ranges::find(given_, name) != given_.end(); }

}  // namespace soi
