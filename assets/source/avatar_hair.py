"""Eight heads of hair with clearly different outlines, in centimetres around the point between the eyes."""

from dataclasses import dataclass
from typing import Callable

import numpy as np

from avatar_field import (
    ball, chain, cone, cut, ellipsoid, grow, loft, mirrored, project, ring, smooth_curve, smooth_max, union,
)
from avatar_head import centimetres, skull
from avatar_mesh import sculpt

CROWN = np.array([0, 2.6, 7.2])
SKULL = skull()


def scalp(directions, lift=0.0):
    """Points on the skull seen from inside its crown, shape (N, 3); `lift` in centimetres, one value or one a point."""
    d = np.atleast_2d(np.asarray(directions, float))
    d = d / np.linalg.norm(d, axis=1, keepdims=True)
    near, far = np.zeros(len(d)), np.full(len(d), 22.0)
    for _ in range(28):
        middle = (near + far) / 2
        inside = SKULL(CROWN + d * middle[:, None]) < 0
        near, far = np.where(inside, middle, near), np.where(inside, far, middle)
    return CROWN + d * (near + lift)[:, None]


def lock(directions, widths, lifts=0.35, flat=1.8, steps=7):
    """A strand that lies on the scalp along directions from the crown, flattened towards the head."""
    t = np.linspace(0, 1, len(directions))
    fine = np.linspace(0, 1, steps)
    directions = np.asarray(directions, float)
    path = np.column_stack([smooth_curve(t, directions[:, i], fine) for i in range(3)])
    lift = smooth_curve(t, np.broadcast_to(lifts, len(t)), fine)
    width = smooth_curve(np.linspace(0, 1, len(widths)), widths, fine)
    return strand(scalp(path, lift), width, flat)


def groove(directions, widths, lifts, steps=9):
    """What to cut away for a furrow along the scalp."""
    t, fine = np.linspace(0, 1, len(directions)), np.linspace(0, 1, steps)
    directions = np.asarray(directions, float)
    path = np.column_stack([smooth_curve(t, directions[:, i], fine) for i in range(3)])
    lift = smooth_curve(t, np.broadcast_to(lifts, len(t)), fine)
    return chain(scalp(path, lift), smooth_curve(np.linspace(0, 1, len(widths)), widths, fine))


def strand(points, widths, flat=1.8):
    """A strand through points, flattened along the direction away from the crown."""
    out = (points[1:] + points[:-1]) / 2 - CROWN
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    links = [
        cone(a, b, ra, rb, (n, flat)) for a, b, ra, rb, n in zip(points, points[1:], widths, widths[1:], out)
    ]
    return union(*links, k=0.25)


def hairline(p, forehead=5.7, nape=-6.5, sideburn=-1.4):
    """Signed height under the line where hair begins: forehead, temple, sideburn, around the ear, nape."""
    line = smooth_curve(
        [-3, -0.6, 1.6, 3.6, 4.6, 5.6, 6.6, 8.8, 10.2, 12.5, 20],
        [forehead, forehead - 0.2, forehead - 2.0, 2.0, sideburn, sideburn + 0.2, 1.7, 1.5, -3.2, nape, nape],
        p[:, 2],
    )
    recess = 0.9 * np.exp(-(((np.abs(p[:, 0]) - 4.2) / 1.7) ** 2)) * (p[:, 2] < 6)
    return (line + recess - p[:, 1]) * 0.75


def cap(thickness, edge=0.45, taper=0.0, **line):
    """Hair that lies on the skull; `thickness` maps points to centimetres, thinner over `taper` centimetres at its edge."""

    def field(p):
        above = hairline(p, **line)
        full = thickness(p)
        if taper:
            full = 0.35 + (full - 0.35) * smooth_curve([0, taper], [0, 1], -above)
        return smooth_max(SKULL(p) - full, above, edge)

    return field


def by_height(low, high, start=0.0, end=9.5):
    return lambda p: smooth_curve([start, end], [low, high], p[:, 1])


