"""The primitives: boxes, panels, lathes, sweeps, tubes, sheets, cushions, cloth."""

from __future__ import annotations

import itertools

import numpy as np

from .mesh import Builder, Mesh, joined

_SIDES = {"left": (0, -1), "right": (0, 1), "bottom": (1, -1), "top": (1, 1), "back": (2, -1), "front": (2, 1)}


def box(size, bevel: float = 0.008, without=()) -> Mesh:
    """A box round the origin with bevelled edges.

    size: (x, y, z) in metres. without: sides that nobody sees ("left" -x, "right", "bottom", "top", "back" -z,
    "front"); their bevels stay.
    """
    half = np.asarray(size, float) / 2.0
    bevel = min(bevel, 0.49 * 2.0 * half.min())
    builder = Builder()
    charts = {side: builder.chart() for side in _SIDES.values()}

    def corner(signs, axis):
        point = signs * (half - bevel)
        point[axis] = signs[axis] * half[axis]
        return point

    def unrolled(signs, axis, chart_axis):
        """Where the corner's vertex on the face `axis` lies in the chart of `chart_axis`."""
        point = signs * (half - bevel)
        if axis != chart_axis:
            point[axis] += signs[axis] * bevel * np.sqrt(2.0)
        u, v = {0: (2, 1), 1: (0, 2), 2: (0, 1)}[chart_axis]
        return point[u], point[v]

    def add(vertices, side):
        points = np.array([corner(np.array(signs, float), axis) for signs, axis in vertices])
        normal = np.cross(points[1] - points[0], points[2] - points[0])
        if normal @ points.mean(axis=0) < 0.0:
            vertices, points = vertices[::-1], points[::-1]
        uv = [unrolled(np.array(signs, float), axis, side[0]) for signs, axis in vertices]
        builder.face(points, uv, charts[side])

    for name, (axis, sign) in _SIDES.items():
        if name in without:
            continue
        b, c = [other for other in range(3) if other != axis]
        ring = []
        for sb, sc in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            signs = [0, 0, 0]
            signs[axis], signs[b], signs[c] = sign, sb, sc
            ring.append((signs, axis))
        add(ring, (axis, sign))
    if bevel > 1e-5:
        _box_bevels(add, without)
    return builder.finish()


def _box_bevels(add, without) -> None:
    gone = {_SIDES[name] for name in without}
    for along in range(3):
        a, b = [axis for axis in range(3) if axis != along]
        for sa, sb in itertools.product((-1, 1), repeat=2):
            ends = []
            for end in (-1, 1):
                signs = [0, 0, 0]
                signs[along], signs[a], signs[b] = end, sa, sb
                ends.append(signs)
            # An edge unrolls beside its y face, else its x face; where that is left out, beside the other one.
            sides = [side for side in _by_precedence((a, sa), (b, sb)) if side not in gone]
            if sides:
                add([(ends[0], a), (ends[1], a), (ends[1], b), (ends[0], b)], sides[0])
    for sx, sy, sz in itertools.product((-1, 1), repeat=3):
        sides = [side for side in ((1, sy), (0, sx), (2, sz)) if side not in gone]
        if sides:
            signs = [sx, sy, sz]
            add([(signs, 0), (signs, 1), (signs, 2)], sides[0])


def _by_precedence(*sides):
    return sorted(sides, key=lambda side: (1, 0, 2).index(side[0]))


def rounded_rectangle(width: float, depth: float, radius: float, segments: int = 6) -> np.ndarray:
    """Outline (n, 2) in x and z with round corners, for `loft` and `panel`."""
    radius = min(radius, width / 2 - 1e-4, depth / 2 - 1e-4)
    points = []
    for sx, sz, start in ((1, 1, 0), (-1, 1, 90), (-1, -1, 180), (1, -1, 270)):
        for angle in np.radians(np.linspace(start, start + 90, segments + 1)):
            points.append(
                (
                    sx * (width / 2 - radius) + radius * np.cos(angle),
                    sz * (depth / 2 - radius) + radius * np.sin(angle),
                )
            )
    return np.array(points)


