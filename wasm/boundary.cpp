#include "wasm/boundary.h"

#include <new>
#include <string>

#include "core/tensor/error.h"

namespace soi::wasm {
namespace {

using emscripten::val;

val failure(const Error& error) {
  val details = val::object();
  for (const auto& [key, value] : error.details) details.set(key, value);
  val data = val::object();
  data.set("code", std::string(error_code_name(error.code)));
  data.set("message", std::string(error.what()));
  data.set("hint", error.hint);
  data.set("details", details);
  val outcome = val::object();
  outcome.set("error", data);
  return outcome;
}

}  // namespace

val guarded(const std::function<val()>& body) {
  try {
    val outcome = val::object();
    outcome.set("value", body());
    return outcome;
  } catch (const Error& error) {
    return failure(error);
  } catch (const std::bad_alloc&) {
    return failure(Error(ErrorCode::out_of_memory, "Out of memory.",
                         "Choose a smaller model or number format (f16, int8), a shorter text, or fewer hooks."));
  } catch (const std::exception& error) {
    return failure(Error(ErrorCode::internal, error.what()));
  } catch (...) {
    return failure(Error(ErrorCode::internal, "An exception of unknown type."));
  }
}

}  // namespace soi::wasm
