#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "core/analysis/ged.h"
#include "core/analysis/matrix.h"

namespace soi {

/// What the two classes' covariances are taken about.
enum class ClassCentring : std::uint8_t {
  per_class,  // each class's own mean: the difference of the means plays no part
  grand,      // the average of the two means: it does
  none,       // zero
};

struct ClassContrastSettings {
  ClassCentring centring = ClassCentring::per_class;
  double variance_share = 0.99;  // of the pooled variance, to be kept by the principal components
  bool one_fewer = false;        // one component fewer than the share needs
  double gamma = 0.01;           // shrinkage of the reference
  bool shrink_both = false;      // of the signal as well
};

/// Generalized eigendecomposition of two classes in the space of their pooled principal components (Cohen 2022, "A
/// tutorial on generalized eigendecomposition for denoising, contrast enhancement, and dimension reduction").
struct ClassContrast {
  Vector pooled_variances;            // [rank] of the average of the two covariances, largest first
  Matrix basis;                       // [p, k]: the components that are kept
  Matrix covariance_a, covariance_b;  // [k, k], in the basis
  Matrix signal_a, signal_b;          // the same as the solver takes them for S: shrunk or not
  Matrix reference_a, reference_b;    // and for R: shrunk
  Vector centre;                      // [p], the average of the class means
  Vector mean_difference;             // [p], mean of a minus mean of b
  Ged a_over_b;                       // S from a, R from b
  Ged b_over_a;                       // and the other way round
};

/// a [n_a, p], b [n_b, p]. Throws Error{invalid_argument} where the rows do not vary, hold NaN, or leave a reference
/// that is singular (gamma 0).
ClassContrast contrast_classes(const Matrix& a, const Matrix& b, const ClassContrastSettings& settings);

/// The same on components that are given, [p, k]: `pooled_variances` stays empty.
ClassContrast contrast_in_basis(const Matrix& a, const Matrix& b, const Matrix& basis,
                                const ClassContrastSettings& settings);

/// Directions that tell a from b: the two of the decomposition, and simpler ones to hold against them.
enum class ContrastFilter : std::uint8_t {
  a_over_b,         // first eigenvector with S from a
  b_over_a,         // first eigenvector with S from b
  mean_difference,  // mean of a minus mean of b
  lda,              // Fisher's: the pooled covariance, shrunk by gamma, inverted on the mean difference; in the basis
  first_component,  // of the pooled PCA
};
inline constexpr std::array kContrastFilters = {ContrastFilter::a_over_b, ContrastFilter::b_over_a,
                                                ContrastFilter::mean_difference, ContrastFilter::lda,
                                                ContrastFilter::first_component};
std::string_view contrast_filter_name(ContrastFilter filter);

/// One of them as [p], of length 1 (0 where there is none), its sign such that the mean of a is not below that of b.
Vector filter_direction(const ClassContrast& contrast, ContrastFilter filter, double gamma);

/// The forward pattern of a first eigenvector in the space of the rows [p], from its signal covariance: shrunk as the
/// solver's reference is, or not. Signs go with `filter_direction`.
Vector filter_pattern(const ClassContrast& contrast, ContrastFilter filter, bool shrunk);

/// How far two sets of scores, of which row i of one belongs with row i of the other, are apart.
struct Separation {
  double variance_ratio = 0;  // of a over b
  double d_prime = 0;         // difference of means, in units of the root of the average variance
  double accuracy = 0;        // share of the pairs with a above b; a tie is half
};

/// Variances are taken about each fold's own class means and pooled. Folds of a single pair add nothing to them.
Separation separate(const Vector& scores_a, const Vector& scores_b, const std::vector<std::size_t>& fold_of);

/// Fits all filters on the pairs of `fitted` outside of one fold, and writes the scores of the pairs of `tried` inside:
/// column f of `scores_a` and `scores_b` [n, kContrastFilters.size()] is of filter f. Both hold a's rows and b's, of
/// the same pairs: the same, or under two labellings, and then the mean difference that gives the filters their signs
/// is that of `tried`, outside of the fold too. Rows of other folds stay as they are, so folds may be scored at the
/// same time.
void score_fold(const std::pair<Matrix, Matrix>& fitted, const std::pair<Matrix, Matrix>& tried,
                const std::vector<std::size_t>& fold_of, std::size_t fold, const ClassContrastSettings& settings,
                Matrix& scores_a, Matrix& scores_b);

}  // namespace soi
