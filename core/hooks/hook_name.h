#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace soi {

/// The points of GPT-2 that can be read and written. The names are TransformerLens's, spelled here once; the table
/// generates TypeScript's. `{}` stands for the block's index; shapes are of one lane of T tokens.
///   X(point, name, shape)
/// Two traps: a `scale` is sqrt(var + eps), a divisor; a `normalized` is the LayerNorm's output, after gain and bias.
/// attn_out and mlp_out include the output bias. attn_scores are scaled by 1/sqrt(d_head), and -infinity where the
/// query may not look.
#define SOI_HOOK_POINTS(X)                                                  \
  X(embed, "hook_embed", "T d_model") /* wte row, before wpe */             \
  X(pos_embed, "hook_pos_embed", "T d_model")                               \
  X(resid_pre, "blocks.{}.hook_resid_pre", "T d_model")                     \
  X(ln1_scale, "blocks.{}.ln1.hook_scale", "T 1")                           \
  X(ln1_normalized, "blocks.{}.ln1.hook_normalized", "T d_model")           \
  X(q, "blocks.{}.attn.hook_q", "T n_heads d_head")                         \
  X(k, "blocks.{}.attn.hook_k", "T n_heads d_head")                         \
  X(v, "blocks.{}.attn.hook_v", "T n_heads d_head")                         \
  X(attn_scores, "blocks.{}.attn.hook_attn_scores", "n_heads T T")          \
  X(pattern, "blocks.{}.attn.hook_pattern", "n_heads T T")                  \
  X(z, "blocks.{}.attn.hook_z", "T n_heads d_head")                         \
  X(attn_out, "blocks.{}.hook_attn_out", "T d_model")                       \
  X(resid_mid, "blocks.{}.hook_resid_mid", "T d_model")                     \
  X(ln2_scale, "blocks.{}.ln2.hook_scale", "T 1")                           \
  X(ln2_normalized, "blocks.{}.ln2.hook_normalized", "T d_model")           \
  X(mlp_pre, "blocks.{}.mlp.hook_pre", "T d_mlp")   /* c_fc, before GELU */ \
  X(mlp_post, "blocks.{}.mlp.hook_post", "T d_mlp") /* after GELU */        \
  X(mlp_out, "blocks.{}.hook_mlp_out", "T d_model")                         \
  X(resid_post, "blocks.{}.hook_resid_post", "T d_model")                   \
  X(ln_final_scale, "ln_final.hook_scale", "T 1")                           \
  X(ln_final_normalized, "ln_final.hook_normalized", "T d_model")           \
  X(logits, "logits", "T n_vocab")

enum class HookPoint : std::uint8_t {
#define SOI_HOOK_ENUM(point, name, shape) point,
  SOI_HOOK_POINTS(SOI_HOOK_ENUM)
#undef SOI_HOOK_ENUM
};

/// One hook of one model. `layer` is 0 for points outside the blocks. Ordered by point, as a forward run meets them
/// within a block, then by layer.
struct Hook {
  HookPoint point = HookPoint::embed;
  std::size_t layer = 0;

  auto operator<=>(const Hook&) const = default;
};

/// Whether the point is inside a block, so that `layer` counts.
bool in_block(HookPoint point);

/// "blocks.4.mlp.hook_pre"
std::string hook_name(Hook hook);

/// The name with `{}` for the block, and the shape, as in the table above.
std::string_view hook_template(HookPoint point);
std::string_view hook_shape(HookPoint point);

/// All points, in the table's order.
const std::vector<HookPoint>& hook_points();

/// Every hook of a model with that many blocks, in the order of a forward run.
std::vector<Hook> all_hooks(std::size_t n_layers);

/// Throws Error{hook_layer} where a model with that many blocks has no such hook.
void check_hook(Hook hook, std::size_t n_layers);

/// Throws Error{hook_unknown} with the closest name there is, or Error{hook_layer}.
Hook parse_hook(std::string_view name, std::size_t n_layers);

}  // namespace soi
