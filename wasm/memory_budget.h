#pragma once

#include "core/weights/checkpoint.h"

namespace soi::wasm {

/// Refuses a model that the module's memory cannot hold beside what it holds now, before any of it is read: otherwise
/// gigabytes would be read to find out. Throws Error{out_of_memory}.
void require_room(const Checkpoint& checkpoint);

}  // namespace soi::wasm