def short_crop():
    tufts = [
        lock(
            [(x * 0.9, 1.05, 0.0), (x, 0.95, -0.5), (x * 1.1 + 0.05, 0.72, -0.88), (x * 1.12 + 0.12, 0.6, -1.0)],
            [0.5, 1.1, 1.0, 0.5], [0.9, 1.25, 1.15, 1.3], 1.25,
        )
        for x in (-0.56, -0.3, -0.03, 0.24, 0.5)
    ]
    return union(cap(by_height(0.65, 1.45, 1.0, 9.0), taper=1.6), *tufts, k=0.5)


def side_parting():
    def thickness(p):
        combed_over = 1 / (1 + np.exp((p[:, 0] - 3.0) * 2.2))
        front = smooth_curve([-3, 3, 12], [1.0, 0.55, 0.1], p[:, 2])
        top = smooth_curve([0.5, 4, 8], [0.65, 1.3, 1.7], p[:, 1])
        flat = smooth_curve([0.5, 8], [0.65, 1.0], p[:, 1])
        return flat + combed_over * (top - flat + front * smooth_curve([2, 6], [0, 1], p[:, 1]))

    sweep = lock(
        [(0.3, 0.78, -0.8), (0.05, 0.68, -0.95), (-0.3, 0.58, -0.92), (-0.66, 0.4, -0.66), (-0.85, 0.15, -0.25)],
        [0.7, 1.35, 1.45, 1.15, 0.4], [1.2, 1.9, 1.7, 1.1, 0.5], 1.3, 10,
    )
    furrows = [
        groove([(0.3, 0.95, z), (-0.1, 1.0, z - 0.1), (-0.55, 0.75, z - 0.06), (-0.88, 0.3, z + 0.08)],
               [0.1, 0.3, 0.34, 0.15], [2.0, 2.45, 2.2, 1.5])
        for z in (-0.42, -0.08, 0.3)
    ]
    return cut(union(cap(thickness, taper=1.3), sweep, k=0.5), union(*furrows), k=0.6)


def curly():
    random = np.random.default_rng(7)
    count = 84
    turn = np.arange(count) * np.pi * (3 - np.sqrt(5))
    up = 1 - 2 * (np.arange(count) + 0.5) / count
    around = np.sqrt(1 - up**2)
    points = scalp(np.column_stack([around * np.sin(turn), up, -around * np.cos(turn)]))
    points = points[hairline(points, forehead=5.0, nape=-5.2) < -0.1]
    out = (points - CROWN) / np.linalg.norm(points - CROWN, axis=1, keepdims=True)
    lift = np.interp(points[:, 1], [-4, 3, 10], [0.2, 1.0, 1.7]) + random.uniform(-0.25, 0.45, len(points))
    size = np.interp(points[:, 1], [-5, 4], [1.6, 2.3]) + random.uniform(-0.2, 0.3, len(points))
    curls = [ball(p, r) for p, r in zip(points + out * lift[:, None], size)]
    return union(cap(by_height(0.7, 1.5)), *curls, k=0.55)


def bob():
    shell = union(grow(SKULL, 1.35), ellipsoid((0, -3.2, 8.0), (9.9, 8.6, 8.2)), ellipsoid((0, 0.5, 10.0), (9.2, 9.5, 9.4)), k=2)
    shell = smooth_cut_below(shell, lambda p: -9.4 + 0.16 * (p[:, 2] - 6), 1.3)
    opening = face_opening((0, -4.2), (6.1, 8.4), 5.2)
    under = ellipsoid((0, -13, 5.0), (6.0, 7.0, 8.5))
    body = cut(cut(shell, opening, k=0.9), under, k=0.8)
    fringe = [
        strand(scalp([(x * 0.7, 0.95, -0.6), (x, 0.6, -0.95), (x * 1.12, 0.27, -1.0)], np.array([0.9, 1.1, 0.55])), [1.1, 1.35, 0.75], 1.5)
        for x in (-0.62, -0.37, -0.12, 0.13, 0.38, 0.63)
    ]
    parts = mirrored(chain(scalp([(0.42, 0.95, -0.45), (0.75, 0.55, -0.42), (0.95, 0.0, -0.3)], 1.6), [0.12, 0.22, 0.1]))
    return union(cut(body, parts, k=0.6), *fringe, k=0.3)


