"""Forms made by carrying an outline straight across, or along an arc: each unrolls into a single chart."""

from __future__ import annotations

import numpy as np

from .mesh import Builder, Mesh

# Between pieces of one chart, in metres.
GAP_M = 0.02


def wrapped(outline, columns, builder: Builder, chart: int, uv_at=(0.0, 0.0)) -> tuple[float, float]:
    """A solid across x: `outline` [(z, y), …] closed, carried through `columns` [(x, inset), …] from -x to +x.

    An inset draws the outline in towards its middle, which rounds the ends. Adds to `chart` from `uv_at` on;
    returns the size (u, v) that it took.
    """
    outline = np.asarray(outline, float)
    middle = outline.mean(axis=0)
    half = np.abs(outline - middle).max(axis=0)
    rings = []
    for x, inset in columns:
        ring = middle + (outline - middle) * np.maximum(1.0 - inset / half, 0.05)
        ring = np.concatenate([ring, ring[:1]])
        rings.append(np.stack([np.full(len(ring), x), ring[:, 1], ring[:, 0]], axis=1))
    points = np.array(rings)
    across = np.array([x for x, _ in columns])
    across = across - across[0]
    around = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points[len(columns) // 2], axis=0), axis=1))])
    uv = np.stack(np.meshgrid(across, around, indexing="ij"), axis=2) + np.asarray(uv_at, float)
    # The outline runs forward along the bottom and back along the top, so that du × dv looks outward.
    builder.grid(points, uv, chart)
    low = outline.min(axis=0)
    size = outline.max(axis=0) - low
    at = np.array([uv_at[0], uv_at[1] + around[-1] + GAP_M]) - low
    builder.face(points[0, :-1], outline + at, chart)
    builder.face(points[-1, :-1][::-1], outline[::-1] + at + np.array([size[0] + GAP_M, 0]), chart)
    return max(across[-1], 2 * size[0] + GAP_M), around[-1] + GAP_M + size[1]


def arc_band(profile, radius: float, arcs, focus_z: float, columns: int, closed: bool = False,
             wall_x: float | None = None) -> Mesh:
    """A profile [(out, y), …] carried along an arc about the axis x = 0, z = `focus_z`; `out` adds to `radius`.

    arcs: from and to in metres along the arc at `radius`, positive to +x. wall_x: instead, both ends reach the
    planes x = ±wall_x at every radius. Outside is to the left of the profile as it is drawn with `out` to the
    right and y up. closed: the profile is a ring, and the ends are closed too.
    """
    profile = np.asarray(profile, float)
    ring = np.concatenate([profile, profile[:1]]) if closed else profile
    radii = radius + ring[:, 0]
    # From east to west, so that du × dv looks to the left of the profile.
    if wall_x is None:
        shares = np.linspace(arcs[1], arcs[0], columns + 1)
        angles = np.repeat(shares[:, None] / radius, len(ring), axis=1)
    else:
        shares = np.linspace(1.0, -1.0, columns + 1)
        angles = shares[:, None] * np.arcsin(wall_x / radii)[None]
    points = np.stack([
        radii * np.sin(angles),
        np.broadcast_to(ring[:, 1], angles.shape),
        focus_z + radii * np.cos(angles),
    ], axis=2)
    along = (angles[:, :1] - angles[:1, :1]) * -radius
    across = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))])
    uv = np.stack(np.broadcast_arrays(along, across[None]), axis=2)
    builder = Builder()
    chart = builder.grid(points, uv)
    if closed:
        size = profile.max(axis=0) - profile.min(axis=0)
        at = np.array([0.0, across[-1] + GAP_M]) - profile.min(axis=0)
        builder.face(points[0, :-1], profile + at, chart)
        builder.face(points[-1, :-1][::-1], profile[::-1] + at + np.array([size[0] + GAP_M, 0]), chart)
    return builder.finish(closed=closed, smooth_degrees=40.0)
