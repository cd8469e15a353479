#pragma once

#include <emscripten/val.h>

#include <functional>

namespace soi::wasm {

/// The one place where exceptions become data. Runs `body` and returns {value: what it returns}, or
/// {error: {code, message, hint, details}} for whatever C++ exception it throws.
emscripten::val guarded(const std::function<emscripten::val()>& body);

}  // namespace soi::wasm
