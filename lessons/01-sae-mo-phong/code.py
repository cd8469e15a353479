# Bộ tự mã hóa thưa trên dữ liệu mô phỏng, bằng PyTorch. Cần: pip install torch scipy
import math

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

start_folder = None  # thư mục mà `soi lesson ... --set keep_initial=true --arrays DIR` ghi: để so từng bước

torch.manual_seed({{seed}})
n, n_latents, tied, activation = {{n_samples}}, {{n_latents}}, {{tied}}, {{activation}}
t = 2 * math.pi * {{periods}} * torch.arange(n, dtype=torch.float64) / (n - 1)
turn = 3 * t / (2 * math.pi)
step = {
    "two_levels": torch.where(torch.sin(3 * t) > 0, 2.0, 0.0),
    "sign": torch.sign(torch.sin(3 * t)) + 1,
    "three_levels": torch.floor(3 * (turn - torch.floor(turn))),
}[{{step}}]
sources = torch.stack([torch.sin(t) + 1, step.double()], dim=1)  # [n, 2]
mixing = torch.tensor([[{{mixing_11}}, {{mixing_12}}], [{{mixing_21}}, {{mixing_22}}]], dtype=torch.float64)
x = (sources @ mixing + {{noise}} * torch.randn(n, 2)).to(torch.get_default_dtype())


class SparseAutoencoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = torch.nn.Linear(2, n_latents)
        decoder = torch.nn.Linear(n_latents, 2)
        self.decoder = None if tied else torch.nn.Parameter(decoder.weight.detach().T.clone())  # mỗi hàng một đơn vị
        self.decoder_bias = decoder.bias
        self.normalize()

    def normalize(self):
        """Mỗi đơn vị một hướng dài 1: không thể né hình phạt bằng cách thu nhỏ z và phóng to decoder."""
        if {{unit_norm_decoder}} and not tied:
            self.decoder.data /= self.decoder.data.norm(dim=1, keepdim=True)

    def encode(self, x):
        z = self.encoder(x)
        return {"relu": torch.relu, "gelu": torch.nn.functional.gelu, "linear": lambda z: z}[activation](z)

    def forward(self, x):
        z = self.encode(x)
        return z, z @ (self.encoder.weight if tied else self.decoder) + self.decoder_bias


def losses(sae):
    z, y = sae(x)
    covariance = torch.cov(z.T)
    squares = (covariance - covariance.diag().diag()).square()
    pairs = n_latents * (n_latents - 1)
    decorrelation = squares.sum() / pairs if {{mean_decorrelation}} else squares.sum()
    return (x - y).square().mean(), z.abs().mean(), decorrelation


def best_r(sae):
    """|r| của mỗi nguồn với đơn vị hợp nhất."""
    with torch.no_grad():
        z = sae.encode(x).double().numpy()
    z = z[:, z.std(0) > 0]  # đơn vị im lặng không tương quan với gì
    r = abs(np.corrcoef(z.T, sources.numpy().T)[-2:, :-2]) if z.size else np.zeros((2, 2))
    matched = linear_sum_assignment(-r)[1] if {{matching}} == "one_to_one" else r.argmax(1)
    return r[[0, 1], matched].tolist()


sae = SparseAutoencoder()
if start_folder:
    for name, parameter in sae.named_parameters():
        parameter.data = torch.tensor(np.load(f"{start_folder}/initial.{name.replace('encoder.bias', 'encoder_bias').removesuffix('.weight')}.npy"))
    sae.to(x.dtype)
untrained_r = best_r(sae)

adam = torch.optim.Adam(sae.parameters(), lr={{learning_rate}})
trace = []
for epoch in range({{epochs}}):
    mse, l1, decorrelation = losses(sae)
    loss = mse + {{l1_weight}} * l1 + {{decorrelation_weight}} * decorrelation
    adam.zero_grad()
    loss.backward()
    adam.step()
    sae.normalize()
    trace.append((mse.item(), l1.item()))

with torch.no_grad():
    trace.append(tuple(value.item() for value in losses(sae)[:2]))
    density = (sae.encode(x) != 0).double().mean().item()
trained_r = best_r(sae)
print(f"MSE {trace[0][0]:.4f} -> {trace[-1][0]:.6f}, lưới khác 0: {density:.3f}")
print(f"|r| với (sin, bước): đã huấn luyện {trained_r}, chưa huấn luyện {untrained_r}")