def ellipse(width: float, depth: float, segments: int = 32) -> np.ndarray:
    """Outline (n, 2) of an ellipse in x and z."""
    angles = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    return np.stack([width / 2 * np.cos(angles), depth / 2 * np.sin(angles)], axis=1)


def loft(outline, profile, bottom: bool = True) -> Mesh:
    """An outline (n, 2) in x and z, stacked upwards: `profile` is [(inset, height), …] in metres.

    The first and the last ring are closed with a flat face (`bottom=False` leaves the first open). Insets may
    shrink step by step towards the middle, for a domed cushion; the outline should then be round.
    """
    outline = np.asarray(outline, float)
    rings = np.array([_ring(outline, inset, height) for inset, height in profile])
    rings = np.concatenate([rings, rings[:, :1]], axis=1)
    widest = int(np.argmin([inset for inset, _ in profile]))
    steepest = [i for i, (a, b) in enumerate(zip(profile, profile[1:])) if abs(b[1] - a[1]) > abs(b[0] - a[0])]
    first, last = (min(steepest), max(steepest) + 1) if steepest else (widest, widest)
    builder = Builder()
    if last > first:
        builder.grid(rings[first : last + 1].transpose(1, 0, 2)[::-1])
    for part, is_top in ((rings[last:], True), (rings[: first + 1][::-1], False)):
        if not is_top and not bottom:
            continue
        chart = builder.chart()
        uv = part[:, :, [0, 2]]
        order = slice(None, None, -1) if is_top else slice(None)
        if len(part) > 1:
            builder.grid(part.transpose(1, 0, 2)[order], uv.transpose(1, 0, 2)[order], chart)
        builder.face(part[-1, :-1][order], uv[-1, :-1][order], chart)
    return builder.finish(closed=bottom)


def _ring(outline: np.ndarray, inset: float, height: float) -> np.ndarray:
    before, after = np.roll(outline, 1, axis=0), np.roll(outline, -1, axis=0)
    inward = [_inward(outline - before), _inward(after - outline)]
    middle = inward[0] + inward[1]
    middle /= np.maximum((middle * inward[0]).sum(axis=1, keepdims=True), 0.3)
    points = outline + middle * inset
    return np.stack([points[:, 0], np.full(len(points), height), points[:, 1]], axis=1)


def _inward(edges: np.ndarray) -> np.ndarray:
    edges = edges / np.maximum(np.linalg.norm(edges, axis=1, keepdims=True), 1e-9)
    return np.stack([-edges[:, 1], edges[:, 0]], axis=1)


def panel(outline, thickness: float, bevel: float = 0.006, segments: int = 2) -> Mesh:
    """A level board with the outline (n, 2) in x and z and rounded edges; its top lies at y = 0."""
    angles = np.radians(np.linspace(0, 90, segments + 1))
    rise = [(bevel * (1 - np.sin(a)), -thickness + bevel * (1 - np.cos(a))) for a in angles]
    fall = [(inset, -thickness - height) for inset, height in reversed(rise)]
    return loft(outline, rise + fall)


def lathe(profile, segments: int = 24, closed: bool = True) -> Mesh:
    """`profile` [(radius, height), …] from bottom to top, turned about +y.

    closed: a solid, or a thick vessel whose profile goes up outside and down inside.
    """
    angles = np.linspace(0, 2 * np.pi, segments + 1)
    profile = np.asarray(profile, float)
    points = np.stack(
        [
            np.outer(np.cos(angles), profile[:, 0]),
            np.broadcast_to(profile[:, 1], (segments + 1, len(profile))),
            np.outer(-np.sin(angles), profile[:, 0]),
        ],
        axis=2,
    )
    points[-1] = points[0]
    builder = Builder()
    builder.grid(points)
    return builder.finish(closed=closed)


