"""The head: a field in centimetres around the point midway between the eyes, and the parts laid on it."""

import numpy as np

from avatar_field import (
    ball, chain, cut, ellipsoid, march, mirrored, normals, rotation, smooth_curve, smooth_max, turned, union,
)
from avatar_mesh import cap, joined, sculpt, strip

# The head is modelled at life size and shown larger: 6.8 heads to the whole figure.
HEAD_SCALE = 1.06
EYE_X_CM = 3.45
EYE_RADIUS_CM = 1.85
LID_RADIUS_CM = 2.03


def centimetres(field):
    """A field written in centimetres, for points in metres."""
    return lambda p: field(p * 100) / 100


def skull():
    """Cranium and face without features; hair grows on it."""
    cranium = union(
        ellipsoid((0, 3.0, 8.0), (7.9, 8.3, 8.9)),
        ellipsoid((0, 4.0, 4.6), (7.0, 6.8, 6.8)),
        k=2.0,
    )
    jaw = union(
        mirrored(chain([(3.3, -6.2, 4.6), (1.2, -9.3, 0.7)], [3.3, 2.3])),
        ellipsoid((0, -3.8, 4.2), (6.7, 6.4, 5.9)),
        k=2.4,
    )
    return union(cranium, jaw, k=3.0)


def features():
    """Brow, cheeks, muzzle, chin and nose, joined to the skull."""
    cheek = mirrored(ellipsoid((3.75, -3.9, 0.9), (2.7, 2.3, 2.5)))
    brow = mirrored(chain([(0.7, 2.1, -1.5), (3.0, 2.6, -1.45), (5.4, 2.0, 0.3)], [0.75, 0.85, 0.7], k=0.5))
    muzzle = ellipsoid((0, -7.0, 0.8), (3.5, 2.7, 3.1))
    chin = ellipsoid((0, -10.7, -0.35), (1.75, 1.3, 1.5))
    face = union(skull(), cheek, muzzle, chin, k=1.8)
    face = union(face, brow, k=1.1)
    socket = mirrored(ellipsoid((EYE_X_CM, 0.0, -3.3), (2.6, 2.0, 1.9)))
    return union(cut(face, socket, k=1.1), nose(), k=0.75)


def nose():
    root = ellipsoid((0, -1.2, -0.4), (1.35, 3.6, 1.6))
    bridge = chain([(0, 1.2, -1.5), (0, -1.2, -1.95), (0, -3.1, -2.75)], [0.62, 0.66, 0.8], k=0.4)
    wing = mirrored(ellipsoid((1.0, -3.75, -2.0), (0.66, 0.6, 0.85)))
    return union(root, bridge, ball((0, -3.35, -2.8), 0.92), wing, k=0.55)


def ear():
    """The right ear: a rim around a hollow and a lobe, leaning back and out from the head."""
    shell = union(ellipsoid((0, 0.6, 0.1), (0.85, 2.15, 1.85)), ellipsoid((0, -1.5, -0.45), (0.7, 1.35, 1.05)), k=0.9)
    hollow = union(ellipsoid((1.0, 0.7, 0.0), (0.95, 1.5, 1.15)), ellipsoid((0.9, -0.6, -0.55), (0.8, 1.0, 0.6)), k=0.4)
    outer = cut(shell, hollow, k=0.25)
    lean = rotation((0, 1, 0), 24) @ rotation((1, 0, 0), 10)
    center = np.array([8.0, -0.9, 6.8])
    return turned(lambda p: outer(p - center), lean, about=center)


def lids_rim(face):
    """Skin around each eye: a mound over the ball with an almond opening."""
    mound = mirrored(ball((EYE_X_CM, 0, 0.0), EYE_RADIUS_CM + 0.36))
    opening = mirrored(almond())
    return cut(union(face, mound, k=0.75), opening, k=0.16)


