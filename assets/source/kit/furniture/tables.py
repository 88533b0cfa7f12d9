"""Tables, sideboards and shelves. Origins are on the floor; fronts look to -z."""

from __future__ import annotations

import numpy as np

from ..mesh import joined
from ..model import Model
from ..shapes import box, ellipse, lathe, loft, panel, rounded_rectangle, tube
from .small_things import books, pot, storage_box

TABLE_HEIGHT_M = 0.74


def table(
    width: float,
    depth: float,
    top: str = "oak",
    metal: str = "graphite",
    radius: float = 0.22,
    feet=(-1.5, 1.5),
    foot_depth: float = 0.8,
) -> Model:
    """A long meeting table 0.74 m high: a thick top with rounded edges on slab feet at `feet` (x in metres)."""
    board = panel(rounded_rectangle(width, depth, radius, 8), 0.042, 0.012, 3).shifted((0, TABLE_HEIGHT_M, 0))
    # A shadow gap carries the top.
    gap = panel(rounded_rectangle(width - 0.3, depth - 0.3, radius, 6), 0.012, 0.002, 1).shifted((0, 0.698, 0))
    model = Model().with_part(board, top, light_detail=1.4)
    frames = [gap]
    for x in feet:
        frames.append(box((0.3, 0.016, foot_depth + 0.04), 0.005).shifted((x, 0.008, 0)))
        frames.append(box((0.36, 0.014, foot_depth + 0.1), 0.004).shifted((x, 0.68, 0)))
        slab = loft(
            rounded_rectangle(0.12, foot_depth, 0.055, 5), [(0.004, 0.016), (0, 0.02), (0, 0.672), (0.004, 0.676)]
        )
        model = model.with_part(slab.uv_turned().shifted((x, 0, 0)), top)
    frames.append(
        box((max(feet) - min(feet) - 0.12, 0.09, 0.03), 0.005).shifted(((max(feet) + min(feet)) / 2, 0.625, 0))
    )
    return model.with_part(joined(frames), metal, light_detail=0.7)


def cable_tray(length: float, metal: str = "graphite") -> Model:
    """A flap with brush and sockets, let into a table top; its origin is the top of the table."""
    lid = panel(rounded_rectangle(length, 0.12, 0.012, 3), 0.004, 0.0015, 1).shifted((0, 0.004, 0))
    slot = panel(rounded_rectangle(length - 0.04, 0.014, 0.006, 3), 0.002, 0.0005, 1).shifted((0, 0.0056, 0.045))
    return Model().with_part(lid, metal).with_part(slot, "felt black")


def round_table(radius: float = 0.3, height: float = 0.6, top: str = "oak", metal: str = "graphite") -> Model:
    """A small table on one foot."""
    board = panel(ellipse(2 * radius, 2 * radius, 36), 0.026, 0.01, 3).shifted((0, height, 0))
    foot = lathe(
        [
            (0, 0),
            (radius * 0.66, 0),
            (radius * 0.66, 0.006),
            (radius * 0.6, 0.012),
            (0.03, 0.018),
            (0.022, 0.03),
            (0.022, height - 0.05),
            (0.07, height - 0.028),
            (0, height - 0.026),
        ],
        24,
    )
    return Model().with_part(board, top).with_part(foot, metal)


def standing_table(
    width: float = 1.5, depth: float = 0.7, height: float = 1.08, top: str = "oak", metal: str = "graphite"
) -> Model:
    """A high table to stand at."""
    board = panel(rounded_rectangle(width, depth, 0.08, 6), 0.036, 0.01, 3).shifted((0, height, 0))
    parts = [
        box((width - 0.3, 0.05, 0.03), 0.004).shifted((0, height - 0.062, 0)),
        box((width - 0.3, 0.04, 0.025), 0.004).shifted((0, 0.2, 0)),
    ]
    for x in (-width / 2 + 0.14, width / 2 - 0.14):
        for z in (-depth / 2 + 0.1, depth / 2 - 0.1):
            parts.append(box((0.05, height - 0.036, 0.05), 0.006).shifted((x, (height - 0.036) / 2, z)))
        parts.append(box((0.045, 0.05, depth - 0.2), 0.004).shifted((x, height - 0.062, 0)))
        parts.append(box((0.04, 0.04, depth - 0.2), 0.004).shifted((x, 0.2, 0)))
    return Model().with_part(board, top).with_part(joined(parts), metal)


