"""Sculpting with distance fields.

A field is a function from points (N, 3) in metres to signed distances (N,), negative inside. Fields need not be exact
distances: `project` divides by the gradient. `surface` turns one into a fine quad mesh by naive surface nets.
All points are in glTF space: y up, -z forward.
"""

import numpy as np


def union(*fields, k=0.0):
    """Joins fields; `k` is the width of the fillet between them, in metres."""

    def field(p):
        d = fields[0](p)
        for other in fields[1:]:
            d = smooth_min(d, other(p), k)
        return d

    return field


def smooth_min(a, b, k):
    if k <= 0:
        return np.minimum(a, b)
    h = np.clip(0.5 + 0.5 * (b - a) / k, 0, 1)
    return b + (a - b) * h - k * h * (1 - h)


def smooth_max(a, b, k):
    return -smooth_min(-a, -b, k)


def cut(field, tool, k=0.0):
    """Removes `tool` from `field`, with an edge rounded over `k` metres."""
    return lambda p: smooth_max(field(p), -tool(p), k)


def meet(field, other, k=0.0):
    return lambda p: smooth_max(field(p), other(p), k)


def grow(field, by):
    return lambda p: field(p) - by


def mirrored(field):
    """The field and its reflection in x, for what comes in pairs; modelled on the +x side."""
    return lambda p: field(np.column_stack([np.abs(p[:, 0]), p[:, 1], p[:, 2]]))


def flipped(field):
    """The field reflected in x."""
    return lambda p: field(p * np.array([-1.0, 1.0, 1.0]))


def moved(field, by):
    by = np.asarray(by, float)
    return lambda p: field(p - by)


def turned(field, matrix, about=(0, 0, 0)):
    """Rotates a field by a 3x3 rotation about a point."""
    about, matrix = np.asarray(about, float), np.asarray(matrix, float)
    return lambda p: field((p - about) @ matrix + about)


def rotation(axis, degrees):
    axis = np.asarray(axis, float) / np.linalg.norm(axis)
    angle = np.radians(degrees)
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def ellipsoid(center, radii, turn=None):
    center, radii = np.asarray(center, float), np.asarray(radii, float)

    def field(p):
        q = p - center
        if turn is not None:
            q = q @ turn
        k0 = np.linalg.norm(q / radii, axis=1)
        k1 = np.linalg.norm(q / radii**2, axis=1)
        return k0 * (k0 - 1) / np.maximum(k1, 1e-9)

    return field


def ball(center, radius):
    center = np.asarray(center, float)
    return lambda p: np.linalg.norm(p - center, axis=1) - radius


def half_space(point, outward):
    outward = np.asarray(outward, float) / np.linalg.norm(outward)
    return lambda p: (p - np.asarray(point, float)) @ outward


