"""Timber building: bent frames, joists, glass screens, slatted walls that follow a line."""

from __future__ import annotations

import numpy as np

from .mesh import Builder, Mesh, joined
from .model import Model
from .shapes import box, lathe, rectangle


def portal_frame(span: float, height: float, width: float = 0.18, leg: float = 0.26, beam: float = 0.34, haunch: float = 0.95,
                 wood: str = "oak", metal: str = "graphite") -> Model:
    """A glued timber frame across z, whose legs bend into its beam; it fills the room from wall to wall and up to its height."""
    half, bevel = span / 2, 0.012
    angles = _haunch_angles(half, height, half - leg, height - beam, haunch)
    inner = _frame_line(half - leg, height - beam, haunch, angles)
    outer = _frame_outer(half, height, half - leg, height - beam, haunch, angles)
    rings = []
    for (iz, iy), (oz, oy) in zip(inner, outer):
        out = np.array([oz - iz, oy - iy])
        out /= np.linalg.norm(out)
        near = np.array([iz, iy]) + out * bevel
        ring = [(-width / 2, oy, oz), (-width / 2, near[1], near[0]), (-width / 2 + bevel, iy, iz), (width / 2 - bevel, iy, iz),
                (width / 2, near[1], near[0]), (width / 2, oy, oz)]
        rings.append(ring)
    builder = Builder()
    builder.grid(np.array(rings))
    shoes = []
    for side in (-1, 1):
        z = side * (half - leg / 2)
        shoes.append(box((width + 0.024, 0.16, 0.006), 0.002).shifted((0, 0.08, side * (half - leg) - side * 0.003)))
        for x in (-1, 1):
            shoes.append(box((0.006, 0.16, leg), 0.002).shifted((x * (width / 2 + 0.003), 0.08, z)))
            for dz in (-0.06, 0.06):
                bolt = lathe([(0, 0), (0.014, 0), (0.012, 0.009), (0, 0.009)], 8).turned("z", -90 * x)
                shoes.append(bolt.shifted((x * (width / 2 + 0.006), 0.09, z + dz)))
    return Model().with_part(builder.finish(smooth_degrees=40.0), wood).with_part(joined(shoes), metal, light_detail=0.5)


def _haunch_angles(half: float, height: float, inner_z: float, inner_y: float, radius: float, steps: int = 8) -> np.ndarray:
    """Angles round the bend from level to upright; one of them points into the corner of wall and ceiling."""
    corner = np.arctan2(height - (inner_y - radius), half - (inner_z - radius))
    angles = np.linspace(0, np.pi / 2, steps + 1)
    angles[np.argmin(np.abs(angles - corner))] = corner
    return angles


def _frame_line(z: float, y: float, radius: float, angles):
    """Points (z, y) of the inner edge: up the south leg, round, along the beam, round, down the north leg."""
    line = [(z, 0.0)] + [(z - radius + radius * np.cos(a), y - radius + radius * np.sin(a)) for a in angles]
    return line + [(-pz, py) for pz, py in reversed(line)]


def _frame_outer(z: float, y: float, inner_z: float, inner_y: float, radius: float, angles):
    """Points (z, y) on wall and ceiling, each behind the one of the inner edge."""
    line = [(z, 0.0)]
    cz, cy = inner_z - radius, inner_y - radius
    for a in angles:
        cos, sin = np.cos(a), np.sin(a)
        reach = min((z - cz) / max(cos, 1e-9), (y - cy) / max(sin, 1e-9))
        line.append((cz + cos * reach, cy + sin * reach))
    return line + [(-pz, py) for pz, py in reversed(line)]


def joists(length: float, positions, ceiling: float, width: float = 0.06, depth: float = 0.12, wood: str = "oak") -> Model:
    """Beams along x below a ceiling, at `positions` (z)."""
    one = box((length, depth, width), 0.005, without=("top", "left", "right"))
    return Model().with_part(joined(one.uv_shifted((0, 0.17 * i)).shifted((0, ceiling - depth / 2, z)) for i, z in enumerate(positions)), wood)


def glass_screen(width: float, height: float, panes: int = 2, metal: str = "graphite") -> Model:
    """An upright glass wall in a slim frame, across x round the origin; it stands on the floor."""
    bar = 0.04
    bars = [box((width, bar, 0.05), 0.005).shifted((0, y, 0)) for y in (bar / 2, height - bar / 2)]
    for index in range(panes + 1):
        x = -width / 2 + bar / 2 + index * (width - bar) / panes
        bars.append(box((bar, height - 2 * bar, 0.05), 0.005).shifted((x, height / 2, 0)))
    level = box((width - 2 * bar, 0.025, 0.035), 0.004).shifted((0, 1.02, 0))
    pane = rectangle(width - 2 * bar, height - 2 * bar).shifted((0, height / 2, 0))
    return Model().with_part(joined([*bars, level]), metal, light_detail=0.7).with_part(pane, "screen glass")


def flutes(width: float, foot, head, pitch: float = 0.09, slat: float = 0.05, depth: float = 0.04) -> Mesh:
    """Upright slats along x round the origin that look to -z, with dark gaps to be seen between them; z = 0 is their back.

    foot, head: the height of their ends at each x, as functions of x or numbers. One chart, seen from the front: light
    changes little from slat to slat, so that a coarse lightmap serves.
    """
    count = max(1, round(width / pitch))
    bevel = 0.006
    across = np.array([-slat / 2, -slat / 2, -slat / 2 + bevel, slat / 2 - bevel, slat / 2, slat / 2])
    out = np.array([0.0, -depth + bevel, -depth, -depth, -depth + bevel, 0.0])
    # The sides get a little width, so that they have light of their own.
    unrolled = across + np.array([-0.004, 0.0, 0.0, 0.0, 0.0, 0.004])
    builder = Builder()
    chart = builder.chart()
    for index in range(count):
        x = (index + 0.5) * width / count - width / 2
        ends = [np.broadcast_to(end(x + across) if callable(end) else end, across.shape) for end in (foot, head)]
        points = np.stack([np.stack([x + across, y, out], axis=1) for y in ends], axis=1)
        # The grain runs up; du × dv must look to -z, so go from +x to -x.
        uv = np.stack([np.stack([y, x + unrolled], axis=1) for y in ends], axis=1)
        builder.grid(points[::-1], uv[::-1], chart)
    return builder.finish(smooth_degrees=30.0)
