"""Hands in four shapes.

Written for one hand in its own axes, in centimetres from the wrist: a towards the thumb's side, b along the fingers,
c out of the palm. As it hangs beside the body the thumb points forward and the palm faces the thigh.
"""

from dataclasses import dataclass

import numpy as np

from avatar_field import ball, chain, cone, cut, ellipsoid, smooth_min, union
from avatar_mesh import sculpt

ORIGINS = {"index": (2.8, 8.7, 0.05), "middle": (0.9, 9.1, -0.2), "ring": (-1.0, 8.7, -0.1), "little": (-2.8, 7.8, 0.2)}
LENGTHS = {"index": (4.2, 2.5, 1.9), "middle": (4.7, 2.8, 2.0), "ring": (4.3, 2.6, 1.9), "little": (3.3, 2.0, 1.7)}
RADII = {
    "index": (1.16, 1.07, 1.0, 0.86),
    "middle": (1.18, 1.1, 1.02, 0.88),
    "ring": (1.14, 1.05, 0.98, 0.84),
    "little": (1.02, 0.94, 0.88, 0.76),
}


@dataclass
class Shape:
    """Flexions in degrees at the three joints of each finger, spread towards the thumb, and the thumb's four joints."""

    flexions: dict
    spreads: dict
    thumb: list


def fingers(index, middle, ring, little):
    return dict(zip(ORIGINS, (index, middle, ring, little)))


SHAPES = {
    "open": Shape(
        fingers((6, 7, 4), (4, 6, 4), (6, 8, 5), (10, 10, 6)),
        fingers(9, 1.5, -6, -15),
        [(1.7, 2.0, 0.9), (4.1, 5.0, 2.0), (6.0, 7.4, 2.4), (7.1, 9.6, 2.3)],
    ),
    "relaxed": Shape(
        fingers((22, 30, 16), (28, 36, 20), (34, 40, 22), (38, 42, 24)),
        fingers(3, 0, -2, -5),
        [(1.7, 2.0, 0.9), (3.7, 5.2, 2.7), (4.6, 8.0, 3.6), (4.6, 10.5, 4.0)],
    ),
    "fist": Shape(
        fingers((80, 98, 62), (84, 100, 62), (86, 100, 62), (88, 98, 62)),
        fingers(0, 0, 0, 0),
        [(1.7, 2.0, 0.9), (4.1, 5.2, 2.7), (3.7, 7.6, 4.9), (1.2, 8.3, 5.7)],
    ),
    "point": Shape(
        fingers((4, 6, 4), (84, 100, 62), (86, 100, 62), (88, 98, 62)),
        fingers(2, 0, 0, 0),
        [(1.7, 2.0, 0.9), (3.9, 5.2, 2.9), (2.8, 7.5, 5.0), (0.3, 8.0, 5.6)],
    ),
}


def finger_joints(name, flexions, spread):
    """Knuckle, two joints and the tip's centre, shape (4, 3)."""
    at = np.array(ORIGINS[name])
    joints, bend = [at], 0.0
    sway = np.radians(spread)
    for length, flexion in zip(LENGTHS[name], flexions):
        bend += np.radians(flexion)
        forward = np.array([np.sin(sway) * np.cos(bend), np.cos(sway) * np.cos(bend), np.sin(bend)])
        at = at + length * forward
        joints.append(at)
    return np.array(joints)


def finger(name, flexions, spread, palm):
    """A finger whose first bone flows into the palm; the others keep a crease against it."""
    joints, radii = finger_joints(name, flexions, spread), RADII[name]
    knuckle = ball(joints[0] + [0, -0.1, -0.12], radii[0] * 1.05)
    root = union(cone(joints[0], joints[1], radii[0], radii[1]), knuckle, k=0.3)
    tip = union(
        chain(joints[1:], radii[1:], k=0.12),
        ball(joints[1] + (joints[1] - (joints[0] + joints[2]) / 2) * 0.12, radii[1] * 1.0),
        k=0.25,
    )
    return lambda p: smooth_min(smooth_min(palm(p), root(p), 0.75), tip(p), 0.16)


def palm_field():
    body = union(
        *[cone((a0, 1.6, 0), np.array(o) + [0, -0.6, -0.05], 1.35, 1.12)
          for a0, o in zip((1.15, 0.4, -0.5, -1.2), ORIGINS.values())],
        k=1.1,
    )
    heel = ellipsoid((-1.95, 3.6, 0.75), (1.35, 2.9, 1.15))
    wrist = cone((0, -3.5, 0), (0, 1.4, 0.05), 2.05, 2.1, flat=((1, 0, 0), 0.78))
    hollow = ellipsoid((0.1, 5.6, 2.35), (1.6, 2.6, 1.1))
    return cut(union(body, heel, wrist, k=1.0), hollow, k=1.0)


def thumb_field(joints):
    joints = np.array(joints)
    mount = chain(joints[:2], [1.5, 1.22])
    end = joints[3] - (joints[3] - joints[2]) * 0.1
    rest = chain([joints[1], joints[2], end], [1.25, 1.16, 0.98], k=0.2)
    web = cone(joints[0] + [0.2, 1.2, -0.3], (2.2, 6.8, 0.2), 1.1, 0.8)
    return mount, rest, web


def hand_field(shape):
    """The hand in its own axes, centimetres."""
    palm = palm_field()
    mount, rest, web = thumb_field(shape.thumb)
    base = union(palm, mount, web, k=1.0)
    digits = [finger(n, shape.flexions[n], shape.spreads[n], base) for n in ORIGINS]

    def field(p):
        d = digits[0](p)
        for digit in digits[1:]:
            d = smooth_min(d, digit(p), 0.1)
        return smooth_min(d, rest(p), 0.2)

    return field


def right_hand(shape):
    """The hand as it hangs on the right, metres in glTF space."""
    own = hand_field(shape)
    return lambda p: own(np.column_stack([-p[:, 2], -p[:, 1], -p[:, 0]]) * 100) / 100


def hand_weight(p):
    """Keeps triangles in the fingers; the wrist hides in the cuff."""
    return np.interp(-p[:, 1], [0.0, 0.03, 0.07, 0.1], [1.0, 0.8, 0.35, 0.2])


def hand_parts(name, triangles):
    """Right and left mesh of one shape."""
    right = sculpt(
        right_hand(SHAPES[name]), (-0.095, -0.215, -0.095), (0.04, 0.036, 0.06), 0.0016, triangles, weight=hand_weight,
        normal_reach=0.0018,
    )
    return right, right.flipped()