def face_opening(center, radii, depth):
    """An upright oval hole in front of z = `depth`, which keeps the face free."""

    def field(p):
        u, v = (p[:, 0] - center[0]) / radii[0], (p[:, 1] - center[1]) / radii[1]
        oval = (np.hypot(u, v) - 1) * min(radii)
        return smooth_max(oval, p[:, 2] - depth, 1.5)

    return field


def smooth_cut_below(field, height, k):
    return lambda p: smooth_max(field(p), height(p) - p[:, 1], k)


def long_straight():
    """Parted in the middle, behind the shoulders, over the ears."""
    back = union(grow(SKULL, 1.0), ellipsoid((0, -2.0, 8.6), (9.9, 10.0, 9.0)), loft_back(), k=2.0)
    back = cut(back, lambda p: p[:, 2] - 3.4 + 0.22 * p[:, 1], k=1.2)
    neck_room = ellipsoid((0, -15, 5.5), (6.6, 9.0, 8.2))
    top = cap(by_height(0.8, 1.35), taper=1.2)
    curtain = mirrored(
        strand(
            np.array([(0.9, 12.0, 1.4), (4.2, 9.9, -0.2), (7.0, 6.0, 0.6), (8.4, 0.5, 2.6), (9.0, -6.0, 5.2), (9.1, -13.0, 9.0), (8.4, -20.0, 14.5)]),
            [0.7, 1.25, 1.45, 1.6, 1.7, 1.7, 1.2], 1.4,
        )
    )
    part = chain([(0, 10.6, -1.6), (0, 12.9, 1), (0, 13.6, 5), (0, 13.4, 9)], [0.1, 0.2, 0.2, 0.1])
    furrows = mirrored(
        union(
            chain([(3.0, 8, 18.2), (3.4, -6, 19.8), (3.0, -20, 21.0)], [0.1, 0.4, 0.4]),
            chain([(9.4, 2, 7.5), (10.3, -6, 10.5), (9.8, -14, 14.0)], [0.1, 0.4, 0.3]),
        )
    )
    return cut(cut(union(cut(back, neck_room, k=1.2), top, curtain, k=0.7), part, k=1.1), furrows, k=0.9)


def loft_back():
    return loft(
        [(4, 8.6, 8.8, 8.6), (-6, 9.2, 6.4, 11.6), (-14, 9.0, 3.4, 15.4), (-20, 8.4, 2.3, 17.4), (-25, 7.0, 1.5, 18.6)], 2.3, 1.2
    )


def bun():
    base = cap(by_height(0.8, 1.05), taper=1.0, nape=-6.2)
    knot_at = scalp([(0, 0.82, 0.72)], 2.6)[0]
    out = (knot_at - CROWN) / np.linalg.norm(knot_at - CROWN)
    knot = union(
        ellipsoid(knot_at + out * 0.4, (3.5, 3.3, 3.5)), ring(knot_at - out * 1.4, out, (3.0, 3.0), (0.9, 0.9)), k=0.35
    )
    swirl = ring(knot_at + out * 1.9, out + np.array([0.25, 0, 0]), (2.5, 2.5), (0.35, 0.35))
    combed = mirrored(
        union(
            *[
                groove([(a, b, c), (a * 0.8 + 0.1, b * 0.6 + 0.45, c * 0.5 + 0.15), (0.14, 0.85, 0.5)], [0.12, 0.3, 0.2], 1.15)
                for a, b, c in ((0.25, 0.62, -0.85), (0.62, 0.5, -0.6), (0.92, 0.22, 0.05), (0.8, -0.15, 0.55))
            ]
        )
    )
    wisp = mirrored(strand(np.array([(6.3, 5.4, 0.4), (7.35, 2.2, 2.2), (7.5, -1.8, 3.0), (7.0, -4.6, 2.6)]), [0.5, 0.55, 0.45, 0.14], 1.5))
    return union(cut(union(base, wisp, k=0.4), combed, k=0.5), cut(knot, swirl, k=0.5), k=0.4)