def sweep(profile, path, closed_path: bool = False, caps: bool = True) -> Mesh:
    """A profile [(out, up), …] carried along a level path with mitred corners: skirting, frames, rails.

    profile: closed outline; `out` points to the left of the path as seen from above. path: [(x, y, z), …].
    """
    profile, path = np.asarray(profile, float), np.asarray(path, float)
    count = len(path)
    steps = np.roll(path, -1, axis=0) - path
    sides = np.stack([steps[:, 2], np.zeros(count), -steps[:, 0]], axis=1)
    sides /= np.maximum(np.linalg.norm(sides, axis=1, keepdims=True), 1e-9)
    before = np.roll(sides, 1, axis=0)
    if not closed_path:
        before[0], sides[-1] = sides[0], sides[-2]
    mitre = before + sides
    mitre /= np.maximum((mitre * sides).sum(axis=1, keepdims=True), 0.2)
    ring = np.concatenate([profile, profile[:1]])
    points = path[:, None] + mitre[:, None] * ring[None, :, :1] + np.array([0, 1, 0]) * ring[None, :, 1:]
    builder = Builder()
    last = count if closed_path else count - 1
    for i in range(last):
        builder.grid(points[[i, (i + 1) % count]])
    if caps and not closed_path:
        builder.face(points[0, :-1], profile, builder.chart())
        builder.face(points[-1, -2::-1], profile[::-1], builder.chart())
    return builder.finish(closed=True, smooth_degrees=40.0)


def tube(path, radius, segments: int = 8, caps: bool = True, flatten: float = 1.0) -> Mesh:
    """A round bar along a path (n, 3); `radius` is one number or one for each point.

    flatten: height over width of its section, for flat bars.
    """
    path = np.asarray(path, float)
    radii = np.broadcast_to(np.asarray(radius, float), (len(path),))
    tangents = np.gradient(path, axis=0)
    tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
    up = np.array([0.0, 1.0, 0.0]) if abs(tangents[0, 1]) < 0.9 else np.array([0.0, 0.0, 1.0])
    angles = np.linspace(0, 2 * np.pi, segments + 1)
    rings = []
    for point, tangent, r in zip(path, tangents, radii):
        side = np.cross(tangent, up)
        side /= np.linalg.norm(side)
        up = np.cross(side, tangent)
        rings.append(point + r * (np.outer(np.cos(angles), side) + flatten * np.outer(np.sin(angles), up)))
    rings = np.array(rings)
    rings[:, -1] = rings[:, 0]
    builder = Builder()
    builder.grid(rings.transpose(1, 0, 2)[::-1])
    if caps:
        flat = np.stack([np.cos(angles), np.sin(angles)], axis=1)[:-1] * radii.max()
        builder.face(rings[0, :-1], flat, builder.chart())
        builder.face(rings[-1, -2::-1], flat[::-1], builder.chart())
    return builder.finish(closed=True)


def bend(points, steps: int = 6) -> np.ndarray:
    """A smooth path (n, 3) through `points` (Catmull-Rom), for `tube`."""
    points = np.asarray(points, float)
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    path = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:]):
        for t in np.linspace(0, 1, steps, endpoint=False):
            path.append(
                0.5
                * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
            )
    return np.array(path + [points[-1]])


def sheet(points, thickness: float) -> Mesh:
    """A thick, bent plate: `points` (m, n, 3) is its middle surface, du × dv its front."""
    points = np.asarray(points, float)
    du, dv = np.gradient(points, axis=0), np.gradient(points, axis=1)
    normals = np.cross(du, dv)
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-9)
    front, back = points + normals * thickness / 2, points - normals * thickness / 2
    builder = Builder()
    builder.grid(front)
    builder.grid(back[::-1])
    rim = [
        (front[:, 0], back[:, 0]),
        (front[-1], back[-1]),
        (front[::-1, -1], back[::-1, -1]),
        (front[0, ::-1], back[0, ::-1]),
    ]
    for a, b in rim:
        builder.grid(np.stack([a, b], axis=1)[::-1])
    return builder.finish(smooth_degrees=100.0)


def cushion(width: float, depth: float, thickness: float, puff: float = 0.6, segments: int = 10) -> Mesh:
    """A pillow with a seam round its middle, lying level round the origin."""
    t = np.sin(np.linspace(-np.pi / 2, np.pi / 2, segments + 1))
    u, v = np.meshgrid(t, t, indexing="ij")
    # The sides are drawn in between the corners, as stuffed cloth does.
    x = u * (1 - 0.06 * (1 - v**2)) * width / 2
    z = v * (1 - 0.06 * (1 - u**2)) * depth / 2
    height = thickness / 2 * np.maximum((1 - u**2) * (1 - v**2), 0) ** (puff * 0.6)
    builder = Builder()
    builder.grid(np.stack([x, height, z], axis=2)[::-1])
    builder.grid(np.stack([x, -height, z], axis=2))
    return builder.finish(closed=True, smooth_degrees=100.0)


