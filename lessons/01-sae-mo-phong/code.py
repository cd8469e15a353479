# Bộ tự mã hóa thưa trên dữ liệu mô phỏng, bằng PyTorch.
import math
import torch

torch.manual_seed({{seed}})
n, periods, noise = {{n_samples}}, {{periods}}, {{noise}}
t = torch.linspace(0, 2 * math.pi * periods, n)
if {{step}} == "three_levels":
    turn = 3 * t / (2 * math.pi)
    step = torch.floor(3 * (turn - torch.floor(turn)))
else:
    step = torch.where(torch.sin(3 * t) > 0, 2.0, 0.0)
sources = torch.stack([torch.sin(t) + 1, step], dim=1)                      # [n, 2]
mixing = torch.tensor([[{{mixing_11}}, {{mixing_12}}], [{{mixing_21}}, {{mixing_22}}]], dtype=torch.float32)
x = sources @ mixing + noise * torch.randn(n, 2)

encoder = torch.nn.Linear(2, {{n_latents}})
decoder = torch.nn.Linear({{n_latents}}, 2)
activation = {"relu": torch.relu, "gelu": torch.nn.functional.gelu, "linear": lambda z: z}[{{activation}}]
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr={{learning_rate}})
for epoch in range({{epochs}}):
    z = activation(encoder(x))
    reconstruction = decoder(z)
    centred = z - z.mean(0)
    covariance = centred.T @ centred / (n - 1)
    off_diagonal = covariance - torch.diag(covariance.diagonal())
    loss = (
        ((x - reconstruction) ** 2).mean()
        + {{l1_weight}} * z.abs().mean()
        + {{decorrelation_weight}} * (off_diagonal ** 2).sum()
    )
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print("MSE", ((x - decoder(activation(encoder(x)))) ** 2).mean().item())
