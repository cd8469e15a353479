#pragma once

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "core/analysis/matrix.h"
#include "core/kernels/random.h"
#include "tests/golden/golden.h"

namespace soi {

inline constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

/// The cases of one method: what tools/oracles/analysis_linear_algebra.py wrote.
inline nlohmann::json linear_algebra_cases(const std::string& method) {
  const std::string path = std::string(SOI_SOURCE_DIR) + "/tests/golden/analysis/linear_algebra.json";
  return nlohmann::json::parse(read_text(path)).at(method);
}

inline Vector vector_of(const nlohmann::json& list) {
  Vector vector(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) vector(static_cast<Eigen::Index>(i)) = list[i];
  return vector;
}

inline Matrix matrix_of(const nlohmann::json& rows) {
  Matrix matrix(rows.size(), rows.empty() ? 0 : rows[0].size());
  for (std::size_t r = 0; r < rows.size(); ++r) matrix.row(static_cast<Eigen::Index>(r)) = vector_of(rows[r]);
  return matrix;
}

/// Standard normal numbers, the same on every run.
inline Matrix random_matrix(Eigen::Index n_rows, Eigen::Index n_cols, std::uint64_t seed) {
  Matrix matrix(n_rows, n_cols);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) {
    matrix.data()[i] = static_cast<double>(normal(seed, 0, static_cast<std::uint64_t>(i)));
  }
  return matrix;
}

/// The largest difference of two matrices (or vectors) of the same shape; infinite where the shapes differ.
template <typename A, typename B>
double distance(const A& a, const B& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return std::numeric_limits<double>::infinity();
  return a.size() == 0 ? 0.0 : (a - b).cwiseAbs().maxCoeff();
}

/// Of two sets of orthonormal columns: how far the spans are apart, as the largest entry of the difference of
/// projectors. It knows no signs, and no basis within equal eigenvalues.
inline double span_distance(const Matrix& a, const Matrix& b) {
  return distance(Matrix(a * a.transpose()), Matrix(b * b.transpose()));
}

/// Spans of each run of equal values (within `equal`) of two sets of columns, compared run by run.
inline double largest_span_distance(const Vector& values, double equal, const Matrix& a, const Matrix& b) {
  double largest = 0;
  for (Eigen::Index begin = 0; begin < values.size();) {
    Eigen::Index end = begin + 1;
    while (end < values.size() && values(end - 1) - values(end) <= equal) ++end;
    largest = std::max(largest, span_distance(a.middleCols(begin, end - begin), b.middleCols(begin, end - begin)));
    begin = end;
  }
  return largest;
}

/// The smallest step between values that are not equal (within `equal`); 1 where there is none.
inline double smallest_gap(const Vector& values, double equal) {
  double smallest = std::numeric_limits<double>::infinity();
  for (Eigen::Index i = 1; i < values.size(); ++i) {
    const double gap = values(i - 1) - values(i);
    if (gap > equal) smallest = std::min(smallest, gap);
  }
  return std::isinf(smallest) ? 1.0 : smallest;
}

/// What two backward stable symmetric eigensolvers may differ by: each is exact for a matrix within c p eps |a| of a
/// (c = 10 here), so values differ by twice that, and vectors by it over the gap to the next value (Davis and Kahan
/// 1970).
inline double eigenvalue_tolerance(Eigen::Index p, double norm) {
  return 2 * 10 * static_cast<double>(p) * kEpsilon * norm;
}

}  // namespace soi
