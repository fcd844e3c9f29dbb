#!/usr/bin/env python3
"""What this program trains. Check it with `landau check ./THIS.py`; docs/your-net.md explains each step."""
import landau_nets as landau

try:
    import torch
    from torch import nn
except ImportError as error:
    landau.unavailable(str(error))


def make_net(seed):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(4, 8, bias=False), nn.Tanh(), nn.Linear(8, 1, bias=False))


def make_data(seed):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(100, 4, generator=generator)
    return x, x.sum(1, keepdim=True) / 2


def train(chain):
    # 1. Make data and net once for a chain, before the loop.
    x, y = make_data(chain.seeds["data"])
    net = make_net(chain.seeds["init"])
    if chain.state is not None:  # what `chain.save` kept, where a run was stopped in mid-chain
        net.load_state_dict(chain.state)
    for point in chain:
        # 2. Train it at this value of the controls, from the weights of the point before. A small kick leaves saddles.
        with torch.no_grad():
            kick = torch.Generator().manual_seed(point.seeds["point"])
            for w in net.parameters():
                w += 1e-3 * torch.randn(w.shape, generator=kick)
        optimiser = torch.optim.Adam(net.parameters(), lr=1e-2)
        for step in range(1000):
            optimiser.zero_grad()
            square = sum((w ** 2).sum() for w in net.parameters())
            # γ Σ‖W‖² in the loss is PyTorch's weight_decay = 2 γ of plain SGD.
            loss = ((net(x) - y) ** 2).mean() + point["gamma"] * square
            loss.backward()
            optimiser.step()
            if point.stopping:  # ctrl-C, or the end of a cluster's job
                return
            point.progress(step, 1000, loss=loss)
        # 3. Report: the regularised loss, and what tells the phases apart.
        yield point.completed(loss=loss, squaredNorm=square)
        chain.save(net.state_dict())


landau.serve(
    train, name="my-net", version="1",  # raise the version when results change
    controls={"gamma": landau.real(low=0, symbol="γ", meaning="weight decay: γ Σ‖W‖² is added to the loss")},
    observables={"loss": landau.free_energy(), "squaredNorm": landau.derivative("loss", "gamma", symbol="Σ‖W‖²")},
    order_parameter="squaredNorm", directions=["cold", "up", "down"], saves=True)
