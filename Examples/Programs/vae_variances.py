#!/usr/bin/env python3
"""A beta-VAE whose posterior variances depend on the data (arXiv 2205.04009), in PyTorch: posterior collapse as beta grows.

Encoder: mean A x and log variance B x + b of each latent; decoder: W z with noise of variance 1. Two latents, data on a line
with skewed noise. At the collapse the means vanish, and with them what the decoder knows of the data.
"""
import landau_nets as landau

try:
    import torch
except ImportError as error:
    landau.unavailable(str(error))

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
SAMPLES, INPUTS, LATENTS, STEPS = 200, 3, 2, 3000


def draw(seed):
    generator = torch.Generator().manual_seed(seed)
    strength = torch.randn(SAMPLES, 1, generator=generator)
    x = strength * torch.tensor([[1.5, 0.8, 0.3]]) + 0.3 * torch.randn(SAMPLES, INPUTS, generator=generator)
    return x - x.mean(0)


def loss(net, x, beta):
    mean, logarithm = x @ net["A"], x @ net["B"] + net["b"]
    variance = torch.exp(logarithm)
    rest = ((x - mean @ net["W"]) ** 2).sum(1) + (variance * (net["W"] ** 2).sum(1)).sum(1)  # noise averaged exactly
    divergence = (mean ** 2 + variance - logarithm - 1).sum(1)
    return 0.5 * (rest.mean() + beta * divergence.mean()), 0.5 * divergence.mean(), mean


def train(chain):
    x, generator = draw(chain.seeds["data"]), torch.Generator().manual_seed(chain.seeds["init"])
    shapes = {"A": (INPUTS, LATENTS), "B": (INPUTS, LATENTS), "b": (LATENTS,), "W": (LATENTS, INPUTS)}
    net = {name: (0.5 * torch.randn(shape, generator=generator)).requires_grad_() for name, shape in shapes.items()}
    for point in chain:
        with torch.no_grad():
            for w in net.values():
                w += 1e-4 * torch.randn(w.shape, generator=generator)  # off the saddle where all is collapsed
        optimiser = torch.optim.LBFGS(list(net.values()), max_iter=STEPS, history_size=20, tolerance_grad=1e-9,
                                      tolerance_change=0, line_search_fn="strong_wolfe")

        def closure():
            optimiser.zero_grad()
            value = loss(net, x, point["beta"])[0]
            value.backward()
            return value

        optimiser.step(closure)
        slope = max(w.grad.abs().max().item() for w in net.values())
        with torch.no_grad():
            value, divergence, mean = loss(net, x, point["beta"])
            say = point.converged if slope < 1e-6 else point.capped
            yield say(loss=value, divergence=divergence, signal=(mean ** 2).mean(0).sum(),
                      variance=torch.linalg.eigvalsh(x.T @ x / SAMPLES)[-1], zeroNetLoss=0.5 * (x ** 2).sum(1).mean())


landau.serve(
    train, name="vae-variances", version="1", directions=["cold", "up", "down"], sources=["arXiv 2205.04009"],
    controls={"beta": landau.real(1e-6, symbol="β", meaning="weight of the divergence from the prior")},
    observables={"loss": landau.free_energy(), "divergence": landau.derivative("loss", "beta", symbol="KL"),
                 "signal": landau.observable("Σ⟨μ²⟩", "mean square of the posterior's means, summed over latents"),
                 "variance": landau.observable("λ₁", "largest variance of the data in any direction", order_parameter=False),
                 "zeroNetLoss": landau.observable("F₀", "loss when all is collapsed", order_parameter=False)},
    order_parameter="signal")
