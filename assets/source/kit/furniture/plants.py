"""Plants whose leaves are modelled, in pots."""

from __future__ import annotations

import numpy as np

from ..mesh import Builder, Mesh, joined
from ..model import Model
from ..shapes import bend, disc, lathe, tube


def leaf(length: float, width: float, droop: float = 0.5, fold: float = 0.25, rows: int = 5) -> Mesh:
    """One leaf that grows from the origin along -z and bends down; texture coordinates from 0 to 1."""
    t = np.linspace(0, 1, rows + 1)
    half = width / 2 * np.sin(np.pi * np.clip(t * 0.93 + 0.035, 0, 1) ** 0.85) ** 0.8
    half[0], half[-1] = width * 0.03, 0.0
    angle = -droop * t * 1.6
    step = length / rows
    z = np.concatenate([[0], np.cumsum(-np.cos(angle[1:]) * step)])
    y = np.concatenate([[0], np.cumsum(np.sin(angle[1:]) * step)])
    builder = Builder()
    chart = builder.chart()
    for side in (-1, 1):
        edge_y = y + fold * half * 0.7
        line = np.stack([np.zeros_like(z), y, z], axis=1)
        edge = np.stack([side * half, edge_y, z], axis=1)
        uv_line = np.stack([t, np.full_like(t, 0.5)], axis=1)
        uv_edge = np.stack([t, 0.5 + side * 0.5 * half / (width / 2)], axis=1)
        pair, uv = np.stack([line, edge], 1), np.stack([uv_line, uv_edge], 1)
        builder.grid(pair[::side], uv[::side], chart)
    # Texture coordinates stay in 0…1; the lightmap gives a leaf the room of a 1 m chart times its detail.
    return builder.finish(smooth_degrees=120.0)


def round_pot(radius: float, height: float, glaze: str = "ceramic") -> Model:
    """A planter with a thick rim and soil."""
    profile = [
        (0, 0),
        (radius * 0.72, 0),
        (radius * 0.78, 0.012),
        (radius * 0.97, height * 0.7),
        (radius, height - 0.01),
        (radius - 0.006, height),
        (radius - 0.018, height),
        (radius - 0.024, height - 0.012),
        (radius - 0.03, height * 0.82),
    ]
    soil = disc(radius - 0.028, 24).shifted((0, height * 0.86, 0))
    return Model().with_part(lathe(profile, 28, closed=False), glaze).with_part(soil, "soil", light_detail=0.7)


def fiddle_leaf(
    height: float = 1.9, seed: int = 1, leaves: int = 46, glaze: str = "clay", pot_radius: float = 0.2
) -> Model:
    """A small tree with large leaves."""
    rng = np.random.default_rng(seed)
    pot_height = pot_radius * 1.75
    model = round_pot(pot_radius, pot_height, glaze)
    stems, foliage = [], []
    for index in range(3):
        turn = 0.4 + index * 2.2 + rng.uniform(-0.3, 0.3)
        spread = (0.06, 0.17, 0.2)[index]
        top = height * (1.0, 0.84, 0.72)[index]
        lean = np.array([np.cos(turn), 0, np.sin(turn)]) * spread
        foot = np.array([np.cos(turn), 0, np.sin(turn)]) * 0.03
        middle = foot + lean * 0.6 + [0, pot_height + (top - pot_height) * 0.5, 0]
        path = bend([foot + [0, pot_height * 0.84, 0], middle, lean * 1.5 + [0, top, 0]], 5)
        stems.append(tube(path, np.linspace(0.016, 0.006, len(path)), 6, caps=False))
        count = round(leaves * (0.42, 0.32, 0.26)[index])
        for k in range(count):
            at = 0.3 + 0.7 * (k + 0.5) / count
            point = path[min(len(path) - 1, int(at * len(path)))] + rng.normal(0, 0.01, 3)
            size = rng.uniform(0.2, 0.3) * (1.0 - 0.25 * at)
            one = leaf(size, size * rng.uniform(0.55, 0.68), droop=rng.uniform(0.25, 0.9), fold=rng.uniform(0.1, 0.4))
            rise = rng.uniform(5, 35) + 35 * at**3
            foliage.append(
                one.shifted((0, 0, -0.035))
                .turned("x", rise)
                .turned("z", rng.uniform(-15, 15))
                .moved(point, k * 137.5 + rng.uniform(-20, 20))
            )
    model = model.with_part(joined(stems), "bark", light_detail=0.7)
    return model.with_part(joined(foliage), "leaf", light_detail=0.1)


