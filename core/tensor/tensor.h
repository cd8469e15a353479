#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/tensor/buffer.h"

namespace soi {

using Shape = std::vector<std::size_t>;  // outermost dimension first

/// Product of the dimensions; 1 for a scalar's empty shape. The largest number where the product does not fit.
std::size_t n_elements(const Shape& shape);

/// "[5, 768]", for messages.
std::string to_string(const Shape& shape);

/// Rows of float32 that somebody else owns; row r starts at data + r * stride.
struct ConstMatrixView {
  const float* data = nullptr;
  std::size_t n_rows = 0;
  std::size_t n_cols = 0;
  std::size_t stride = 0;  // floats from one row to the next, >= n_cols

  const float* row(std::size_t r) const { return data + r * stride; }
  std::span<const float> operator[](std::size_t r) const { return {row(r), n_cols}; }
};

struct MatrixView {
  float* data = nullptr;
  std::size_t n_rows = 0;
  std::size_t n_cols = 0;
  std::size_t stride = 0;

  float* row(std::size_t r) const { return data + r * stride; }
  std::span<float> operator[](std::size_t r) const { return {row(r), n_cols}; }
  // Whoever may write may read.
  operator ConstMatrixView() const { return {data, n_rows, n_cols, stride}; }  // NOLINT(google-explicit-constructor)
};

/// An owned, contiguous, row-major float32 array of any rank. Movable; copied only by `clone()`, so that no copy of
/// something large is made unseen.
class Tensor {
 public:
  Tensor() = default;

  /// All zero. Throws Error{out_of_memory}.
  explicit Tensor(Shape shape);

  /// Values not set. Throws Error{out_of_memory}.
  static Tensor uninitialized(Shape shape);

  /// Copies `values`, which must hold n_elements(shape) numbers.
  static Tensor from_values(Shape shape, std::span<const float> values);

  Tensor clone() const;

  const Shape& shape() const { return shape_; }
  std::size_t rank() const { return shape_.size(); }
  std::size_t dim(std::size_t axis) const { return shape_.at(axis); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  float* data() { return reinterpret_cast<float*>(buffer_.data()); }
  const float* data() const { return reinterpret_cast<const float*>(buffer_.data()); }
  std::span<float> values() { return {data(), size_}; }
  std::span<const float> values() const { return {data(), size_}; }

  /// One index a dimension. Bounds are checked in debug builds.
  template <typename... Index>
  float& operator()(Index... index) {
    return data()[offset({static_cast<std::size_t>(index)...})];
  }
  template <typename... Index>
  float operator()(Index... index) const {
    return data()[offset({static_cast<std::size_t>(index)...})];
  }

  /// As a matrix whose columns are the last dimension and whose rows are all the others together.
  MatrixView matrix();
  ConstMatrixView matrix() const;

 private:
  std::size_t offset(std::initializer_list<std::size_t> index) const {
    assert(index.size() == shape_.size());
    std::size_t position = 0;
    std::size_t axis = 0;
    for (std::size_t i : index) {
      assert(i < shape_[axis]);
      position = position * shape_[axis++] + i;
    }
    return position;
  }

  Shape shape_;
  std::size_t size_ = 0;
  Buffer buffer_;
};

}  // namespace soi
