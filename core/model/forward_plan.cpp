#include "core/model/forward_plan.h"

#include <cassert>
#include <utility>

#include "core/tensor/error.h"

namespace soi {

void ForwardPlan::add(double cost, std::function<void()> operation) {
  assert(cost > 0.0);
  total_cost_ += cost;
  operations_.push_back({cost, std::move(operation)});
}

double ForwardPlan::fraction() const { return done() ? 1.0 : done_cost_ / total_cost_; }

void ForwardPlan::advance(double budget) {
  if (has_failed_) throw Error(ErrorCode::internal, "A run that has failed cannot be continued.");
  has_failed_ = true;
  for (double spent = 0.0; !done() && spent < budget; ++next_) {
    operations_[next_].run();
    spent += operations_[next_].cost;
    done_cost_ += operations_[next_].cost;
  }
  has_failed_ = false;
}

}  // namespace soi
