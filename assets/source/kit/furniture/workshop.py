"""What a workshop needs: a big bench, high stools, armchairs, a seat along a window, models of paper."""

from __future__ import annotations

import numpy as np

from ..mesh import joined
from ..model import Model
from ..shapes import bend, box, cushion, lathe, loft, panel, rounded_rectangle, tube


def workbench(width: float = 3.8, depth: float = 1.2, height: float = 0.92, top: str = "oak", wood: str = "walnut",
              metal: str = "graphite") -> Model:
    """A bench to stand or sit at: a thick top on two cabinets with drawers, and a shelf between them."""
    board = panel(rounded_rectangle(width, depth, 0.05, 4), 0.06, 0.008, 2).shifted((0, height, 0))
    cabinet, inset = 0.62, 0.16
    parts, pulls, plinths = [], [], []
    deep = depth - 0.34
    for side in (-1, 1):
        x = side * (width / 2 - inset - cabinet / 2)
        parts.append(box((cabinet, height - 0.16, deep), 0.006).shifted((x, 0.1 + (height - 0.16) / 2, 0)))
        plinths.append(box((cabinet - 0.06, 0.1, deep - 0.08), 0.004).shifted((x, 0.05, 0)))
        for front in (-1, 1):
            levels = np.cumsum([0.115, 0.26, 0.22, 0.16, 0.09])
            for low, high in zip(levels, levels[1:]):
                face = box((cabinet - 0.02, high - low - 0.006, 0.018), 0.004)
                parts.append(face.shifted((x, (low + high) / 2, front * (deep / 2 + 0.008))))
                pulls.append(box((0.14, 0.012, 0.022), 0.004).shifted((x, high - 0.04, front * (deep / 2 + 0.024))))
    span = width - 2 * (inset + cabinet)
    shelf = box((span + 0.02, 0.03, deep - 0.1), 0.005).shifted((0, 0.16, 0))
    rails = [box((span + 0.02, 0.07, 0.03), 0.005).shifted((0, height - 0.1, z)) for z in (-deep / 2 + 0.05, deep / 2 - 0.05)]
    model = Model().with_part(board, top, light_detail=1.4).with_part(joined(parts), wood)
    return model.with_part(joined(pulls), "brass", light_detail=0.6).with_part(joined([shelf, *rails, *plinths]), metal)


def bar_stool(height: float = 0.66, seat: str = "oak", metal: str = "graphite") -> Model:
    """A high stool with a hollowed wooden seat, four steel legs and a ring for the feet."""
    top = lathe([(0, height - 0.045), (0.12, height - 0.045), (0.168, height - 0.034), (0.178, height - 0.016), (0.174, height),
                 (0.15, height), (0.08, height - 0.008), (0, height - 0.01)], 24)
    metal_parts = [lathe([(0.13, height - 0.058), (0.13, height - 0.044), (0, height - 0.044)], 12, closed=False)]
    for turn in (45, 135, 225, 315):
        leg = tube([(0.11, height - 0.05, 0), (0.168, 0.008, 0)], 0.0105, 7).turned("y", turn)
        pad = lathe([(0, 0), (0.014, 0), (0.014, 0.01), (0, 0.01)], 7).shifted((0.168, 0, 0)).turned("y", turn)
        metal_parts += [leg, pad]
    angles = np.linspace(0, 2 * np.pi, 25)
    ring = 0.139
    loop = np.stack([ring * np.cos(angles), np.full(25, 0.25), ring * np.sin(angles)], axis=1)
    metal_parts.append(tube(loop, 0.008, 6, caps=False))
    return Model().with_part(top, seat).with_part(joined(metal_parts), metal, light_detail=0.6)


