#include "core/analysis/covariance_change.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/covariance.h"

namespace soi {
namespace {

/// a over b, one below the other.
Matrix stacked(const Matrix& a, const Matrix& b) {
  Matrix rows(a.rows() + b.rows(), a.cols());
  rows << a, b;
  return rows;
}

Matrix gram(const Matrix& rows) { return rows * rows.transpose(); }

double norm(const Matrix& m) { return std::sqrt(m.cwiseProduct(m).sum()); }

/// ||A^T A|| for centred rows A, by whichever of the two products is smaller.
double product_norm(const Matrix& rows) {
  return norm(rows.rows() < rows.cols() ? gram(rows) : Matrix(rows.transpose() * rows));
}

}  // namespace

double covariance_change(const Matrix& before, const Matrix& after) {
  const Matrix a = centred(before);
  const Matrix e = centred(after - before);
  const Matrix b = a + e;
  if (a.cols() <= a.rows()) {
    return norm(e.transpose() * a + b.transpose() * e) / product_norm(a);
  }
  // ||X^T Y||^2 = sum of (X X^T) o (Y Y^T), for X = [E; B] and Y = [A; E].
  const double squared = gram(stacked(e, b)).cwiseProduct(gram(stacked(a, e))).sum();
  return std::sqrt(std::max(squared, 0.0)) / product_norm(a);
}

double predicted_covariance_change(const Matrix& before, const Matrix& directions) {
  // With Q = V V^T: C - P C P = P C Q + Q C P + Q C Q, three parts that are orthogonal to each other.
  const Matrix a = centred(before);
  const Matrix scores = a * directions;               // [n, k]
  const Matrix image = a.transpose() * scores;        // C V, [p, k]
  const Matrix inside = scores.transpose() * scores;  // V^T C V, [k, k]
  const double outside_squared = (image - directions * inside).squaredNorm();
  return std::sqrt(2 * outside_squared + inside.squaredNorm()) / product_norm(a);
}

}  // namespace soi
