#pragma once

#include <vector>

#include "core/model/gpt2.h"

namespace soi {

/// Rows of each layer lie contiguous: [capacity, d_model], of which the first `length` count. A run writes its new rows
/// beyond `length` and raises it only when it has succeeded.
struct KeyValueCache::State {
  Config config;
  std::size_t length = 0;
  std::size_t capacity = 0;
  std::vector<Tensor> keys;    // by layer
  std::vector<Tensor> values;  // by layer

  /// Makes room for that many positions, doubling at least, layer by layer; what is there stays, also where
  /// Error{out_of_memory} is thrown midway.
  void reserve(std::size_t n_positions);
};

}  // namespace soi
