# SAE trên một đoạn văn về palinka, bằng PyTorch. Cần: pip install torch transformers safetensors
{{load_gpt2}}
import numpy as np

start_folder = None  # thư mục mà `soi lesson ... --set keep_initial=true --arrays DIR` ghi: để so từng bước
blocks = model.transformer.h

passage = {{passage}} or {{lesson_passage}}
held_out = {{held_out}} or {{lesson_held_out}}
layer = {{layer}} if {{layer}} >= 0 else len(blocks) // 2
first = 0 if {{first_position}} else 1  # hàng đầu tiên được học và được tính
tied, biases, seed = {{tied}}, {{biases}}, {{seed}}


def read(text):
    if text.startswith("ids:"):
        return torch.tensor([int(number) for number in text[4:].replace(",", " ").split()])
    return tokenizer(text.strip(), return_tensors="pt").input_ids[0]


def activations(tokens):
    mlp = blocks[layer].mlp
    module = {"mlp_out": mlp, "before_gelu": mlp.c_fc, "after_gelu": mlp.act}[{{hook}}]
    found = []
    handle = module.register_forward_hook(lambda module, inputs, output: found.append(output[0].detach()))
    with torch.no_grad():
        model(tokens[None])
    handle.remove()
    return found[0]


def places_of(words, whole=False):
    """Vị trí token cuối (hoặc mọi token) của từng lần mỗi từ hiện ra trong đoạn."""
    places = set()
    for word in filter(None, (line.strip() for line in words.splitlines())):
        for text in (word, " " + word):
            ids = tokenizer(text).input_ids
            for t in range(len(tokens) - len(ids) + 1):
                last = t + len(ids) - 1
                if tokens[t : last + 1].tolist() == ids and last >= first:
                    places.update(range(t, last + 1) if whole else [last])
    return places


class SparseAutoencoder(torch.nn.Module):
    def __init__(self, n_inputs, n_latents, k):
        super().__init__()
        self.k = min(k, n_latents)
        self.encoder = torch.nn.Linear(n_inputs, n_latents, bias=biases)
        decoder = torch.nn.Linear(n_latents, n_inputs, bias=biases)
        self.decoder = None if tied else torch.nn.Parameter(decoder.weight.detach().T.clone())  # mỗi hàng một đơn vị
        self.decoder_bias = decoder.bias

    def encode(self, x):
        z = torch.relu(self.encoder(x))
        smallest = z.topk(self.k, dim=1).values[:, -1:]
        return torch.where(z >= smallest, z, 0.0)

    def forward(self, x):
        z = self.encode(x)
        y = z @ (self.encoder.weight if tied else self.decoder)
        return z, y if self.decoder_bias is None else y + self.decoder_bias


def explained(x, y):
    return (1 - (x - y).square().sum() / (x - x.mean(0)).square().sum()).item()


torch.manual_seed(seed)
tokens = read(passage)
x_all, x_held_out = activations(tokens), activations(read(held_out))[first:]
x = x_all[first:]
n_latents = {{n_latents}} or 8 * model.config.n_embd
width = n_latents if {{top_k_of}} == "latents" else x.shape[1]
k = {{top_k}} or max(1, int({{top_k_share}} * width * (1 + 1e-12)))
sae = SparseAutoencoder(x.shape[1], n_latents, k)
untrained = SparseAutoencoder(x.shape[1], n_latents, k)
if start_folder:
    for name, parameter in sae.named_parameters():
        file = {"encoder.weight": "encoder", "encoder.bias": "encoder_bias"}.get(name, name)
        parameter.data = torch.tensor(np.load(f"{start_folder}/initial.{file}.npy")).to(x.dtype)

adam = torch.optim.Adam(sae.parameters(), lr={{learning_rate}})
for epoch in range({{epochs}}):
    z, y = sae(x)
    loss = (x - y).square().mean() + {{l1_weight}} * z.abs().mean()
    if {{decorrelation_weight}} > 0:
        covariance = torch.cov(z.T)
        loss = loss + {{decorrelation_weight}} * (covariance - covariance.diag().diag()).square().sum()
    adam.zero_grad()
    loss.backward()
    adam.step()

# Từ kiểm tra để ra ngoài điểm: nhìn chúng sáng khi đó mới là kiểm tra.
test_words = {{test_words}} or {{lesson_test_words}}
test = places_of(test_words)
left_out = places_of(test_words, whole=True) if {{hold_out_test_words}} else set()
other = places_of({{other_words}} or {{lesson_other_words}})
lesson_words = {{lesson_words}} if {{word_set}} == "thirteen" else "Romania\nHungary\nGreece"
words = places_of({{words}} or lesson_words) - left_out
compared = set(range(first, len(tokens))) if {{against}} == "all" else places_of({{fillers}} or {{lesson_fillers}})
others = compared - words - left_out


def score(z, target, rest):
    g, n, both = z[target].mean(0), z[rest].mean(0), z[target + rest]
    if {{score}} == "standardized":
        return torch.nan_to_num((g - n) / both.std(0), nan=0.0)
    if {{score}} == "contrast":
        return torch.nan_to_num((g - n) / (g + n), nan=0.0)
    if {{score}} == "ratio_of_active":
        active = lambda rows: rows.sum(0) / (rows != 0).sum(0)
        return torch.nan_to_num(active(z[target]) / active(z[rest]), nan=0.0)
    return torch.nan_to_num(g / n, nan=0.0, posinf=float("inf"))


pool = sorted(words | others)


@torch.no_grad()
def measure(network):
    z, y = network(x)
    z_held_out, y_held_out = network(x_held_out)
    z_all = network.encode(x_all)
    scores = score(z_all, sorted(words), sorted(others))
    top = scores.topk({{n_top}}).indices
    null = []
    for _ in range({{n_permutations}}):
        # Dời cả nhóm nhãn đi một đoạn, vòng từ cuối về đầu: các từ vẫn đứng gần nhau như cũ.
        distance = torch.randint(len(pool), ()).item()
        moved = {pool[(pool.index(t) + distance) % len(pool)] for t in words}
        null.append(score(z_all, sorted(moved), sorted(set(pool) - moved)).max().item())
    return {
        "lưới khác 0": (z != 0).double().mean().item(),
        "đơn vị im lặng": ((z != 0).sum(0) == 0).double().mean().item(),
        "phương sai giữ được": explained(x, y),
        "phương sai giữ được, đoạn để riêng": explained(x_held_out, y_held_out),
        "điểm cao nhất": scores.max().item(),
        "điểm cao nhất, nhãn dời chỗ": sum(null) / len(null),
        "p": (1 + sum(value >= scores.max().item() for value in null)) / (1 + len(null)),
        "sáng ở từ kiểm tra": (z_all[sorted(test)][:, top] != 0).double().mean().item(),
        "cũng sáng ở dấu câu, 'naught'": (z_all[sorted(other)][:, top] != 0).any(0).double().mean().item(),
    }


found = {"đã huấn luyện": measure(sae), "chưa huấn luyện": measure(untrained)}
for name in found["đã huấn luyện"]:
    print(f"{name:36}" + "".join(f"{which}: {values[name]:.3f}   " for which, values in found.items()))
