"""Hugging Face's GPT-2 with every hook point of core/hooks/hook_name.h, readable and writable.

The model is transformers' own, run by its own forward functions. Torch hooks on its modules read and write; inside
attention, where no module boundary is, `hooked_attention` stands in for the library's eager function, by the library's
own registry. `check_against_stock` proves that nothing is changed by looking.
"""

import contextlib

import torch
from transformers import AttentionInterface
from transformers.masking_utils import AttentionMaskInterface, eager_mask


def hooked_attention(module, query, key, value, attention_mask, scaling=None, dropout=0.0, **kwargs):
    """transformers' eager_attention_forward, with attn_scores and pattern visited. query, key, value are
    [1, n_heads, T, d_head]. The mask is put on again after a write: no edit lets a query look ahead."""
    n_tokens = query.shape[-2]
    future = torch.ones(n_tokens, n_tokens, dtype=torch.bool).triu(1)
    scores = torch.matmul(query, key.transpose(-1, -2))[0] * scaling
    scores = module.visit("attn.hook_attn_scores", scores, lambda scores: scores.masked_fill(future, -torch.inf))
    pattern = torch.softmax(scores, dim=-1)
    pattern = module.visit("attn.hook_pattern", pattern, lambda pattern: pattern.masked_fill(future, 0.0))
    return torch.matmul(pattern[None], value).transpose(1, 2), pattern[None]


AttentionInterface.register("hooked_eager", hooked_attention)
AttentionMaskInterface.register("hooked_eager", eager_mask)


class HookedGpt2:
    """Runs one sequence at a time. Activations have the shapes of hook_name.h, without a batch dimension."""

    def __init__(self, model):
        self.model = model
        self.activations = {}
        self.edits = {}
        model.set_attn_implementation("hooked_eager")
        transformer = model.transformer
        transformer.wte.register_forward_hook(self._on_output("hook_embed"))
        transformer.wpe.register_forward_hook(self._on_output("hook_pos_embed"))
        for layer, block in enumerate(transformer.h):
            self._attach_block(block, f"blocks.{layer}.")
        self._attach_layer_norm(transformer.ln_f, "ln_final.")
        model.lm_head.register_forward_hook(self._on_output("logits"))

    def run(self, tokens=None, input_embeddings=None, edits=None):
        """One forward run of `tokens` [T], or of `input_embeddings` [T, d_model] to which position embeddings are
        still added. `edits` maps a hook's name to a function from activation to activation. Returns all activations by
        name, in the order of the run, still attached to the graph."""
        self.activations = {}
        self.edits = edits or {}
        if input_embeddings is None:
            self.model(input_ids=tokens[None], use_cache=False)
        else:
            embeddings = self._visit("hook_embed", input_embeddings)
            self.model(inputs_embeds=embeddings[None], use_cache=False)
        return self.activations

    def check_against_stock(self, tokens):
        """Raises unless the logits are, bit for bit, those of transformers' own eager attention."""
        with torch.no_grad():
            hooked = self.run(tokens)["logits"]
            with self._stock_attention():
                stock = self.model(input_ids=tokens[None], use_cache=False).logits[0]
        if not torch.equal(hooked, stock):
            raise AssertionError(f"hooks changed the logits by {(hooked - stock).abs().max():.3g}")

    @contextlib.contextmanager
    def _stock_attention(self):
        self.model.set_attn_implementation("eager")
        yield
        self.model.set_attn_implementation("hooked_eager")

    def _visit(self, name, activation, mask=lambda activation: activation):
        activation = mask(activation)
        if name in self.edits:
            activation = mask(self.edits[name](activation))
        self.activations[name] = activation
        return activation

    def _on_output(self, name):
        return lambda module, inputs, output: self._visit(name, output[0])[None]

    def _attach_block(self, block, prefix):
        d_model = block.ln_1.normalized_shape[0]
        n_heads = block.attn.num_heads

        def to_heads(rows):  # [T, d_model] -> [T, n_heads, d_head]
            return rows.unflatten(-1, (n_heads, d_model // n_heads))

        def on_resid_pre(module, inputs):
            return (self._visit(prefix + "hook_resid_pre", inputs[0][0])[None], *inputs[1:])

        def on_qkv(module, inputs, output):  # [1, T, 3 d_model]
            parts = zip("qkv", output[0].split(d_model, dim=-1))
            visited = [self._visit(f"{prefix}attn.hook_{name}", to_heads(part)).flatten(-2) for name, part in parts]
            return torch.cat(visited, dim=-1)[None]

        def on_z(module, inputs):
            return (self._visit(prefix + "attn.hook_z", to_heads(inputs[0][0])).flatten(-2)[None],)

        def on_attn_out(module, inputs, output):
            """attn_out, and resid_mid, for which the block has no module: a write to it becomes a change of what
            attention adds."""
            attn_out = self._visit(prefix + "hook_attn_out", output[0][0])
            resid_mid = attn_out + self.activations[prefix + "hook_resid_pre"]
            change = self._visit(prefix + "hook_resid_mid", resid_mid) - resid_mid
            return ((attn_out + change if change.any() else attn_out)[None], *output[1:])

        def on_resid_mid(module, inputs):
            """The sum as the block itself computed it, which is what gradients must flow from."""
            self.activations[prefix + "hook_resid_mid"] = inputs[0][0]

        block.register_forward_pre_hook(on_resid_pre)
        self._attach_layer_norm(block.ln_1, prefix + "ln1.")
        block.attn.c_attn.register_forward_hook(on_qkv)
        block.attn.visit = lambda name, activation, mask: self._visit(prefix + name, activation, mask)
        block.attn.c_proj.register_forward_pre_hook(on_z)
        block.attn.register_forward_hook(on_attn_out)
        block.ln_2.register_forward_pre_hook(on_resid_mid)
        self._attach_layer_norm(block.ln_2, prefix + "ln2.")
        block.mlp.c_fc.register_forward_hook(self._on_output(prefix + "mlp.hook_pre"))
        block.mlp.act.register_forward_hook(self._on_output(prefix + "mlp.hook_post"))
        block.mlp.register_forward_hook(self._on_output(prefix + "hook_mlp_out"))
        block.register_forward_hook(self._on_output(prefix + "hook_resid_post"))

    def _attach_layer_norm(self, layer_norm, prefix):
        def on_output(module, inputs, output):
            """scale = sqrt(var + eps) is inside torch's kernel: computed again here, and the layer with it where the
            scale was written."""
            centred = inputs[0][0] - inputs[0][0].mean(-1, keepdim=True)
            scale = (centred.square().mean(-1, keepdim=True) + module.eps).sqrt()
            written = self._visit(prefix + "hook_scale", scale)
            if written is not scale:
                output = (centred / written * module.weight + module.bias)[None]
            return self._visit(prefix + "hook_normalized", output[0])[None]

        layer_norm.register_forward_hook(on_output)