def sideboard(
    width: float = 2.0,
    depth: float = 0.45,
    height: float = 0.8,
    wood: str = "walnut",
    metal: str = "graphite",
    doors: int = 4,
) -> Model:
    """A low cupboard whose back stands against a wall at z = +depth / 2."""
    body_height, foot = height - 0.14, 0.12
    parts = [
        box((width, 0.024, depth), 0.006).shifted((0, height - 0.012, 0)),
        box((width, 0.024, depth), 0.006).shifted((0, foot + 0.012, 0)),
    ]
    for x in (-width / 2 + 0.012, width / 2 - 0.012):
        parts.append(box((0.024, body_height, depth), 0.005).shifted((x, foot + body_height / 2, 0)))
    inner = width - 0.048
    for index in range(doors):
        x = (index + 0.5) * inner / doors - inner / 2
        door = box((inner / doors - 0.004, body_height - 0.034, 0.02), 0.004, without=("front",))
        parts.append(door.uv_turned().shifted((x, foot + body_height / 2 + 0.004, -depth / 2 + 0.022)))
    back = box((inner, body_height - 0.02, 0.01), 0.001).shifted((0, foot + body_height / 2, depth / 2 - 0.01))
    pulls, legs = [], []
    for index in range(doors):
        hinge = -1 if index % 2 == 0 else 1
        x = (index + 0.5) * inner / doors - inner / 2 - hinge * (inner / doors / 2 - 0.035)
        pulls.append(box((0.012, 0.16, 0.016), 0.004).shifted((x, foot + body_height * 0.62, -depth / 2 + 0.006)))
    for x in (-width / 2 + 0.16, width / 2 - 0.16):
        for z in (-depth / 2 + 0.07, depth / 2 - 0.07):
            legs.append(tube([(x, foot, z), (x, 0.0, z)], [0.017, 0.011], 8))
    return (
        Model()
        .with_part(joined(parts + [back]), wood)
        .with_part(joined(pulls), "brass", light_detail=0.6)
        .with_part(joined(legs), metal)
    )


def bookshelf(
    width: float = 1.5,
    height: float = 2.1,
    depth: float = 0.34,
    shelves: int = 6,
    wood: str = "oak",
    seed: int = 3,
    bays: int = 2,
) -> Model:
    """Shelves with books, boxes and a pot or two; its back stands against a wall at z = +depth / 2."""
    rng = np.random.default_rng(seed)
    board = 0.026
    parts = [
        box((width, board, depth), 0.004).shifted((0, height - board / 2, 0)),
        box((width - 2 * board, 0.07, depth - 0.03), 0.004).shifted((0, 0.035, 0.015)),
    ]
    for index in range(bays + 1):
        x = -width / 2 + board / 2 + index * (width - board) / bays
        parts.append(box((board, height - board, depth), 0.004).uv_turned().shifted((x, (height - board) / 2, 0)))
    levels = np.linspace(0.07, height - board, shelves + 1)[:-1]
    bay = (width - board) / bays - board
    model = Model()
    for y in levels:
        for index in range(bays):
            x = -width / 2 + board + index * (bay + board)
            parts.append(box((bay, board, depth - 0.012), 0.003).shifted((x + bay / 2, y + board / 2, 0.006)))
            room_above = levels[1] - levels[0] - board
            floor = (x + 0.01, y + board, 0.0)
            kind = rng.random()
            if kind < 0.66:
                model += books(
                    bay * rng.uniform(0.5, 0.92), room_above * 0.92, depth * 0.62, int(rng.integers(1 << 30))
                ).moved(floor)
            elif kind < 0.84:
                model += storage_box(bay * 0.46, room_above * 0.66, depth * 0.75).moved(
                    (floor[0] + bay * 0.26, floor[1], 0.02)
                )
            else:
                model += pot(0.09, 0.13).moved((floor[0] + bay * rng.uniform(0.3, 0.7), floor[1], 0.0))
    back = box((width - 2 * board, height - 0.1, 0.008), 0.001).shifted((0, height / 2 + 0.03, depth / 2 - 0.006))
    return Model().with_part(joined(parts), wood).with_part(back, wood) + model.lit(0.8)