def armchair(cloth: str = "felt green", wood: str = "walnut", cushion_cloth: str | None = None) -> Model:
    """A low armchair: a wooden frame with round arms that carries two cushions; its seat is 0.42 m high."""
    frame = []
    for side in (-1, 1):
        x = side * 0.31
        arm = bend([(x, 0.0, -0.30), (x, 0.30, -0.285), (x, 0.50, -0.27), (x, 0.555, -0.2), (x, 0.56, 0.0), (x, 0.545, 0.2),
                    (x, 0.50, 0.30)], 3)
        frame.append(tube(arm, np.interp(np.linspace(0, 1, len(arm)), [0, 0.3, 0.6, 1], [0.013, 0.018, 0.021, 0.017]), 8))
        frame.append(tube(bend([(x, 0.0, 0.36), (x, 0.28, 0.30), (x * 0.98, 0.52, 0.325), (x * 0.94, 0.75, 0.385)], 3),
                          [0.013, 0.015, 0.018, 0.019, 0.019, 0.018, 0.017, 0.015, 0.013, 0.012][:10], 8))
        frame.append(tube([(x, 0.265, -0.285), (x, 0.235, 0.31)], 0.015, 8))
    frame.append(tube([(-0.31, 0.265, -0.283), (0.31, 0.265, -0.283)], 0.015, 8))
    frame.append(tube([(-0.31, 0.24, 0.3), (0.31, 0.24, 0.3)], 0.015, 8))
    frame.append(tube([(-0.295, 0.72, 0.375), (0.295, 0.72, 0.375)], 0.014, 8))
    seat = loft(rounded_rectangle(0.565, 0.6, 0.07, 4), [(0.02, 0.0), (0, 0.02), (0, 0.1), (0.02, 0.135), (0.08, 0.15)])
    back = loft(rounded_rectangle(0.565, 0.46, 0.08, 4), [(0.02, 0.0), (0, 0.02), (0, 0.09), (0.02, 0.118), (0.08, 0.128)])
    soft = [seat.turned("x", 3).shifted((0, 0.275, -0.03)),
            back.turned("x", -90).turned("x", -14).shifted((0, 0.585, 0.315))]
    model = Model().with_part(joined(frame), wood, light_detail=0.7).with_part(joined(soft), cloth)
    if cushion_cloth:
        lean = cushion(0.4, 0.3, 0.11).turned("x", 70)
        model = model.with_part(lean.shifted((0, 0.56, 0.125)), cushion_cloth)
    return model


def window_seat(width: float = 2.8, depth: float = 0.46, height: float = 0.45, wood: str = "oak", cloth: str = "wool oat") -> Model:
    """A bench without a back: slab feet, a board and flat cushions."""
    board = box((width, 0.04, depth), 0.008).shifted((0, height - 0.08, 0))
    feet = [box((0.05, height - 0.1, depth - 0.04), 0.008).uv_turned().shifted((x, (height - 0.1) / 2, 0))
            for x in (-width / 2 + 0.18, 0, width / 2 - 0.18)]
    rail = box((width - 0.4, 0.08, 0.03), 0.006).shifted((0, height - 0.15, 0))
    count = 3
    each = (width - 0.06) / count
    pads = [loft(rounded_rectangle(each - 0.012, depth - 0.04, 0.035, 3), [(0.012, 0), (0, 0.012), (0, 0.042), (0.014, 0.058), (0.05, 0.062)])
            .shifted(((index - 1) * each, height - 0.06, 0)) for index in range(count)]
    return Model().with_part(joined([board, rail, *feet]), wood).with_part(joined(pads), cloth)


def paper_model(seed: int = 4) -> Model:
    """An architect's model: white volumes and little trees on an oak board, 0.6 × 0.45 m."""
    rng = np.random.default_rng(seed)
    base = box((0.6, 0.018, 0.45), 0.003).shifted((0, 0.009, 0))
    volumes = []
    for x, z, w, d, h in ((-0.13, -0.06, 0.2, 0.12, 0.09), (-0.17, -0.06, 0.1, 0.1, 0.17), (0.1, 0.08, 0.22, 0.1, 0.06),
                          (0.17, -0.09, 0.09, 0.16, 0.12), (0.02, -0.13, 0.1, 0.06, 0.045)):
        volumes.append(box((w, h, d), 0.0015, without=("bottom",)).shifted((x, 0.018 + h / 2, z)))
    trees, trunks = [], []
    for _ in range(14):
        x, z, r = rng.uniform(-0.27, 0.27), rng.uniform(0.13, 0.2) * rng.choice([-1, 1, 1]), rng.uniform(0.016, 0.028)
        ball = lathe([(0, -r), (r * 0.75, -r * 0.65), (r, 0), (r * 0.7, r * 0.7), (0, r)], 8)
        trees.append(ball.shifted((x, 0.06 + r, z)))
        trunks.append(tube([(x, 0.018, z), (x, 0.06 + r * 0.5, z)], 0.0022, 4, caps=False))
    model = Model().with_part(joined([base, *trunks]), "oak", light_detail=0.8).with_part(joined(volumes), "paper", light_detail=1.5)
    return model.with_part(joined(trees), "wool oat", light_detail=0.6)


