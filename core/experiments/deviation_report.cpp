#include "core/experiments/deviation_report.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/descriptive.h"

namespace soi {
namespace {

class DeviationReport {
 public:
  DeviationReport(const EditedRuns& runs, ExperimentResult& result) : runs_(runs), result_(result) {}

  void run() const {
    add_checks();
    add_curve(runs_.of_layer(EditKind::removal));
    for (EditKind kind : kSingleControls) {
      const DeviationCurve curve = add_curve(runs_.of_layer(kind));
      result_.add_control(edit_name(kind), "deviation.growth", {growth(curve.absolute)});
      result_.add_control(edit_name(kind), "deviation.relative_growth", {growth(curve.relative)});
    }
    for (EditKind kind : kRepeatedControls) add_curves(kind);
    const Deviation& removal = runs_.of_layer(EditKind::removal).deviation;
    const DeviationCurve curve = deviation_curve(removal, runs_.first_position ? 0 : 1);
    const std::size_t n = curve.absolute.size();
    result_.add("deviation.growth", growth(curve.absolute));
    result_.add("deviation.relative_growth", growth(curve.relative));
    result_.add("deviation.after_edit", curve.relative[runs_.layer + 1], "share");
    result_.add("deviation.last_block", curve.relative[n - 2], "share");
    result_.add("deviation.last_block.absolute", curve.absolute[n - 2]);
    result_.add("deviation.final", curve.relative[n - 1], "share");
    result_.add("deviation.final.absolute", curve.absolute[n - 1]);
    for (const bool with_first : {true, false}) {
      const DeviationCurve one = deviation_curve(removal, with_first ? 0 : 1);
      result_.add_series(with_first ? "deviation.relative.counting_first" : "deviation.relative.without_first",
                         one.relative, "share");
    }
    result_.arrays["deviation.tokens"] = to_tensor(removal.distance.cwiseQuotient(removal.norm));
    add_clean_norms(removal);
    add_sweep();
  }

 private:
  /// What must be exactly 0: everything before the edited block, and everything where nothing is changed.
  void add_checks() const {
    double before = 0;
    double identity = 0;
    for (const BlockEdit& edit : runs_.edits) {
      const auto n_before = static_cast<Eigen::Index>(edit.layer) + 1;  // the embeddings, and the blocks before it
      before = std::max(before, edit.deviation.distance.topRows(n_before).maxCoeff());
      if (edit.kind == EditKind::identity) identity = edit.deviation.distance.maxCoeff();
    }
    result_.add("check.before_edit", before);
    result_.add("check.identity", identity);
  }

  /// From just after the edited block to the end of the last one, before ln_final: how many times as much. NaN where
  /// they are the same point.
  double growth(const std::vector<double>& curve) const {
    return runs_.layer + 1 == runs_.n_layers ? std::nan("") : curve[runs_.n_layers] / curve[runs_.layer + 1];
  }

  DeviationCurve add_curve(const BlockEdit& edit) const {
    DeviationCurve curve = deviation_curve(edit.deviation, runs_.skips_first(edit.kind) ? 1 : 0);
    const std::string suffix = figure_suffix(edit.kind);
    result_.add_series("deviation.absolute" + suffix, curve.absolute);
    result_.add_series("deviation.relative" + suffix, curve.relative, "share");
    result_.add_series("deviation.cosine" + suffix, curve.cosine);
    return curve;
  }

  /// Of a control that is repeated: all curves, their means, and what they say of growth.
  void add_curves(EditKind kind) const {
    const std::size_t n = runs_.n_random;
    const auto n_points = static_cast<Eigen::Index>(runs_.n_layers + 2);
    Matrix absolute(static_cast<Eigen::Index>(n), n_points);
    Matrix relative = absolute;
    Matrix cosine = absolute;
    std::vector<double> growths;
    std::vector<double> relative_growths;
    for (std::size_t i = 0; i < n; ++i) {
      const DeviationCurve curve = deviation_curve(runs_.of_layer(kind, i).deviation, runs_.skips_first(kind) ? 1 : 0);
      const auto row = static_cast<Eigen::Index>(i);
      absolute.row(row) = Eigen::Map<const Vector>(curve.absolute.data(), n_points).transpose();
      relative.row(row) = Eigen::Map<const Vector>(curve.relative.data(), n_points).transpose();
      cosine.row(row) = Eigen::Map<const Vector>(curve.cosine.data(), n_points).transpose();
      growths.push_back(growth(curve.absolute));
      relative_growths.push_back(growth(curve.relative));
    }
    const auto means = [](const Matrix& curves) {
      const Vector values = column_means(curves);
      return std::vector<double>(values.begin(), values.end());
    };
    const std::string suffix = figure_suffix(kind);
    result_.add_series("deviation.absolute" + suffix, means(absolute));
    result_.add_series("deviation.relative" + suffix, means(relative), "share");
    result_.add_series("deviation.cosine" + suffix, means(cosine));
    result_.arrays["deviation.absolute" + suffix] = to_tensor(absolute);
    result_.arrays["deviation.relative" + suffix] = to_tensor(relative);
    result_.add("deviation.growth" + suffix, mean(growths));
    result_.add_control(edit_name(kind), "deviation.growth", std::move(growths));
    result_.add_control(edit_name(kind), "deviation.relative_growth", std::move(relative_growths));
  }

  /// The clean run's own norms, mean over tokens: what a deviation is to be measured by.
  void add_clean_norms(const Deviation& deviation) const {
    const auto n = deviation.norm.cols() - (runs_.first_position ? 0 : 1);
    const Vector norms = deviation.norm.rightCols(n).rowwise().mean();
    const Vector first = deviation.norm.col(0);
    result_.add_series("clean.norm", {norms.begin(), norms.end()});
    result_.add_series("clean.norm.first_position", {first.begin(), first.end()});
    const auto at_edit = static_cast<Eigen::Index>(runs_.layer) + 1;
    result_.add("clean.first_position_ratio", first(at_edit) / norms(at_edit));
  }

  /// Every edited block beside every point: [n layers, n_layers + 2].
  void add_sweep() const {
    const std::vector<const BlockEdit*> removals = runs_.of_kind(EditKind::removal);
    Tensor relative(Shape{removals.size(), runs_.n_layers + 2});
    for (std::size_t i = 0; i < removals.size(); ++i) {
      const DeviationCurve curve = deviation_curve(removals[i]->deviation, runs_.first_position ? 0 : 1);
      for (std::size_t point = 0; point < curve.relative.size(); ++point) {
        relative(i, point) = static_cast<float>(curve.relative[point]);
      }
    }
    result_.arrays["sweep.relative"] = std::move(relative);
  }

  const EditedRuns& runs_;
  ExperimentResult& result_;
};

}  // namespace

void report_deviation(const EditedRuns& runs, ExperimentResult& result) { DeviationReport(runs, result).run(); }

}  // namespace soi