def cone(a, b, ra, rb, flat=None):
    """A tapered capsule from `a` to `b`. `flat` is (direction, factor): thickness along it is divided by the factor."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    along = b - a

    def field(p):
        q = p - a
        h = np.clip(q @ along / max(along @ along, 1e-12), 0, 1)
        away = q - h[:, None] * along
        if flat is not None:
            direction, factor = np.asarray(flat[0], float), flat[1]
            away = away + np.outer(away @ direction * (factor - 1), direction)
        return np.linalg.norm(away, axis=1) - (ra + (rb - ra) * h)

    return field


def chain(points, radii, k=0.0, flat=None):
    """Tapered capsules through a list of points, one radius a point."""
    links = [cone(a, b, ra, rb, flat) for a, b, ra, rb in zip(points, points[1:], radii, radii[1:])]
    return union(*links, k=k)


def ring(center, normal, radii, tube, side=(1, 0, 0)):
    """An elliptic torus. `radii` are (along side, across it), `tube` is (outward, along the normal) half thickness."""
    center, normal = np.asarray(center, float), np.asarray(normal, float) / np.linalg.norm(normal)
    side = np.asarray(side, float) - normal * np.dot(side, normal)
    side /= np.linalg.norm(side)
    across = np.cross(normal, side)

    def field(p):
        q = p - center
        u, v, w = q @ side, q @ across, q @ normal
        k0 = np.hypot(u / radii[0], v / radii[1])
        out = (k0 - 1) * min(radii)
        return (np.hypot(out / tube[0], w / tube[1]) - 1) * min(tube)

    return field


def loft(stations, roundness=2.0, cap=0.01):
    """A body of stacked cross sections along y.

    `stations` are rows (y, x half width, z half depth, z centre), in any order of y; between them the values run along a
    smooth curve. `roundness` is the superellipse exponent (2 is an ellipse, more is squarer), `cap` rounds the ends.
    """
    rows = np.array(sorted(stations), float)
    bottom, top = rows[0, 0], rows[-1, 0]

    def field(p):
        y = np.clip(p[:, 1], bottom, top)
        rx, rz, cz = (smooth_curve(rows[:, 0], rows[:, i], y) for i in (1, 2, 3))
        u, v = np.abs(p[:, 0] / rx), np.abs((p[:, 2] - cz) / rz)
        k0 = (u**roundness + v**roundness) ** (1 / roundness)
        side = (k0 - 1) * np.minimum(rx, rz)
        return smooth_max(side, np.maximum(p[:, 1] - top, bottom - p[:, 1]), cap)

    return field


def smooth_curve(xs, ys, at):
    """Monotone cubic interpolation (Fritsch and Carlson 1980), flat beyond both ends."""
    xs, ys = np.asarray(xs, float), np.asarray(ys, float)
    at = np.clip(at, xs[0], xs[-1])
    step, rise = np.diff(xs), np.diff(ys) / np.diff(xs)
    slope = np.concatenate([[rise[0]], (rise[1:] + rise[:-1]) / 2, [rise[-1]]])
    slope[1:-1][rise[1:] * rise[:-1] <= 0] = 0
    for i, r in enumerate(rise):
        for j in (i, i + 1):
            slope[j] = 0 if r == 0 else np.sign(r) * min(abs(slope[j]), 3 * abs(r)) if slope[j] * r >= 0 else 0
    i = np.clip(np.searchsorted(xs, at, side="right") - 1, 0, len(step) - 1)
    t, h = (at - xs[i]) / step[i], step[i]
    return (
        ys[i] * (1 + 2 * t) * (1 - t) ** 2
        + ys[i + 1] * t**2 * (3 - 2 * t)
        + slope[i] * h * t * (1 - t) ** 2
        - slope[i + 1] * h * t**2 * (1 - t)
    )


def gradient(field, p, reach):
    """Central differences over `reach` metres, shape (N, 3), not normalised."""
    g = np.empty_like(p)
    for axis in range(3):
        d = np.zeros(3)
        d[axis] = reach
        g[:, axis] = (field(p + d) - field(p - d)) / (2 * reach)
    return g


def normals(field, p, reach):
    g = gradient(field, p, reach)
    return g / np.maximum(np.linalg.norm(g, axis=1, keepdims=True), 1e-9)


def project(field, p, reach, rounds=4):
    """Moves points onto the surface along the gradient, each at most `3 * reach` a round."""
    for _ in range(rounds):
        g = gradient(field, p, reach * 0.3)
        move = field(p)[:, None] * g / np.maximum((g * g).sum(axis=1, keepdims=True), 0.05)
        length = np.linalg.norm(move, axis=1, keepdims=True)
        p = p - move * np.minimum(1, 3 * reach / np.maximum(length, 1e-12))
    return p


def march(field, origins, direction, longest=0.4):
    """Where rays from `origins` along `direction` first meet the surface (sphere tracing), shape (N, 3)."""
    p = np.array(origins, float)
    direction = np.asarray(direction, float) / np.linalg.norm(direction)
    travelled = np.zeros(len(p))
    for _ in range(120):
        step = np.clip(field(p) * 0.7, -0.01, 0.02)
        p = p + step[:, None] * direction
        travelled += step
        if np.all(np.abs(step) < 1e-5) or np.all(travelled > longest):
            break
    return p


CELL_CORNERS = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
CELL_EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if np.abs(CELL_CORNERS[a] - CELL_CORNERS[b]).sum() == 1]


def sample(field, low, size, step):
    """The field on a grid of `size` points, in slabs that keep memory small."""
    values = np.empty(size)
    y, z = np.meshgrid(low[1] + step * np.arange(size[1]), low[2] + step * np.arange(size[2]), indexing="ij")
    for i in range(size[0]):
        p = np.column_stack([np.full(y.size, low[0] + step * i), y.ravel(), z.ravel()])
        values[i] = field(p).reshape(size[1:])
    return values


def surface(field, low, high, step):
    """Naive surface nets (Gibson 1998): vertices (V, 3) and quads (Q, 4) that look outward."""
    low = np.asarray(low, float) - 1.37 * step
    size = np.ceil((np.asarray(high, float) - low) / step).astype(int) + 3
    values = sample(field, low, size, step)
    cells = size - 1
    corners = [values[tuple(slice(o, o + n) for o, n in zip(c, cells))] for c in CELL_CORNERS]
    total, count = np.zeros((*cells, 3)), np.zeros(cells)
    for a, b in CELL_EDGES:
        crosses = (corners[a] < 0) != (corners[b] < 0)
        t = np.where(crosses, corners[a] / np.where(crosses, corners[a] - corners[b], 1), 0)
        at = CELL_CORNERS[a] + t[..., None] * (CELL_CORNERS[b] - CELL_CORNERS[a])
        total += at * crosses[..., None]
        count += crosses
    active = count > 0
    index = np.full(cells, -1)
    index[active] = np.arange(active.sum())
    places = np.argwhere(active) + total[active] / count[active][:, None]
    quads = [quads_across(values, index, axis) for axis in range(3)]
    return project(field, low + step * places, step), np.concatenate(quads)


def quads_across(values, index, axis):
    """One quad for each grid edge along `axis` that crosses the surface."""
    u, v = (axis + 1) % 3, (axis + 2) % 3
    first = [slice(1, -1)] * 3
    first[axis] = slice(0, -1)
    second = list(first)
    second[axis] = slice(1, None)
    inside_first, inside_second = values[tuple(first)] < 0, values[tuple(second)] < 0
    crossing = np.argwhere(inside_first != inside_second)
    at = crossing.copy()
    at[:, u] += 1
    at[:, v] += 1
    around = []
    for du, dv in ((-1, -1), (0, -1), (0, 0), (-1, 0)):
        cell = at.copy()
        cell[:, u] += du
        cell[:, v] += dv
        around.append(index[tuple(cell.T)])
    quads = np.column_stack(around)
    leaving = inside_first[tuple(crossing.T)]
    quads[~leaving] = quads[~leaving, ::-1]
    return quads