def curtain(width: float, height: float, folds: int, depth: float = 0.07, seed: int = 1) -> Mesh:
    """Hanging cloth in folds: along x round the origin, down from y = 0, its front to +z. Seen from both sides."""
    rng = np.random.default_rng(seed)
    across, down = folds * 8 + 1, 7
    s = np.linspace(0, 1, across)
    t = np.linspace(0, 1, down)
    widths = np.cumsum(rng.uniform(0.7, 1.3, folds))
    phase = np.interp(s, np.concatenate([[0], widths / widths[-1]]), np.arange(folds + 1)) * 2 * np.pi
    strength = np.interp(s, np.linspace(0, 1, folds), rng.uniform(0.7, 1.1, folds))
    points = np.zeros((across, down, 3))
    for j, fall in enumerate(t):
        open_ = 0.45 + 0.55 * min(1.0, fall * 2.5)
        wobble = 0.25 * fall * np.sin(phase * 0.5 + 3 * fall + seed)
        points[:, j, 0] = (s - 0.5) * width * (0.97 + 0.03 * fall) + 0.04 * depth * np.sin(2 * phase)
        points[:, j, 1] = -height * fall
        points[:, j, 2] = depth / 2 * strength * open_ * (np.sin(phase + wobble))
    builder = Builder()
    builder.grid(points[:, ::-1])
    return builder.finish(smooth_degrees=80.0)


def disc(radius: float, segments: int = 24) -> Mesh:
    """A flat, level disc that looks up; for lamps and liquids."""
    outline = ellipse(2 * radius, 2 * radius, segments)[::-1]
    builder = Builder()
    points = np.stack([outline[:, 0], np.zeros(len(outline)), outline[:, 1]], axis=1)
    builder.face(points, outline, builder.chart())
    return builder.finish()


def rectangle(width: float, height: float) -> Mesh:
    """An upright plane round the origin that looks to -z, with texture coordinates from 0 to 1 for a picture."""
    builder = Builder()
    x, y = width / 2, height / 2
    points = [(x, -y, 0), (-x, -y, 0), (-x, y, 0), (x, y, 0)]
    builder.face(points, [(0, 0), (1, 0), (1, 1), (0, 1)], builder.chart())
    return builder.finish()


def plane(width: float, depth: float, cell: float = 4.0) -> Mesh:
    """A level plane round the origin that looks up, in cells so that light and texture stay precise."""
    nx, nz = max(1, round(width / cell)), max(1, round(depth / cell))
    x, z = np.linspace(-width / 2, width / 2, nx + 1), np.linspace(depth / 2, -depth / 2, nz + 1)
    grid = np.stack([*np.meshgrid(x, z, indexing="ij")], axis=2)
    points = np.stack([grid[..., 0], np.zeros(grid.shape[:2]), grid[..., 1]], axis=2)
    builder = Builder()
    builder.grid(points, uv=grid)
    return builder.finish()


def wall(width: float, height: float) -> Mesh:
    """An upright plane that stands on the origin and looks to -z; texture coordinates in metres."""
    builder = Builder()
    x = width / 2
    points = [(x, 0, 0), (-x, 0, 0), (-x, height, 0), (x, height, 0)]
    builder.face(points, [(0, 0), (width, 0), (width, height), (0, height)], builder.chart())
    return builder.finish()


def frame(width: float, height: float, bar: float, depth: float, bevel: float = 0.004) -> Mesh:
    """An upright rectangular frame of four bars round the origin; width and height are its outside."""
    side = box((bar, height, depth), bevel)
    rail = box((width - 2 * bar, bar, depth), bevel)
    return joined(
        [
            side.shifted((-(width - bar) / 2, 0, 0)),
            side.shifted(((width - bar) / 2, 0, 0)),
            rail.shifted((0, -(height - bar) / 2, 0)),
            rail.shifted((0, (height - bar) / 2, 0)),
        ]
    )
