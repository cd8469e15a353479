#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace soi {

using ParameterValue = std::variant<std::int64_t, double, bool, std::string>;

/// One knob of an experiment: what it may be, and what it is under each protocol where they differ.
struct ParameterSpec {
  enum class Kind : std::uint8_t { integer, real, boolean, choice, text };

  std::string name;  // "learning_rate"
  Kind kind = Kind::real;
  ParameterValue fallback;  // the default; its type goes with `kind`
  double minimum = 0.0;     // of integer and real, inclusive
  double maximum = 0.0;
  std::string unit;                                   // "" for pure numbers
  std::vector<std::string> choices;                   // of choice
  std::string meaning;                                // one line, English
  std::map<std::string, ParameterValue> by_protocol;  // "notebook", "document", "corrected"
};

ParameterSpec integer_parameter(std::string name, std::int64_t fallback, std::int64_t minimum, std::int64_t maximum,
                                std::string unit, std::string meaning);
ParameterSpec real_parameter(std::string name, double fallback, double minimum, double maximum, std::string unit,
                             std::string meaning);
ParameterSpec boolean_parameter(std::string name, bool fallback, std::string meaning);
ParameterSpec choice_parameter(std::string name, std::string fallback, std::vector<std::string> choices,
                               std::string meaning);
/// Free text: a passage, or the name of a file that the caller has read (the core opens no files of its own accord).
ParameterSpec text_parameter(std::string name, std::string meaning);

/// The checked values of one run. Every getter's name must be one of the spec's (a defect otherwise: Error{internal}).
class Parameters {
 public:
  /// Fallbacks, then the protocol's values, then `given` ("key" -> "value" as typed by the user).
  /// Throws Error{invalid_argument} for an unknown key (naming the closest), a value that is not of its kind, or one
  /// out of its range; details: name, value, range.
  Parameters(const std::vector<ParameterSpec>& specs, std::string protocol,
             const std::vector<std::pair<std::string, std::string>>& given);

  const std::string& protocol() const { return protocol_; }
  std::int64_t integer(std::string_view name) const;
  std::size_t count(std::string_view name) const;  // an integer that is not negative
  double real(std::string_view name) const;
  bool boolean(std::string_view name) const;
  const std::string& text(std::string_view name) const;  // also of a choice
  /// Whether the caller named it, rather than a default.
  bool is_given(std::string_view name) const;

  const std::vector<std::pair<std::string, ParameterValue>>& values() const { return values_; }  // in the specs' order

 private:
  const ParameterValue& find(std::string_view name) const;

  std::string protocol_;
  std::vector<std::pair<std::string, ParameterValue>> values_;
  std::vector<std::string> given_;
};

}  // namespace soi
