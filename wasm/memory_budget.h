#pragma once

#include "core/weights/checkpoint.h"

namespace soi::wasm {

/// Refuses a model that the module's memory could not hold even if it held nothing else, before any of it is read:
/// otherwise gigabytes would be read to find out. What is there already is not counted: the page loads each model into
/// a module of its own. Throws Error{out_of_memory}.
void require_room(const Checkpoint& checkpoint);

}  // namespace soi::wasm
