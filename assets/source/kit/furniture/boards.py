"""Whiteboards and wall screens; they look to -z and their origin is the middle of the surface."""

from __future__ import annotations

from ..mesh import joined
from ..model import Model
from ..shapes import box, rectangle, sweep
from .small_things import marker


def whiteboard(name: str, width: float, height: float, wall_gap: float = 0.05, rail: str = "oak") -> Model:
    """A board in an oak frame with a tray, pens and an eraser. Its surface is the object `board:NAME`.

    wall_gap: metres from the surface to the wall behind it.
    """
    bar, deep = 0.028, wall_gap + 0.012
    z = wall_gap - deep / 2
    bars = [
        box((bar, height + 2 * bar, deep), 0.006).uv_turned().shifted((s * (width + bar) / 2, 0, z)) for s in (-1, 1)
    ]
    bars += [box((width, bar, deep), 0.006).shifted((0, s * (height + bar) / 2, z)) for s in (-1, 1)]
    profile = [(0, 0), (0.1, 0), (0.1, 0.022), (0.094, 0.022), (0.092, 0.012), (0.006, 0.012), (0, 0.018)]
    # The path runs so that its left side is the room (-z).
    tray = sweep(profile, [(width * 0.32, 0, 0), (-width * 0.32, 0, 0)]).shifted(
        (0, -height / 2 - bar - 0.02, wall_gap - 0.012)
    )
    model = Model().with_part(rectangle(width, height), "board", name=f"board:{name}", light_detail=1.0)
    model = model.with_part(joined([*bars, tray]), rail)
    y, front = -height / 2 - bar - 0.008, wall_gap - 0.05
    for index, color in enumerate(("felt black", "book blue", "clay", "book green")):
        model += marker(color).moved((width * (0.05 + 0.055 * index), y, front - 0.01), 4 - 5 * index)
    eraser = box((0.13, 0.028, 0.05), 0.006).shifted((-width * 0.16, y + 0.02, front - 0.005))
    pad = box((0.126, 0.012, 0.046), 0.002).shifted((-width * 0.16, y + 0.006, front - 0.005))
    return model.with_part(eraser, "walnut", light_detail=0.7).with_part(pad, "felt black", light_detail=0.7)


def wall_screen(name: str, width: float, height: float, wall_gap: float = 0.07, metal: str = "graphite") -> Model:
    """A display with a thin edge and a sound bar below. Its surface is the object `screen:NAME`."""
    rim = 0.012
    deep = min(0.045, wall_gap)
    body = box((width + 2 * rim, height + 2 * rim, deep), 0.006).shifted((0, 0, deep / 2 + 0.0015))
    mount = box((width * 0.4, height * 0.4, max(wall_gap - deep, 0.002)), 0.001).shifted(
        (0, 0, deep + max(wall_gap - deep, 0.002) / 2)
    )
    bar = box((width * 0.46, 0.07, 0.075), 0.02).shifted((0, -height / 2 - 0.09, wall_gap - 0.04))
    camera = box((0.12, 0.035, 0.04), 0.012).shifted((0, height / 2 + 0.03, deep / 2))
    model = Model().with_part(rectangle(width, height), "screen", name=f"screen:{name}", light_detail=0.4)
    return model.with_part(joined([body, mount, camera]), metal).with_part(bar, "felt black")