def laptop(metal: str = "brushed steel") -> Model:
    """An open laptop whose screen sleeps."""
    base = box((0.31, 0.014, 0.215), 0.004).shifted((0, 0.009, 0))
    keys = box((0.27, 0.002, 0.1), 0.0008).shifted((0, 0.0165, 0.03))
    lid = box((0.31, 0.205, 0.007), 0.003)
    dark = box((0.295, 0.19, 0.001), 0.0003).shifted((0, 0.002, -0.0038))
    tilt = lambda mesh: mesh.shifted((0, 0.1025, 0)).turned("x", -18).shifted((0, 0.016, 0.105))
    return Model().with_part(joined([base, tilt(lid)]), metal, light_detail=0.8).with_part(joined([keys, tilt(dark)]), "felt black", light_detail=0.7)


def pencil_cup(seed: int = 2) -> Model:
    """A cup full of pencils."""
    rng = np.random.default_rng(seed)
    cup = lathe([(0, 0), (0.036, 0), (0.038, 0.004), (0.038, 0.1), (0.034, 0.1), (0.033, 0.02)], 16, closed=False)
    model = Model().with_part(cup, "clay")
    pencils = []
    for index in range(7):
        turn = rng.uniform(0, 2 * np.pi)
        foot, top = 0.018, 0.034
        start = np.array([np.cos(turn + 2) * foot, 0.01, np.sin(turn + 2) * foot])
        end = np.array([np.cos(turn) * top, rng.uniform(0.15, 0.18), np.sin(turn) * top])
        pencils.append(tube([start, start + (end - start) * 0.95, end], [0.004, 0.004, 0.001], 6, caps=False))
    return model.with_part(joined(pencils[:4]), "oak", light_detail=0.5).with_part(joined(pencils[4:]), "graphite", light_detail=0.5)


def paper_roll(length: float = 0.7, radius: float = 0.035) -> Model:
    """A roll of paper that lies along x, with a loose end."""
    angles = np.linspace(0, 4 * np.pi, 40)
    radii = np.linspace(radius * 0.5, radius, 40)
    section = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
    from ..mesh import Builder

    points = np.stack([[(x, y + radius, z) for z, y in section] for x in (-length / 2, length / 2)])
    builder = Builder()
    builder.grid(points)
    builder.grid(points[::-1] * [1, 0.995, 0.995])
    return Model().with_part(builder.finish(), "paper", light_detail=0.6)


def coffee_machine() -> Model:
    """A small espresso machine; it looks to -z."""
    body = [box((0.26, 0.06, 0.36), 0.012).shifted((0, 0.03, 0)), box((0.26, 0.3, 0.15), 0.02).shifted((0, 0.2, 0.1)),
            box((0.26, 0.09, 0.34), 0.02).shifted((0, 0.32, 0.005))]
    steel = [lathe([(0, 0), (0.035, 0), (0.035, 0.05), (0, 0.05)], 16).shifted((0, 0.225, -0.08)), box((0.22, 0.006, 0.17), 0.002).shifted((0, 0.063, -0.08))]
    handle = tube([(0, 0.24, -0.11), (0, 0.235, -0.25)], [0.012, 0.014], 8)
    knobs = [lathe([(0.018, 0), (0.017, 0.02), (0, 0.021)], 14, closed=False).turned("x", -90).shifted((x, 0.325, -0.165)) for x in (-0.08, 0.08)]
    return Model().with_part(joined(body), "white paint").with_part(joined(steel), "brushed steel", light_detail=0.6).with_part(joined([handle, *knobs]), "walnut", light_detail=0.6)
