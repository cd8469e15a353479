#include "core/hooks/edit.h"

#include <algorithm>
#include <string>

#include "core/tensor/error.h"

namespace soi {
namespace {

template <typename... Function>
struct Overloaded : Function... {
  using Function::operator()...;
};
template <typename... Function>
Overloaded(Function...) -> Overloaded<Function...>;

/// An activation's shape as planes of rows: [T, d] and [T, n_heads, d_head] are one plane, [n_heads, T, T] one a head.
struct RowLayout {
  std::size_t n_planes = 1;
  std::size_t n_positions = 0;
  std::size_t row_size = 0;
  Shape row_shape;
};

RowLayout row_layout(HookPoint point, const Shape& shape) {
  const bool by_head = point == HookPoint::attn_scores || point == HookPoint::pattern;
  RowLayout layout;
  const std::size_t position_axis = by_head ? 1 : 0;
  if (by_head) layout.n_planes = shape.at(0);
  layout.n_positions = shape.at(position_axis);
  layout.row_shape.assign(shape.begin() + static_cast<std::ptrdiff_t>(position_axis) + 1, shape.end());
  layout.row_size = n_elements(layout.row_shape);
  return layout;
}

std::vector<std::size_t> chosen_positions(const PositionMask& mask, std::size_t n_positions) {
  if (!mask.is_all()) return mask.positions();
  std::vector<std::size_t> all(n_positions);
  for (std::size_t position = 0; position < n_positions; ++position) all[position] = position;
  return all;
}

/// How far the values move on from one plane, and from one chosen row, to the next, and within a row.
struct ValueSteps {
  std::size_t plane = 0;
  std::size_t row = 0;
  std::size_t column = 0;
};

Shape prepend(std::size_t dim, Shape shape) {
  shape.insert(shape.begin(), dim);
  return shape;
}

[[noreturn]] void throw_misfit(const Edit& edit, const Shape& values, const Shape& activation, std::size_t n_chosen) {
  const std::string name = hook_name(edit.hook);
  throw Error(ErrorCode::invalid_argument,
              "The edit at " + name + " has values of shape " + to_string(values) + ", which fit no " +
                  std::to_string(n_chosen) + " positions of an activation of shape " + to_string(activation) + ".",
              "Give one number, one row, or one row for each chosen position.",
              {{"name", name}, {"value", to_string(values)}, {"range", to_string(activation)}});
}

ValueSteps value_steps(const Edit& edit, const Tensor& values, const Shape& activation, std::size_t n_chosen) {
  const RowLayout layout = row_layout(edit.hook.point, activation);
  const Shape& shape = values.shape();
  const Shape flat_row = {layout.row_size};
  if (values.size() == 1) return {0, 0, 0};
  if (shape == layout.row_shape || shape == flat_row) return {0, 0, 1};
  if (shape == prepend(1, layout.row_shape) || shape == prepend(1, flat_row)) return {0, 0, 1};
  if (shape == prepend(n_chosen, layout.row_shape) || shape == prepend(n_chosen, flat_row)) {
    return {0, layout.row_size, 1};
  }
  if (layout.n_planes > 1 && shape == Shape{layout.n_planes, n_chosen, layout.row_size}) {
    return {n_chosen * layout.row_size, layout.row_size, 1};
  }
  throw_misfit(edit, shape, activation, n_chosen);
}

/// change(number, value) for each number of each chosen row beside its value.
template <typename Change>
void for_each_value(const Edit& edit, const Tensor& values, Tensor& activation, const Change& change) {
  const RowLayout layout = row_layout(edit.hook.point, activation.shape());
  const std::vector<std::size_t> chosen = chosen_positions(edit.positions, layout.n_positions);
  if (chosen.empty()) return;
  const ValueSteps steps = value_steps(edit, values, activation.shape(), chosen.size());
  for (std::size_t plane = 0; plane < layout.n_planes; ++plane) {
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      float* row = activation.data() + (plane * layout.n_positions + chosen[i]) * layout.row_size;
      const float* value = values.data() + plane * steps.plane + i * steps.row;
      for (std::size_t column = 0; column < layout.row_size; ++column)
        change(row[column], value[column * steps.column]);
    }
  }
}

/// change(row) for each chosen row.
template <typename Change>
void for_each_row(const Edit& edit, Tensor& activation, const Change& change) {
  const RowLayout layout = row_layout(edit.hook.point, activation.shape());
  const std::vector<std::size_t> chosen = chosen_positions(edit.positions, layout.n_positions);
  for (std::size_t plane = 0; plane < layout.n_planes; ++plane) {
    for (std::size_t position : chosen) {
      change(activation.values().subspan((plane * layout.n_positions + position) * layout.row_size, layout.row_size));
    }
  }
}

void set_mean(const Edit& edit, Tensor& activation) {
  const RowLayout layout = row_layout(edit.hook.point, activation.shape());
  const std::vector<std::size_t> chosen = chosen_positions(edit.positions, layout.n_positions);
  std::vector<double> sum(layout.row_size);
  for (std::size_t plane = 0; plane < layout.n_planes; ++plane) {
    float* rows = activation.data() + plane * layout.n_positions * layout.row_size;
    std::ranges::fill(sum, 0.0);
    for (std::size_t position : chosen) {
      for (std::size_t column = 0; column < layout.row_size; ++column) {
        sum[column] += static_cast<double>(rows[position * layout.row_size + column]);
      }
    }
    for (std::size_t position : chosen) {
      for (std::size_t column = 0; column < layout.row_size; ++column) {
        rows[position * layout.row_size + column] =
            static_cast<float>(sum[column] / static_cast<double>(chosen.size()));
      }
    }
  }
}

void call_replace(const Edit& edit, const Replace& replace, Tensor& activation) {
  const Shape before = activation.shape();
  replace.callback(activation, edit.positions);
  if (activation.shape() == before) return;
  const std::string name = hook_name(edit.hook);
  throw Error(ErrorCode::invalid_argument,
              "The callback at " + name + " changed the activation's shape from " + to_string(before) + " to " +
                  to_string(activation.shape()) + ".",
              "Write into the activation, and keep its shape.",
              {{"name", name}, {"value", to_string(activation.shape())}, {"range", to_string(before)}});
}

}  // namespace