def afro():
    def lumps(p):
        return 0.28 * np.sin(p[:, 0] * 1.15 + 0.6) * np.sin(p[:, 1] * 1.25) * np.sin(p[:, 2] * 1.1 + 0.4)

    mass = union(ellipsoid((0, 5.4, 8.6), (12.0, 10.4, 11.2)), ellipsoid((0, 0.0, 10.4), (10.4, 7.0, 8.8)), k=3)
    shape = lambda p: mass(p) + lumps(p)
    opening = face_opening((0, -3.2), (7.9, 8.9), 4.4)
    around_ear = mirrored(ellipsoid((9.5, -2.2, 5.4), (3.5, 4.2, 3.6)))
    return cut(cut(shape, opening, k=1.4), around_ear, k=1.0)


def fold_on(cloth, path, width=0.65):
    """A soft ridge along a path on a cloth's surface."""
    fine = np.linspace(0, 1, 9)
    t = np.linspace(0, 1, len(path))
    points = project(cloth, np.column_stack([smooth_curve(t, c, fine) for c in np.transpose(path)]), 0.5, rounds=10)
    return chain(points, 0.15 + width * np.sin(np.pi * fine), k=0.3)


def headscarf():
    hood = union(grow(SKULL, 1.15), grow(ellipsoid((0, -6.0, 6.6), (7.6, 8.0, 7.4)), 0.6), k=2.0)
    drape = loft([(-10, 8.0, 8.4, 7.0), (-15, 8.4, 9.0, 7.2), (-19, 10.6, 10.8, 7.4), (-24.5, 14.2, 12.6, 7.8)], 2.1, 1.0)
    body = union(hood, drape, k=2.5)
    opening = face_opening((0, -3.6), (6.15, 9.1), 3.2)
    ears = mirrored(ellipsoid((8.0, -0.8, 6.8), (1.75, 3.6, 3.2)))
    wrapped = union(body, ears, k=2.0)
    folds = union(
        mirrored(fold_on(wrapped, [(4.6, 9.0, 2.0), (7.4, 4.0, 2.4), (8.2, -2.0, 3.2), (7.2, -8.0, 4.0), (4.5, -12.0, 4.0)])),
        fold_on(wrapped, [(-7.2, -5.0, 4.0), (-4.0, -12.5, 0.0), (2.4, -15.0, -1.0), (8.0, -12.0, 4.0)], 1.0),
        fold_on(wrapped, [(7.6, -9.0, 3.0), (3.6, -15.5, -1.0), (-3.2, -19.0, -2.5), (-9.5, -19.5, 3.0)], 0.9),
        fold_on(wrapped, [(-8.0, -8.5, 6.0), (-6.5, -12.0, 13.0), (2.0, -15.0, 15.0), (9.0, -17.0, 10.0)]),
        fold_on(wrapped, [(8.4, -7.5, 7.0), (6.0, -10.5, 13.0), (-3.0, -12.5, 15.0)]),
    )
    inside = union(grow(SKULL, -0.6), ellipsoid((0, -21, 7.5), (9.5, 8.0, 8.0)), k=0.5)
    return cut(cut(union(wrapped, folds, k=0.9), opening, k=0.55), inside, k=0.6)


@dataclass
class Style:
    """A head of hair, the box it fits in (centimetres) and whether left mirrors right."""

    make: Callable
    low: tuple
    high: tuple
    symmetric: bool = False
    step_cm: float = 0.32


STYLES = [
    Style(short_crop, (-10, -9, -4.5), (10, 15, 19)),
    Style(side_parting, (-11, -9, -5), (11, 16, 19)),
    Style(curly, (-13, -9, -6), (13, 17, 22)),
    Style(bob, (-12, -12, -5), (12, 14, 21), False),
    Style(long_straight, (-12, -27, -5), (12, 15, 23), True, 0.36),
    Style(bun, (-11, -8, -4), (11, 22, 23), False),
    Style(afro, (-15, -9, -5), (15, 18, 22), False, 0.4),
    Style(headscarf, (-17, -26.5, -7), (17, 14.5, 23), False, 0.38),
]


def hair_parts(triangles):
    """{part: {"hair": mesh}} for the eight styles."""
    parts = {}
    for number, style in enumerate(STYLES, 1):
        mesh = sculpt(
            centimetres(style.make()), np.array(style.low) / 100, np.array(style.high) / 100, style.step_cm / 100,
            triangles[number - 1], symmetric=style.symmetric,
            normal_reach=0.004,
        )
        parts[f"hair_{number}"] = {"hair": mesh}
    return parts