def spray(
    seed: int = 1,
    stems: int = 9,
    height: float = 0.45,
    pot_radius: float = 0.075,
    glaze: str = "ceramic",
    material: str = "leaf pale",
) -> Model:
    """A vase with slender branches and small leaves, for a table."""
    rng = np.random.default_rng(seed)
    vase_height = pot_radius * 2.3
    vase = lathe(
        [
            (0, 0),
            (pot_radius * 0.7, 0),
            (pot_radius, vase_height * 0.35),
            (pot_radius * 0.85, vase_height * 0.7),
            (pot_radius * 0.4, vase_height * 0.92),
            (pot_radius * 0.46, vase_height),
            (pot_radius * 0.38, vase_height),
            (pot_radius * 0.32, vase_height * 0.9),
        ],
        20,
        closed=False,
    )
    model = Model().with_part(vase, glaze)
    wood, foliage = [], []
    for index in range(stems):
        turn, out = index * 2.4 + rng.uniform(-0.3, 0.3), rng.uniform(0.04, 0.2) * height / 0.45
        tip = np.array(
            [np.cos(turn) * out, vase_height + (height - vase_height) * rng.uniform(0.65, 1.0), np.sin(turn) * out]
        )
        path = bend([(0, vase_height * 0.7, 0), tip * [0.35, 0.75, 0.35] + [0, 0.02, 0], tip], 3)
        wood.append(tube(path, np.linspace(0.0025, 0.001, len(path)), 3, caps=False))
        for k, point in enumerate(path[2:]):
            for side in (-1, 1):
                size = rng.uniform(0.035, 0.055)
                one = leaf(size, size * 0.6, droop=rng.uniform(0.1, 0.5), rows=2)
                foliage.append(one.turned("x", rng.uniform(10, 50)).moved(point, np.degrees(turn) + 90 * side + k * 55))
    return model.with_part(joined(wood), "bark", light_detail=0.3).with_part(
        joined(foliage), material, light_detail=0.04
    )


def trailing(
    seed: int = 1, vines: int = 9, pot_radius: float = 0.1, length: float = 0.5, glaze: str = "ceramic"
) -> Model:
    """A pot with vines that hang over its rim, for a shelf or a sill."""
    rng = np.random.default_rng(seed)
    height = pot_radius * 1.5
    model = round_pot(pot_radius, height, glaze)
    wood, foliage = [], []
    for index in range(vines):
        turn = index * 2 * np.pi / vines + rng.uniform(-0.3, 0.3)
        out = np.array([np.cos(turn), 0, np.sin(turn)])
        fall = length * rng.uniform(0.25, 1.0)
        path = bend(
            [
                out * 0.02 + [0, height * 0.85, 0],
                out * pot_radius * 0.7 + [0, height + 0.05, 0],
                out * (pot_radius + 0.035) + [0, height - 0.02, 0],
                out * (pot_radius + 0.05) + [0, height - fall, 0],
            ],
            4,
        )
        wood.append(tube(path, 0.0018, 3, caps=False))
        for k, point in enumerate(path[2:]):
            size = rng.uniform(0.045, 0.07)
            one = leaf(size, size * 0.8, droop=rng.uniform(0.3, 0.9), rows=2)
            foliage.append(
                one.turned("x", rng.uniform(-20, 30)).moved(point, -np.degrees(turn) - 90 + rng.uniform(-70, 70))
            )
    return model.with_part(joined(wood), "bark", light_detail=0.3).with_part(joined(foliage), "leaf", light_detail=0.05)
