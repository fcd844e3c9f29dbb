#!/usr/bin/env python3
"""A small residual convolutional net on 8 x 8 digits in PyTorch, under weight decay through its collapse.

Loss = data loss + gamma * sum W^2: gamma is half of PyTorch's `weight_decay`. Full batches and L-BFGS: minima, no noise. With
batch normalisation the scale of a block's convolution does nothing, and decay shrinks it for ever: answers are `completed`."""
import hashlib
import os

import landau_nets as landau
try:
    import torch
    from torch import nn
except ImportError as error:
    landau.unavailable(str(error))
torch.set_default_dtype(torch.float64)  # minima are to be exact, not fast
data = {}


def setup(opened):
    rows = [[float(x) for x in line.split(",")] for line in open(os.path.join(opened.folder, opened.data["file"]))]
    rows = torch.tensor(rows[:opened.data["samples"]])
    data["x"] = ((rows[:, :-1] - rows[:, :-1].mean()) / rows[:, :-1].std()).reshape(-1, 1, 8, 8)
    data["y"], data["steps"] = rows[:, -1].long(), opened.training["maxSteps"] * opened.effort
    data["target"] = nn.functional.one_hot(data["y"], 10).double() - 0.1  # centred: without biases 0 is the best constant
    return {"fingerprint": hashlib.sha256(rows.numpy().tobytes()).hexdigest()}


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


def make(chain):
    width = chain.controls["width"]
    norm = nn.BatchNorm2d(width, affine=False, track_running_stats=False) if chain.controls["batchNorm"] else nn.Identity()
    torch.manual_seed(chain.seeds["init"])
    blocks = [Residual(nn.Conv2d(width, width, 3, padding=1, bias=False), norm, nn.Tanh()) for _ in range(2)]
    return nn.Sequential(nn.Conv2d(1, width, 3, padding=1, bias=False), nn.Tanh(), nn.AvgPool2d(2), *blocks,
                         nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(4 * width, 10, bias=False))


def fit(f, objective):
    return ((f - data["target"]) ** 2).sum(1).mean() if objective == "square" else nn.functional.cross_entropy(f, data["y"])


def train(chain):
    objective, net = chain.controls["objective"], make(chain)
    net.load_state_dict(chain.state or net.state_dict())
    for point in chain:  # the net carries over: this is continuation
        with torch.no_grad():
            kick = torch.Generator().manual_seed(point.seeds["point"])
            for w in net.parameters():
                w += 1e-3 * torch.randn(w.shape, generator=kick) / w[0].numel() ** 0.5  # off the saddle at zero
        optimiser = torch.optim.LBFGS(net.parameters(), max_iter=data["steps"], history_size=20, tolerance_grad=1e-8,
                                      tolerance_change=0, line_search_fn="strong_wolfe")

        def loss(point=point):
            optimiser.zero_grad()
            value = fit(net(data["x"]), objective) + point["gamma"] * sum((w ** 2).sum() for w in net.parameters())
            value.backward()
            return value

        optimiser.step(loss)
        value, f, slope = loss(), net(data["x"]), max(w.grad.abs().max().item() for w in net.parameters())
        say = point.converged if slope < 1e-5 else point.completed if chain.controls["batchNorm"] else point.capped
        yield say(loss=value, squaredNorm=sum((w ** 2).sum() for w in net.parameters()), dataLoss=fit(f, objective),
                  error=(f.argmax(1) != data["y"]).double().mean(), zeroNetLoss=fit(0 * f, objective))
        chain.save(net.state_dict())


landau.serve(
    train, setup=setup, name="residual-digits", version="1", saves=True, directions=["cold", "up", "down"],
    controls={"gamma": landau.real(0, symbol="γ", meaning="weight decay, half of PyTorch's"), "width": landau.integer(1, 64, default=4),
              "objective": landau.choice(["square", "crossEntropy"], default="square"), "batchNorm": landau.flag(default=False)},
    settings={"data": {"file": landau.text("../data/digits.csv"), "samples": landau.integer(10, 1797, default=100)},
              "training": {"maxSteps": landau.integer(1, default=1000, meaning="steps of L-BFGS a point")}},
    observables={"loss": landau.free_energy(), "squaredNorm": landau.derivative("loss", "gamma", symbol="Σ‖W‖²"),
                 "dataLoss": landau.observable("L", order_parameter=False), "error": landau.observable("ε"),
                 "zeroNetLoss": landau.observable("F₀", order_parameter=False)}, order_parameter="squaredNorm")
