#include "core/hooks/hook_name.h"

#include <charconv>
#include <optional>

#include "core/tensor/closest_name.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

constexpr std::string_view kTemplates[] = {
#define SOI_HOOK_TEMPLATE(point, name, shape) name,
    SOI_HOOK_POINTS(SOI_HOOK_TEMPLATE)
#undef SOI_HOOK_TEMPLATE
};

constexpr std::string_view kShapes[] = {
#define SOI_HOOK_SHAPE(point, name, shape) shape,
    SOI_HOOK_POINTS(SOI_HOOK_SHAPE)
#undef SOI_HOOK_SHAPE
};

constexpr std::string_view kLayerMark = "{}";
constexpr std::string_view kBlockPrefix = "blocks.";

/// A name taken apart: "blocks.4.mlp.hook_pre" is layer 4 of "blocks.{}.mlp.hook_pre".
struct NameParts {
  std::string name_template;
  std::size_t layer = 0;
};

/// Empty where what stands for the layer is no decimal number as hook_name writes it.
std::optional<NameParts> take_apart(std::string_view name) {
  if (!name.starts_with(kBlockPrefix)) return NameParts{std::string(name), 0};
  const std::string_view after = name.substr(kBlockPrefix.size());
  const std::string_view digits = after.substr(0, after.find('.'));
  NameParts parts;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parts.layer);
  const bool has_leading_zero = digits.size() > 1 && digits.front() == '0';
  if (error != std::errc{} || end != digits.data() + digits.size() || has_leading_zero) return std::nullopt;
  parts.name_template = std::string(kBlockPrefix) + std::string(kLayerMark) + std::string(after.substr(digits.size()));
  return parts;
}

std::string closest_hook(std::string_view name, std::size_t n_layers) {
  std::vector<std::string> names;
  for (Hook hook : all_hooks(n_layers)) names.push_back(hook_name(hook));
  return closest_name(name, names);
}

}  // namespace

bool in_block(HookPoint point) { return hook_template(point).starts_with(kBlockPrefix); }

std::string hook_name(Hook hook) {
  std::string name(hook_template(hook.point));
  if (in_block(hook.point)) name.replace(name.find(kLayerMark), kLayerMark.size(), std::to_string(hook.layer));
  return name;
}

std::string_view hook_template(HookPoint point) { return kTemplates[static_cast<std::size_t>(point)]; }

std::string_view hook_shape(HookPoint point) { return kShapes[static_cast<std::size_t>(point)]; }

const std::vector<HookPoint>& hook_points() {
  static const std::vector<HookPoint> points = {
#define SOI_HOOK_POINT(point, name, shape) HookPoint::point,
      SOI_HOOK_POINTS(SOI_HOOK_POINT)
#undef SOI_HOOK_POINT
  };
  return points;
}

std::vector<Hook> all_hooks(std::size_t n_layers) {
  std::vector<Hook> hooks = {{HookPoint::embed}, {HookPoint::pos_embed}};
  for (std::size_t layer = 0; layer < n_layers; ++layer) {
    for (HookPoint point : hook_points()) {
      if (in_block(point)) hooks.push_back({point, layer});
    }
  }
  for (HookPoint point : {HookPoint::ln_final_scale, HookPoint::ln_final_normalized, HookPoint::logits}) {
    hooks.push_back({point});
  }
  return hooks;
}

void check_hook(Hook hook, std::size_t n_layers) {
  if (in_block(hook.point) ? hook.layer < n_layers : hook.layer == 0) return;
  throw Error(ErrorCode::hook_layer,
              "The model has no " + hook_name(hook) + ": it has " + std::to_string(n_layers) + " blocks.",
              "Blocks are counted from 0, to " + std::to_string(n_layers - 1) + " in this model.",
              {{"hook", hook_name(hook)}, {"n_layers", std::to_string(n_layers)}});
}

Hook parse_hook(std::string_view name, std::size_t n_layers) {
  if (const std::optional<NameParts> parts = take_apart(name)) {
    for (HookPoint point : hook_points()) {
      if (hook_template(point) != parts->name_template) continue;
      const Hook hook{point, parts->layer};
      check_hook(hook, n_layers);
      return hook;
    }
  }
  const std::string closest = closest_hook(name, n_layers);
  throw Error(ErrorCode::hook_unknown, "There is no hook \"" + std::string(name) + "\".",
              "The closest name is \"" + closest + "\".", {{"hook", std::string(name)}, {"closest", closest}});
}

}  // namespace soi
