#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace soi {

/// The operations of a run in their order, each with its cost, so that they can be done in steps of bounded length.
class ForwardPlan {
 public:
  /// `cost`: floating-point operations, roughly; above 0, so that the fraction is 1 only at the end.
  void add(double cost, std::function<void()> operation);

  bool done() const { return next_ == operations_.size(); }
  double fraction() const;

  /// Does operations until they cost `budget` or more, at least one. After an exception, the plan is not to be
  /// continued: Error{internal}.
  void advance(double budget);

 private:
  struct Operation {
    double cost;
    std::function<void()> run;
  };
  std::vector<Operation> operations_;
  std::size_t next_ = 0;
  double total_cost_ = 0.0;
  double done_cost_ = 0.0;
  bool has_failed_ = false;
};

}  // namespace soi
