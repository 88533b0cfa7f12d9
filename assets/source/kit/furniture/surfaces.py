"""What covers floors and walls."""

from __future__ import annotations

from ..mesh import Builder, joined
from ..model import Model
from ..shapes import box, frame, panel, plane, rounded_rectangle, wall

RUG_HEIGHT_M = 0.009


def rug(width: float, depth: float, material: str = "carpet", border: str = "carpet border") -> Model:
    """A patterned carpet with a plain border, 9 mm thick."""
    edge = 0.16
    field = plane(width - 2 * edge, depth - 2 * edge).shifted((0, RUG_HEIGHT_M, 0))
    bars = frame(width, depth, edge, RUG_HEIGHT_M, 0.004).turned("x", -90).shifted((0, RUG_HEIGHT_M / 2, 0))
    return Model().with_part(field, material).with_part(bars, border)


def slat_wall(
    width: float,
    height: float,
    pitch: float = 0.06,
    slat: float = 0.036,
    depth: float = 0.03,
    wood: str = "oak",
    felt: str = "felt black",
) -> Model:
    """Upright slats on dark felt, which swallow sound. Its back is at z = 0, its foot on the floor; it looks to -z."""
    count = round(width / pitch)
    bevel = 0.005
    half, front = slat / 2, -depth - 0.006
    # From one side over the front to the other: one strip of the lightmap for each slat.
    section = [
        (half, -0.006),
        (half, front + bevel),
        (half - bevel, front),
        (-half + bevel, front),
        (-half, front + bevel),
        (-half, -0.006),
    ]
    slats = []
    for index in range(count):
        x = (index + 0.5) * width / count - width / 2
        builder = Builder()
        builder.grid([[(x + dx, y, z) for y in (0.0, height)] for dx, z in section])
        slats.append(builder.finish().uv_turned().uv_shifted((index * 0.377, index * 0.11)))
    back = wall(width, height).shifted((0, 0, -0.006))
    return Model().with_part(back, felt, light_detail=0.4).with_part(joined(slats), wood)


def wainscot(width: float, height: float, fields: int, material: str = "felt green") -> Model:
    """Upholstered wall fields side by side; their back is at z = 0, they look to -z."""
    each = width / fields
    parts = [
        box((each - 0.006, height, 0.035), 0.012, without=("front",)).shifted(
            ((i + 0.5) * each - width / 2, height / 2, -0.0175)
        )
        for i in range(fields)
    ]
    return Model().with_part(joined(parts), material)


def ceiling_raft(width: float, depth: float, thickness: float = 0.05, material: str = "felt green") -> Model:
    """A level acoustic panel that hangs below a ceiling; its top is at y = 0."""
    return Model().with_part(panel(rounded_rectangle(width, depth, 0.12, 6), thickness, 0.012, 2), material)
