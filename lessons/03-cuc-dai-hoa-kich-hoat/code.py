# Cực đại hóa kích hoạt, bằng PyTorch. Cần: pip install torch transformers safetensors
{{load_gpt2}}
import numpy as np

start_folder = None  # thư mục mà `soi lesson ... --set keep_initial=true --arrays DIR` ghi: để so từng bước

torch.manual_seed({{seed}})
wte, wpe = model.transformer.wte.weight, model.transformer.wpe.weight
n_runs, n_tokens, d = {{n_restarts}}, {{n_tokens}}, wte.shape[1]


def draw(n):
    """n ma trận xuất phát, [n, n_tokens, d]."""
    kind = {{start}}
    if kind == "tokens":
        return wte[torch.randint(len(wte), (n, n_tokens))]
    if kind == "matched_normal":
        return wte.mean(0) + wte.std(0, unbiased=False) * torch.randn(n, n_tokens, d)
    return wte.std(unbiased=False) * torch.randn(n, n_tokens, d)


def target(embeddings):
    """Giá trị đích của mỗi lần chạy, [n]."""
    # transformers luôn cộng vectơ vị trí vào inputs_embeds; muốn bỏ thì phải trừ trước.
    inputs = embeddings if {{position_embeddings}} else embeddings - wpe[:n_tokens]
    layer = {{layer}} + (1 if {{layer_counts}} == "blocks" else 0)  # hidden_states[k] là đầu ra khối k - 1
    state = model(inputs_embeds=inputs, output_hidden_states=True).hidden_states[layer]
    column = state[:, :, {{dimension}}]
    return column[:, -1] if {{readout}} == "last" else column.mean(1)


start = torch.tensor(np.load(f"{start_folder}/initial.embeddings.npy")).to(wte.dtype) if start_folder else draw(n_runs)
embeddings = start.clone().requires_grad_()
optimizer = torch.optim.Adam([embeddings], lr={{learning_rate}})
trace = []
for step in range({{n_steps}}):
    activation = target(embeddings)
    loss = (-activation + {{l2_weight}} * (embeddings**2).sum((1, 2))).sum()  # các lần chạy không ảnh hưởng nhau
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    trace.append(activation.detach())
with torch.no_grad():
    trace.append(target(embeddings))
end = embeddings.detach()
print("giá trị đích:", trace[0].tolist(), "->", trace[-1].tolist())
print("mỗi tọa độ đi trung bình", (end - start).abs().mean().item(), "xa nhất", (end - start).abs().max().item())


def nearest(vectors, centre):
    """Cosin lớn nhất của mỗi vectơ với một token, và token ấy."""
    shift = wte.mean(0) if centre else 0
    unit = torch.nn.functional.normalize
    return (unit(vectors.reshape(-1, d) - shift, dim=1) @ unit(wte - shift, dim=1).T).max(1)


random = draw({{n_null}})  # đối chứng: chưa leo bước nào
for name, centre in [("thô", False), ("trừ trung bình", True)]:
    found = nearest(end, centre)
    print(f"cosin {name}: leo xong {found.values.mean():.3f}, chưa leo {nearest(random, centre).values.mean():.3f}")
    print([tokenizer.decode([token]) for token in found.indices.tolist()])

similarity = torch.nn.functional.cosine_similarity(end[:, None], end[None], dim=-1).mean(-1)  # giữa các lần chạy
print("cosin giữa các lần chạy:", similarity)