def almond():
    """The opening of the right eye, from the ball's front to infinity: two arcs that meet in the corners."""
    half_width, rise, drop = 1.88, 1.22, 1.0
    tilt = np.radians(5)

    def field(p):
        u = (p[:, 0] - EYE_X_CM) * np.cos(tilt) + p[:, 1] * np.sin(tilt)
        v = -(p[:, 0] - EYE_X_CM) * np.sin(tilt) + p[:, 1] * np.cos(tilt)
        above, below = (
            np.hypot(u, sign * v + (half_width**2 - h * h) / (2 * h)) - (half_width**2 + h * h) / (2 * h)
            for sign, h in ((1, rise), (-1, drop))
        )
        return smooth_max(smooth_max(above, below, 0.25), p[:, 2] + 0.1, 0.1)

    return field


SMILE_CM = np.array([(-2.75, -6.95), (-2.0, -7.4), (-1.0, -7.62), (0, -7.62), (1.0, -7.62), (2.0, -7.4), (2.75, -6.95)])


def smile():
    """The line between the lips, shape (9, 3), left to right."""
    x = np.linspace(-2.5, 2.5, 9)
    return np.column_stack([x, smooth_curve(SMILE_CM[:, 0], SMILE_CM[:, 1], x), np.zeros(9)])


def lips(face):
    """Upper and lower lip around the smile, with the hollows above and below."""
    upper = mirrored(chain([(0.3, -7.0, -2.05), (1.2, -7.03, -1.8), (2.35, -6.85, -1.0)], [0.5, 0.42, 0.2], k=0.3))
    lower = mirrored(chain([(0, -8.25, -1.95), (1.0, -8.15, -1.75), (2.1, -7.55, -1.0)], [0.55, 0.48, 0.2], k=0.3))
    philtrum = ellipsoid((0, -5.75, -2.75), (0.42, 0.8, 0.4))
    below = ellipsoid((0, -9.35, -2.6), (1.8, 0.5, 0.7))
    corner = mirrored(ball((2.95, -6.85, -1.75), 0.5))
    return cut(union(cut(cut(face, philtrum, k=0.4), below, k=0.9), upper, lower, k=0.4), corner, k=0.9)


def head():
    face = lips(lids_rim(features()))
    nostril = mirrored(ellipsoid((0.5, -4.2, -2.35), (0.32, 0.24, 0.42)))
    into_neck = ellipsoid((0, -6.5, 7.6), (4.4, 5.5, 4.2))
    return union(cut(union(face, into_neck, k=1.8), nostril, k=0.25), mirrored(ear()), k=0.5)


def face_weight(p):
    """Where triangles matter: eyes, nose and mouth most, then ears; the scalp hardly."""
    x, y, z = np.abs(p[:, 0]) * 100, p[:, 1] * 100, p[:, 2] * 100
    front = smooth_curve([-3, 0.5, 4, 9], [0.04, 0.1, 0.6, 1.0], z)
    band = smooth_curve([-14, -11, -9, 3.5, 6, 9], [0.6, 0.25, 0, 0, 0.4, 1], y)
    near_ear = np.hypot(np.hypot(x - 8.2, (y + 1.2) * 0.6), z - 7.4) < 2.6
    return np.where(near_ear, 0.25, np.clip(np.maximum(front, band), 0.04, 1))


def head_parts(triangles):
    """Every mesh of the part `head`, by material."""
    field = centimetres(head())
    skin = sculpt(
        field, (-0.095, -0.165, -0.05), (0.095, 0.12, 0.18), 0.0024, triangles, symmetric=True, weight=face_weight,
        normal_reach=0.002,
    )
    eyes = [eye(side) for side in (-1, 1)]
    mouth = ribbon(field, smile(), [0.05, 0.09, 0.11, 0.12, 0.12, 0.12, 0.11, 0.09, 0.05], 0.06)
    brows = [brow_hair(field, side) for side in (-1, 1)]
    return {
        "skin": skin,
        "eye_white": joined([part for e in eyes for part in e["eye_white"]]),
        "iris": joined([e["iris"] for e in eyes]),
        "dark": joined([part for e in eyes for part in e["dark"]] + brows + [mouth]),
    }


