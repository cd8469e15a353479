#include "core/model/key_value_cache.h"

#include <algorithm>

namespace soi {
namespace {

Tensor grown(const Tensor& rows, std::size_t n_used, std::size_t capacity, std::size_t d_model) {
  Tensor larger = Tensor::uninitialized({capacity, d_model});
  std::copy_n(rows.data(), n_used * d_model, larger.data());
  return larger;
}

}  // namespace

KeyValueCache::KeyValueCache(const Config& config) : state_(std::make_unique<State>()) {
  state_->config = config;
  state_->keys.resize(config.n_layers);
  state_->values.resize(config.n_layers);
}

KeyValueCache::~KeyValueCache() = default;
KeyValueCache::KeyValueCache(KeyValueCache&&) noexcept = default;
KeyValueCache& KeyValueCache::operator=(KeyValueCache&&) noexcept = default;

std::size_t KeyValueCache::length() const { return state_->length; }

void KeyValueCache::truncate(std::size_t length) { state_->length = std::min(state_->length, length); }

void KeyValueCache::State::reserve(std::size_t n_positions) {
  if (n_positions <= capacity) return;
  const std::size_t new_capacity = std::min(std::max(n_positions, 2 * capacity), std::max(n_positions, config.n_ctx));
  for (std::size_t layer = 0; layer < config.n_layers; ++layer) {
    keys[layer] = grown(keys[layer], length, new_capacity, config.d_model);
    values[layer] = grown(values[layer], length, new_capacity, config.d_model);
  }
  capacity = new_capacity;
}

}  // namespace soi
