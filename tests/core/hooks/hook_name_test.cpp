#include "core/hooks/hook_name.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/tensor/error.h"

namespace soi {
namespace {

Error parse_error(const std::string& name, std::size_t n_layers) {
  try {
    parse_hook(name, n_layers);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << name << " was taken";
  return Error(ErrorCode::internal, "");
}

std::string detail(const Error& error, const std::string& key) {
  for (const auto& [name, value] : error.details) {
    if (name == key) return value;
  }
  return "no " + key;
}

TEST(HookName, IsTransformerLenss) {
  EXPECT_EQ("hook_embed", hook_name({HookPoint::embed}));
  EXPECT_EQ("blocks.0.hook_resid_pre", hook_name({HookPoint::resid_pre, 0}));
  EXPECT_EQ("blocks.11.attn.hook_attn_scores", hook_name({HookPoint::attn_scores, 11}));
  EXPECT_EQ("blocks.4.mlp.hook_pre", hook_name({HookPoint::mlp_pre, 4}));
  EXPECT_EQ("blocks.47.ln2.hook_scale", hook_name({HookPoint::ln2_scale, 47}));
  EXPECT_EQ("ln_final.hook_normalized", hook_name({HookPoint::ln_final_normalized}));
  EXPECT_EQ("logits", hook_name({HookPoint::logits}));
}

TEST(HookName, EachParsesBackToItsHook) {
  std::set<std::string> names;
  for (const Hook hook : all_hooks(12)) {
    EXPECT_EQ(hook, parse_hook(hook_name(hook), 12));
    names.insert(hook_name(hook));
  }
  EXPECT_EQ(2u + 12u * 17u + 3u, names.size());
}

TEST(HookName, AllHooksComeInTheOrderOfARun) {
  const std::vector<Hook> hooks = all_hooks(2);
  ASSERT_EQ(2u + 2u * 17u + 3u, hooks.size());
  EXPECT_EQ("hook_embed", hook_name(hooks[0]));
  EXPECT_EQ("hook_pos_embed", hook_name(hooks[1]));
  EXPECT_EQ("blocks.0.hook_resid_pre", hook_name(hooks[2]));
  EXPECT_EQ("blocks.0.hook_resid_post", hook_name(hooks[18]));
  EXPECT_EQ("blocks.1.hook_resid_pre", hook_name(hooks[19]));
  EXPECT_EQ("ln_final.hook_scale", hook_name(hooks[36]));
  EXPECT_EQ("logits", hook_name(hooks.back()));
}

TEST(HookName, TemplatesAndShapesAreTheTables) {
  EXPECT_EQ(22u, hook_points().size());
  EXPECT_EQ("blocks.{}.attn.hook_pattern", hook_template(HookPoint::pattern));
  EXPECT_EQ("n_heads T T", hook_shape(HookPoint::pattern));
  EXPECT_EQ("T 1", hook_shape(HookPoint::ln_final_scale));
  EXPECT_TRUE(in_block(HookPoint::mlp_out));
  EXPECT_FALSE(in_block(HookPoint::pos_embed));
  EXPECT_FALSE(in_block(HookPoint::ln_final_scale));
}

TEST(HookName, UnknownNameIsAnsweredWithTheClosest) {
  const auto closest = [](const std::string& name) {
    const Error error = parse_error(name, 12);
    EXPECT_EQ(ErrorCode::hook_unknown, error.code) << name;
    EXPECT_EQ(name, detail(error, "hook"));
    EXPECT_NE(std::string::npos, error.hint.find(detail(error, "closest"))) << error.hint;
    return detail(error, "closest");
  };
  EXPECT_EQ("blocks.4.mlp.hook_pre", closest("blocks.4.mlp.hook_per"));
  EXPECT_EQ("blocks.4.mlp.hook_post", closest("blocks.4.mlp.post"));
  EXPECT_EQ("blocks.7.hook_resid_post", closest("block.7.hook_resid_post"));
  EXPECT_EQ("logits", closest("logit"));
  EXPECT_EQ("ln_final.hook_scale", closest("ln_f.hook_scale"));
}

TEST(HookName, NonsenseIsUnknownToo) {
  for (const std::string name :
       {"", "blocks.", "blocks..hook_resid_pre", "blocks.-1.hook_resid_pre", "blocks.1", "blocks.1.",
        "blocks.99999999999999999999999.hook_resid_pre", "blocks.{}.hook_resid_pre", "blocks.1.hook_resid_pre ",
        "blocks.+1.hook_resid_pre", "blocks.01.hook_resid_pre"}) {
    EXPECT_EQ(ErrorCode::hook_unknown, parse_error(name, 2).code) << name;
  }
  EXPECT_EQ(ErrorCode::hook_unknown, parse_error(std::string(100000, 'b'), 48).code);
}

TEST(HookName, BlockBeyondTheModelHasItsOwnError) {
  const Error error = parse_error("blocks.12.mlp.hook_pre", 12);
  EXPECT_EQ(ErrorCode::hook_layer, error.code);
  EXPECT_EQ("blocks.12.mlp.hook_pre", detail(error, "hook"));
  EXPECT_EQ("12", detail(error, "n_layers"));
  EXPECT_EQ((Hook{HookPoint::mlp_pre, 11}), parse_hook("blocks.11.mlp.hook_pre", 12));
}

}  // namespace
}  // namespace soi