def eye(side):
    """Ball, limbal ring, iris, pupil and highlight, each a shallow cap in front of the last."""
    center = np.array([side * EYE_X_CM, 0, 0]) / 100
    ahead = np.array([side * -0.02, -0.015, -1.0])
    glint = ahead + np.array([0.19, 0.24, 0])

    def shell(lift_mm, toward, opening, rings, segments):
        return cap(center, EYE_RADIUS_CM / 100 + lift_mm / 1000, toward, opening, rings, segments)

    return {
        "eye_white": [shell(0, (0, 0, -1), 80, 2, 14), shell(0.9, glint, 6.5, 1, 7)],
        "iris": shell(0.45, ahead, 27, 1, 14),
        "dark": [shell(0.2, ahead, 30.5, 1, 14), shell(0.65, ahead, 14, 1, 10)],
    }


def brow_hair(field, side):
    path = np.array([(1.5, 2.75), (2.5, 3.2), (3.6, 3.4), (4.7, 3.15), (5.7, 2.45)])
    path = np.column_stack([side * path[:, 0], path[:, 1], np.zeros(5)])
    return ribbon(field, path if side > 0 else path[::-1], np.array([0.3, 0.4, 0.4, 0.32, 0.1])[:: 1 if side > 0 else -1], 0.18)


def ribbon(field, path_cm, half_widths_cm, thickness_cm):
    """A tapered bar laid on the face along a path in x and y, seen from the front; left to right."""
    path, half = np.asarray(path_cm) / 100, np.asarray(half_widths_cm) / 100
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.column_stack([-along[:, 1], along[:, 0], np.zeros(len(path))])

    def on_face(p, lift):
        start = p.copy()
        start[:, 2] = -0.06
        hit = march(field, start, (0, 0, 1))
        return hit + normals(field, hit, 0.003) * lift

    thick = np.minimum(thickness_cm / 100, half)[:, None]
    rows = [
        on_face(path - across * half[:, None], -0.001),
        on_face(path - across * half[:, None] * 0.45, thick),
        on_face(path + across * half[:, None] * 0.45, thick),
        on_face(path + across * half[:, None], -0.001),
    ]
    return strip(np.array(rows)[::-1].transpose(1, 0, 2))


def eyelid_parts():
    """Upper lids closed over both eyes, around the x axis; a rotation of about +60 degrees around x opens them."""
    skin, lash = [], []
    for side in (-1, 1):
        center = np.array([side * EYE_X_CM, 0, 0])
        skin.append(lid_skin(center))
        lash.append(lid_lash(center, side))
    return {"skin": joined(skin), "dark": joined(lash)}


LID_EDGE_DEGREES = -37.0


def on_lid(center, radius, sideways_degrees, up_degrees):
    """A point on the lid's sphere: `sideways` runs to the poles on the x axis, `up` turns around it from forward."""
    s, u = np.radians(sideways_degrees), np.radians(up_degrees)
    return (center + radius * np.array([np.sin(s), np.cos(s) * np.sin(u), -np.cos(s) * np.cos(u)])) / 100


def lid_skin(center):
    sideways = np.linspace(-80, 80, 7)
    bands = [(EYE_RADIUS_CM + 0.1, LID_EDGE_DEGREES + 1), (LID_RADIUS_CM, LID_EDGE_DEGREES)]
    bands += [(LID_RADIUS_CM, up) for up in (-12, 18, 62)]
    rows = [[on_lid(center, r, s, u) for s in sideways] for r, u in bands]
    return strip(rows)


def lid_lash(center, side):
    """A dark line along the lid's edge, thicker and drawn out at the outer corner."""
    sideways = np.linspace(-70, 74, 7) if side > 0 else np.linspace(-74, 70, 7)
    outward = np.linspace(0, 1, 7) if side > 0 else np.linspace(1, 0, 7)
    rows = []
    for s, o in zip(sideways, outward):
        thick = 2.0 + 3.0 * np.sin(np.pi * min(1, o * 0.75 + 0.12))
        rows.append([
            on_lid(center, LID_RADIUS_CM - 0.02, s, LID_EDGE_DEGREES + thick),
            on_lid(center, LID_RADIUS_CM + 0.05, s, LID_EDGE_DEGREES + thick * 0.8),
            on_lid(center, LID_RADIUS_CM + 0.07 + 0.05 * o, s, LID_EDGE_DEGREES - 1.0),
            on_lid(center, LID_RADIUS_CM - 0.06, s, LID_EDGE_DEGREES - 1.5),
        ])
    return strip(rows)
