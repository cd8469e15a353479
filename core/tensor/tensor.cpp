#include "core/tensor/tensor.h"

#include <algorithm>
#include <limits>

namespace soi {
namespace {

constexpr std::size_t kMax = std::numeric_limits<std::size_t>::max();

/// kMax where the product is larger: more memory than any machine has, so that Buffer refuses it.
std::size_t saturated_product(std::size_t x, std::size_t y) { return y != 0 && x > kMax / y ? kMax : x * y; }

}  // namespace

std::size_t n_elements(const Shape& shape) {
  if (std::ranges::find(shape, std::size_t{0}) != shape.end()) return 0;
  std::size_t product = 1;
  for (std::size_t dim : shape) product = saturated_product(product, dim);
  return product;
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (axis > 0) text += ", ";
    text += std::to_string(shape[axis]);
  }
  return text + "]";
}

Tensor Tensor::uninitialized(Shape shape) {
  Tensor tensor;
  tensor.size_ = n_elements(shape);
  tensor.shape_ = std::move(shape);
  tensor.buffer_ = Buffer(saturated_product(tensor.size_, sizeof(float)));
  return tensor;
}

Tensor::Tensor(Shape shape) : Tensor(uninitialized(std::move(shape))) { std::ranges::fill(values(), 0.0f); }

Tensor Tensor::from_values(Shape shape, std::span<const float> values) {
  Tensor tensor = uninitialized(std::move(shape));
  assert(values.size() == tensor.size());
  std::ranges::copy(values, tensor.data());
  return tensor;
}

// Nothing has no dimensions, as a scalar, but no number either.
Tensor Tensor::clone() const { return empty() && shape_.empty() ? Tensor() : from_values(shape_, values()); }

MatrixView Tensor::matrix() {
  if (shape_.empty()) return {data(), size_, 1, 1};  // a scalar, or nothing
  std::size_t n_rows = 1;
  for (std::size_t axis = 0; axis + 1 < shape_.size(); ++axis) n_rows *= shape_[axis];
  return {data(), n_rows, shape_.back(), shape_.back()};
}

ConstMatrixView Tensor::matrix() const { return const_cast<Tensor*>(this)->matrix(); }

}  // namespace soi
