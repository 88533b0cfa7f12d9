"""Doors, windows and curtains. They look into the room (-z); z = 0 is the wall's face on the room's side."""

from __future__ import annotations

import numpy as np

from ..mesh import Builder, Mesh, joined
from ..model import Model
from ..shapes import bend, box, curtain, lathe, rectangle, sweep, tube

DOOR_WIDTH_M, DOOR_HEIGHT_M = 0.90, 2.05


def door(wall_thickness: float = 0.2, leaf: str = "oak", casing: str = "graphite", hinges_left: bool = True) -> Model:
    """A closed door 0.90 × 2.05 m with frame, casing, grooves, lever handle, lock and three hinges.

    Its origin is on the floor under the middle of the opening, which is 0.98 m wide and 2.09 m high.
    """
    width, height, jamb = DOOR_WIDTH_M, DOOR_HEIGHT_M, 0.04
    side = 1.0 if hinges_left else -1.0  # +x is on the left for someone who looks at it from inside the room
    frames = []
    for x in (-(width + jamb) / 2, (width + jamb) / 2):
        frames.append(
            box((jamb, height + jamb, wall_thickness), 0.003).shifted((x, (height + jamb) / 2, wall_thickness / 2))
        )
        casing_x = np.sign(x) * (width / 2 + 0.055)
        frames.append(box((0.07, height + 0.09, 0.016), 0.005).shifted((casing_x, (height + 0.09) / 2, -0.008)))
    frames.append(box((width, jamb, wall_thickness), 0.003).shifted((0, height + jamb / 2, wall_thickness / 2)))
    frames.append(box((width + 0.04, 0.07, 0.016), 0.005).shifted((0, height + 0.055, -0.008)))
    parts = []
    # Three fields with grooves between them.
    levels = [0.006, 0.72, 1.38, height - 0.003]
    for low, high in zip(levels, levels[1:]):
        field = box((width - 0.006, high - low - 0.004, 0.042), 0.005, without=("front",)).uv_turned()
        parts.append(field.uv_shifted((0, low)).shifted((0, (low + high) / 2, 0.035)))
    core = box((width - 0.008, height - 0.01, 0.03), 0.002).shifted((0, height / 2, 0.045))
    model = Model().with_part(joined(frames), casing).with_part(joined(parts), leaf).with_part(core, casing)
    hinge = lathe([(0, 0), (0.008, 0.002), (0.008, 0.098), (0, 0.1)], 10)
    metal = [hinge.shifted((side * (width / 2 - 0.002), y, 0.008)) for y in (0.2, 1.0, 1.75)]
    handle = _handle() if hinges_left else _handle().mirrored_x()
    metal.append(handle.shifted((-side * (width / 2 - 0.065), 1.02, 0.014)))
    return model.with_part(joined(metal), "brushed steel")


def _handle() -> Mesh:
    """A lever that points to +x, on its roses; the leaf's face is at z = 0."""
    rose = lathe([(0.026, 0), (0.026, 0.007), (0.022, 0.01), (0, 0.01)], 20, closed=False).turned("x", -90)
    lever = tube(
        bend([(0, 0, 0), (0, 0, -0.04), (0.012, 0, -0.055), (0.04, 0, -0.057), (0.125, 0, -0.055)], 4), 0.0095, 10
    )
    keyhole = lathe([(0.026, 0), (0.026, 0.006), (0.02, 0.008), (0, 0.008)], 20, closed=False).turned("x", -90)
    return joined([rose, lever, keyhole.shifted((0, -0.08, 0))])


def window(
    width: float,
    height: float,
    wall_thickness: float = 0.2,
    mullions: int = 1,
    casing: str = "graphite",
    sill: str | None = "oak",
    sill_depth: float = 0.22,
    transom: float | None = None,
) -> Model:
    """A fixed window with frame, upright mullions, glass and a sill; its origin is the middle of its lower edge.

    transom: height in metres of a level bar, if it has one.
    """
    bar, deep = 0.055, 0.07
    z = wall_thickness * 0.6
    bars = [
        box((bar, height, deep), 0.005).shifted((x, height / 2, z)) for x in (-(width - bar) / 2, (width - bar) / 2)
    ]
    bars += [box((width - 2 * bar, bar, deep), 0.005).shifted((0, y, z)) for y in (bar / 2, height - bar / 2)]
    for index in range(mullions):
        x = -width / 2 + width * (index + 1) / (mullions + 1)
        bars.append(box((0.045, height - 2 * bar, deep), 0.005).shifted((x, height / 2, z)))
    if transom is not None:
        bars.append(box((width - 2 * bar, 0.04, deep - 0.01), 0.005).shifted((0, transom, z)))
    model = Model().with_part(joined(bars), casing)
    glass = rectangle(width - 2 * bar, height - 2 * bar).shifted((0, height / 2, z))
    model = model.with_part(glass, "window glass")
    if sill:
        board = box((width, 0.03, sill_depth), 0.008).shifted((0, -0.003, z - 0.02 - sill_depth / 2))
        model = model.with_part(board, sill)
    return model


def reveal(width: float, height: float, wall_thickness: float = 0.2, material: str = "plaster") -> Model:
    """The sides and the top of an opening in a wall; its origin is the middle of its lower edge."""
    x = width / 2
    corners = [(-x, 0), (-x, height), (x, height), (x, 0), (-x, 0)]
    builder = Builder()
    for (x0, y0), (x1, y1) in zip(corners, corners[1:]):
        builder.grid([[(x0, y0, 0), (x0, y0, wall_thickness)], [(x1, y1, 0), (x1, y1, wall_thickness)]])
    return Model().with_part(builder.finish(), material)


def curtains(
    opening: float, height: float, stack: float = 0.55, cloth: str = "linen", seed: int = 1, folds: int = 7
) -> Model:
    """Drawn-back curtains at both sides of an opening, on a rail with brackets.

    Its origin is the rail's middle; the cloth hangs down by `height`.
    """
    left = curtain(stack, height, folds, 0.09, seed).turned("y", 180).shifted((-opening / 2 + stack / 2, -0.02, 0))
    right = curtain(stack, height, folds, 0.09, seed + 1).turned("y", 180).shifted((opening / 2 - stack / 2, -0.02, 0))
    return (
        Model()
        .with_part(joined([left, right]), cloth)
        .with_part(curtain_rail(opening + 0.1), "graphite", light_detail=0.5)
    )


def curtain_rail(length: float) -> Mesh:
    """A flat ceiling rail along x; its lower edge is at y = 0."""
    return box((length, 0.022, 0.05), 0.004).shifted((0, 0.0, 0))


def skirting(path, closed: bool = False, height: float = 0.09, depth: float = 0.014, material: str = "oak") -> Model:
    """A skirting board along a path [(x, z), …] on the floor; the room is on the left as seen from above."""
    profile = [
        (0, 0),
        (depth, 0),
        (depth, height - 0.012),
        (depth - 0.006, height - 0.002),
        (depth - 0.009, height),
        (0, height),
    ]
    points = [(x, 0.0, z) for x, z in path]
    return Model().with_part(sweep(profile, points, closed_path=closed), material)
