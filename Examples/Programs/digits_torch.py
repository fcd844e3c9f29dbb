#!/usr/bin/env python3
"""A small residual convolutional net on 8 x 8 digits in PyTorch, under weight decay through its collapse.

Loss = data loss + gamma * sum W^2, so gamma is half of PyTorch's `weight_decay`. Full batches: no noise.
"""
import hashlib
import os

import landau_nets as landau

try:
    import torch
    from torch import nn
except ImportError as error:
    landau.unavailable(str(error))

torch.set_num_threads(1)
data, options = {}, {}


def setup(opened):
    rows = [[float(x) for x in line.split(",")] for line in open(os.path.join(opened.folder, opened.data["file"]))]
    rows = torch.tensor(rows[:opened.data["samples"]])
    data["x"] = ((rows[:, :-1] - rows[:, :-1].mean()) / rows[:, :-1].std()).reshape(-1, 1, 8, 8)
    data["y"], options["steps"] = rows[:, -1].long(), opened.training["maxSteps"] * opened.effort
    return {"fingerprint": hashlib.sha256(rows.numpy().tobytes()).hexdigest(), "device": "cpu"}


class Block(nn.Module):
    def __init__(self, width, norm):
        super().__init__()
        self.convolution = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width, affine=False, track_running_stats=False) if norm else nn.Identity()

    def forward(self, x):
        return x + torch.tanh(self.norm(self.convolution(x)))


def make(chain):
    width, norm = chain.controls["width"], chain.controls["batchNorm"]
    torch.manual_seed(chain.seeds["init"])
    return nn.Sequential(nn.Conv2d(1, width, 3, padding=1, bias=False), nn.Tanh(), nn.AvgPool2d(2), Block(width, norm),
                         Block(width, norm), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(4 * width, 10, bias=False))


def train(chain):
    square_error, net = chain.controls["objective"] == "square", make(chain)
    net.load_state_dict(chain.state or net.state_dict())
    weights = list(net.parameters())
    target = nn.functional.one_hot(data["y"], 10).float() - 0.1  # centred: without biases 0 is the best constant
    kick = torch.Generator().manual_seed(chain.seeds["init"])
    for point in chain:  # the net carries over: this is continuation
        with torch.no_grad():
            for w in weights:
                w += 1e-3 * torch.randn(w.shape, generator=kick) / w[0].numel() ** 0.5  # off the saddle at zero
        optimiser = torch.optim.Adam(weights, lr=5e-3)
        rate = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, options["steps"])
        for step in range(options["steps"]):
            optimiser.zero_grad()
            f = net(data["x"])
            fit = ((f - target) ** 2).sum(1).mean() if square_error else nn.functional.cross_entropy(f, data["y"])
            square = sum((w ** 2).sum() for w in weights)
            value = fit + point["gamma"] * square
            value.backward()
            optimiser.step(), rate.step()
        yield point.completed(loss=value, squaredNorm=square, dataLoss=fit, error=(f.argmax(1) != data["y"]).float().mean())
        chain.save(net.state_dict())


landau.serve(
    train, setup=setup, name="residual-digits", version="1", saves=True, directions=["cold", "up", "down"],
    controls={"gamma": landau.real(0, symbol="γ", meaning="weight decay, half of PyTorch's"), "width": landau.integer(1, 64, default=4),
              "objective": landau.choice(["square", "crossEntropy"], default="square"), "batchNorm": landau.flag(default=False)},
    settings={"data": {"file": landau.text("../data/digits.csv"), "samples": landau.integer(10, 1797, default=200)},
              "training": {"maxSteps": landau.integer(1, default=400, meaning="steps of Adam a point")}},
    observables={"loss": landau.free_energy(), "squaredNorm": landau.derivative("loss", "gamma", symbol="Σ‖W‖²"),
                 "dataLoss": landau.observable("L", order_parameter=False), "error": landau.observable("ε")},
    order_parameter="squaredNorm")