PositionMask::PositionMask(std::vector<std::size_t> positions) : all_(false), positions_(std::move(positions)) {
  std::ranges::sort(positions_);
  const auto repeated = std::ranges::unique(positions_);
  positions_.erase(repeated.begin(), repeated.end());
}

bool PositionMask::contains(std::size_t position) const {
  return all_ || std::ranges::binary_search(positions_, position);
}

void check_edit(const Edit& edit, const Shape& activation) {
  const std::string name = hook_name(edit.hook);
  const auto* replace = std::get_if<Replace>(edit.operation.get());
  if (edit.operation == nullptr || (replace != nullptr && !replace->callback)) {
    throw Error(ErrorCode::invalid_argument, "The edit at " + name + " has no operation.", {}, {{"name", name}});
  }
  const RowLayout layout = row_layout(edit.hook.point, activation);
  const std::vector<std::size_t> chosen = chosen_positions(edit.positions, layout.n_positions);
  if (!chosen.empty() && chosen.back() >= layout.n_positions) {
    throw Error(ErrorCode::invalid_argument,
                "The edit at " + name + " names position " + std::to_string(chosen.back()) + ", but the lane has " +
                    std::to_string(layout.n_positions) + " positions.",
                "Positions are counted from 0, at the first new position of the run.",
                {{"name", name},
                 {"value", std::to_string(chosen.back())},
                 {"range", "0 to " + std::to_string(layout.n_positions - 1)}});
  }
  if (chosen.empty()) return;
  if (const auto* set = std::get_if<SetTo>(edit.operation.get())) {
    value_steps(edit, set->values, activation, chosen.size());
  } else if (const auto* add = std::get_if<AddTo>(edit.operation.get())) {
    value_steps(edit, add->values, activation, chosen.size());
  }
}

void apply_edit(const Edit& edit, Tensor& activation) {
  check_edit(edit, activation.shape());
  std::visit(Overloaded{
                 [&](const SetTo& set) {
                   for_each_value(edit, set.values, activation, [](float& number, float value) { number = value; });
                 },
                 [&](const AddTo& add) {
                   for_each_value(edit, add.values, activation, [](float& number, float value) { number += value; });
                 },
                 [&](const ScaleBy& scale) {
                   for_each_row(edit, activation, [&](std::span<float> row) {
                     for (float& number : row) number *= scale.factor;
                   });
                 },
                 [&](const SetZero&) {
                   for_each_row(edit, activation, [](std::span<float> row) { std::ranges::fill(row, 0.0f); });
                 },
                 [&](const SetMean&) { set_mean(edit, activation); },
                 [&](const Replace& replace) { call_replace(edit, replace, activation); },
             },
             *edit.operation);
}

}  // namespace soi
