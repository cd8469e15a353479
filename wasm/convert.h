#pragma once

#include <emscripten/val.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/tensor/error.h"
#include "wasm/camel_case.h"
#include "wasm/protocol.h"

namespace soi::wasm {

using emscripten::val;

/// C++ values to JavaScript's. Columns are copied into arrays of their own: no view of WASM memory leaves.
inline val to_js(bool value) { return val(value); }
inline val to_js(std::int32_t value) { return val(value); }
inline val to_js(std::size_t value) { return val(static_cast<double>(value)); }
inline val to_js(float value) { return val(value); }
inline val to_js(double value) { return val(value); }
inline val to_js(const std::string& value) { return val(value); }
inline val to_js(NumberFormat format) {
  return val(std::string(number_format_names.at(static_cast<std::size_t>(format))));
}

template <typename T>
val copied_array(const char* constructor, std::size_t size, const T* data) {
  return val::global(constructor).new_(val(emscripten::typed_memory_view(size, data)));
}
inline val to_js(const IntColumn& column) {
  return copied_array("Int32Array", column.values.size(), column.values.data());
}
inline val to_js(const FloatColumn& column) {
  return copied_array("Float32Array", column.values.size(), column.values.data());
}
inline val to_js(const DoubleColumn& column) {
  return copied_array("Float64Array", column.values.size(), column.values.data());
}
inline val to_js(const ByteColumn& column) {
  return copied_array("Uint8Array", column.values.size(), reinterpret_cast<const unsigned char*>(column.values.data()));
}

template <Message T>
val to_js(const T& message);

template <typename T>
val to_js(const std::vector<T>& values) {
  val array = val::array();
  for (std::size_t i = 0; i < values.size(); ++i) array.set(i, to_js(values[i]));
  return array;
}

template <Message T>
val to_js(const T& message) {
  val object = val::object();
  T::visit_fields(
      message, [&](const char* name, const auto& field, const char*) { object.set(camel_case(name), to_js(field)); });
  return object;
}

[[noreturn]] inline void refuse(const std::string& name, const char* range) {
  throw Error(ErrorCode::invalid_argument, name + " must be " + range + ".", {}, {{"name", name}, {"range", range}});
}

/// JavaScript's values to C++, judged: `name` is for the message. Throws Error{invalid_argument}.
inline void from_js(const val& value, const std::string& name, bool& out) {
  if (!value.isTrue() && !value.isFalse()) refuse(name, "true or false");
  out = value.isTrue();
}
inline void from_js(const val& value, const std::string& name, double& out) {
  if (!value.isNumber()) refuse(name, "a number");
  out = value.as<double>();
  if (!std::isfinite(out)) refuse(name, "a finite number");
}
template <std::integral T>
void from_js(const val& value, const std::string& name, T& out) {
  double number = 0;
  from_js(value, name, number);
  if (number != std::floor(number) || number < std::numeric_limits<T>::lowest() ||
      number > static_cast<double>(std::numeric_limits<T>::max())) {
    refuse(name, "a whole number in its range");
  }
  out = static_cast<T>(number);
}
inline void from_js(const val& value, const std::string& name, std::string& out) {
  if (!value.isString()) refuse(name, "a string");
  out = value.as<std::string>();
}
inline void from_js(const val& value, const std::string& name, ByteColumn& out) {
  if (!value.instanceof(val::global("Uint8Array"))) refuse(name, "a Uint8Array");
  out.values = value.as<std::string>();
}
inline void from_js(const val& value, const std::string& name, NumberFormat& out) {
  std::string spelled;
  from_js(value, name, spelled);
  for (std::size_t i = 0; i < number_format_names.size(); ++i) {
    if (spelled == number_format_names[i]) {
      out = static_cast<NumberFormat>(i);
      return;
    }
  }
  refuse(name, "f32, f16 or int8");
}
template <typename T>
void from_js(const val& value, const std::string& name, std::vector<T>& out) {
  if (!value.isArray()) refuse(name, "a list");
  out.resize(value["length"].as<std::size_t>());
  for (std::size_t i = 0; i < out.size(); ++i) from_js(value[i], name + "[" + std::to_string(i) + "]", out[i]);
}
inline void from_js(const val& value, const std::string& name, Settings& out) {
  if (value.typeOf().as<std::string>() != "object" || value.isNull()) refuse(name, "an object");
  const val entries = val::global("Object").call<val>("entries", value);
  out.resize(entries["length"].as<std::size_t>());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].first = entries[i][0].as<std::string>();
    from_js(entries[i][1], name + "." + out[i].first, out[i].second);
  }
}
template <typename T>
void from_js(const val& value, const std::string& name, std::optional<T>& out) {
  if (value.isUndefined()) return;
  from_js(value, name, out.emplace());
}

template <Message T>
T from_js(const val& object) {
  T message;
  T::visit_fields(message, [&](const char* name, auto& field, const char*) {
    const std::string spelled = camel_case(name);
    from_js(object[spelled], spelled, field);
  });
  return message;
}

}  // namespace soi::wasm
