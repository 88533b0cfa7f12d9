"""Clothes: torso, pelvis, sleeves, legs and shoes, in metres. Each part's origin is its joint.

Limbs serve both sides, so they are symmetric in x. Both parts at a joint end in the same ball, so a bend stays closed.
"""

import numpy as np

from avatar_field import ball, chain, cone, cut, ellipsoid, half_space, loft, meet, mirrored, moved, rotation, union
from avatar_mesh import joined, sculpt, strip, wrap

PELVIS_Y, HIP, SHOULDER, NECK_Y = 0.95, np.array([0.09, 0.93, 0]), np.array([0.19, 1.42, 0]), 1.46
SHOULDER_R, ELBOW_R, HIP_R, KNEE_R = 0.0505, 0.045, 0.077, 0.06
UPPER_ARM, FOREARM, THIGH, SHIN = 0.28, 0.25, 0.43, 0.42
HEM_Y = 0.905
COLLAR, COLLAR_UP = np.array([0, 1.492, 0.006]), rotation((1, 0, 0), -15) @ np.array([0, 1, 0])


def trunk():
    """Waist and chest under the shoulders, standing: y above the floor."""
    return loft(
        [
            (HEM_Y - 0.05, 0.172, 0.124, 0.005),
            (0.95, 0.1725, 0.123, 0.004),
            (1.07, 0.161, 0.111, -0.002),
            (1.20, 0.163, 0.113, -0.004),
            (1.31, 0.172, 0.119, 0.002),
            (1.40, 0.155, 0.1, 0.012),
            (1.47, 0.105, 0.07, 0.016),
        ],
        roundness=2.35,
        cap=0.03,
    )


def torso():
    """The top above its hem, with the hole for the neck."""
    slope = chain([(0.03, 1.442, 0.016), (0.09, 1.431, 0.011), SHOULDER + [-0.01, -0.001, 0.002]], [0.065, 0.0555, 0.049], k=0.02)
    nape = ellipsoid((0, 1.455, 0.045), (0.07, 0.055, 0.042))
    chest = ellipsoid((0.06, 1.325, -0.068), (0.09, 0.08, 0.048))
    blade = ellipsoid((0.085, 1.33, 0.085), (0.075, 0.09, 0.045))
    body = union(trunk(), mirrored(union(slope, chest, blade, k=0.05)), nape, k=0.05)
    body = union(body, mirrored(ball(SHOULDER, SHOULDER_R - 0.001)), k=0.035)
    hole = cone(COLLAR - COLLAR_UP * 0.015, COLLAR + COLLAR_UP * 0.2, 0.0625, 0.075)
    return meet(cut(body, hole, k=0.003), half_space((0, HEM_Y, 0), (0, -1, 0)), k=0.004)


def collar():
    """A ribbed round collar that stands a little off the neck."""
    profile = [(0.002, -0.02), (0.0, 0.011), (0.005, 0.0145), (0.0105, 0.009), (0.0125, -0.006), (0.0115, -0.034)]
    side = np.array([1.0, 0, 0])
    ahead = np.cross(COLLAR_UP, side)
    around = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    rows = []
    for out, up in profile:
        ring_points = np.outer(np.cos(around) * (0.0615 + out), side) + np.outer(np.sin(around) * (0.0635 + out), ahead)
        rows.append(COLLAR + ring_points + COLLAR_UP * up - [0, PELVIS_Y, 0])
    return strip(np.array(rows), closed=True)


def hem():
    """A ribbed band below the top's edge, turned in underneath."""
    rows = [(-0.03, -0.022), (-0.034, -0.006), (-0.031, -0.001), (0.0, 0.001), (0.0055, -0.005)]
    field = standing(trunk(), PELVIS_Y)
    return wrap(field, [(HEM_Y - PELVIS_Y + y, offset) for y, offset in rows], 18)


def pelvis():
    """The seat of the trousers around the pelvis' centre, standing: y above the floor. It stays inside the top."""
    hips = mirrored(ball(HIP, HIP_R))
    seat = mirrored(ellipsoid((0.065, 0.9, 0.03), (0.082, 0.072, 0.068)))
    waist = loft([(0.9, 0.15, 0.1, 0.002), (0.98, 0.15, 0.1, 0.0), (1.03, 0.135, 0.09, -0.002)], 2.3, 0.02)
    return union(hips, seat, waist, k=0.03)


def upper_arm():
    deltoid = union(ball((0, 0, 0), SHOULDER_R), ellipsoid((0, -0.065, 0.0), (0.0525, 0.085, 0.056)), k=0.02)
    sleeve = chain([(0, -0.05, 0), (0, -0.16, 0.002), (0, -UPPER_ARM, 0)], [0.0525, 0.049, ELBOW_R], k=0.02)
    return union(deltoid, sleeve, k=0.02)


def forearm():
    return chain(
        [(0, 0, 0), (0, -0.07, -0.002), (0, -0.17, -0.001), (0, -0.26, 0)], [ELBOW_R, 0.0455, 0.038, 0.0355], k=0.02
    )


def thigh():
    top = ball((0, 0, 0), HIP_R)
    leg = chain([(0, -0.02, 0), (0, -0.16, -0.004), (0, -0.32, -0.002), (0, -THIGH, 0)], [HIP_R, 0.0775, 0.0675, KNEE_R], k=0.03)
    return union(top, leg, k=0.02)


def shin():
    leg = loft(
        [
            (-0.02, 0.0585, 0.0595, 0.0),
            (-0.11, 0.0565, 0.0625, 0.008),
            (-0.22, 0.0525, 0.058, 0.009),
            (-0.33, 0.05, 0.0555, 0.006),
            (-0.415, 0.053, 0.0635, 0.003),
        ],
        2.1,
        0.002,
    )
    return union(ball((0, 0, 0), KNEE_R), leg, k=0.03)


def half_ball(radius, rings=(90, 55, 25, 0), up=True):
    """Rows for `wrap` that close a limb's end with half a ball."""
    rows = [((1 if up else -1) * radius * np.sin(np.radians(a)), None if a == 90 else 0.0) for a in rings]
    return rows[::-1] if up else rows


def limb(field, length, end_radius, start_radius, between, segments):
    """A limb from ball to ball: rings where `between` says, from the lower joint to the upper."""
    lower = [(y - length, o) for y, o in half_ball(end_radius, (90, 45, 0), up=False)]
    return wrap(field, lower + [(y, 0.0) for y in between] + half_ball(start_radius), segments)


def sleeve_with_cuff():
    cuff = [(-0.222, -0.0095), (-0.2415, -0.0075), (-0.2435, -0.0035), (-0.241, 0.0015), (-0.2225, 0.0017), (-0.218, -0.0016)]
    rows = cuff + [(-0.213, 0.0008), (-0.15, 0), (-0.08, 0)] + half_ball(ELBOW_R)
    return wrap(forearm(), rows, 10)


def trouser_leg():
    turn_up = [(-0.38, -0.013), (-0.404, -0.0095), (-0.4065, -0.004), (-0.404, 0.0005)]
    rows = turn_up + [(-0.34, 0), (-0.23, 0), (-0.12, 0)] + half_ball(KNEE_R)
    return wrap(shin(), rows, 10, axis_z=lambda y: 0.006 * min(1, max(0, -y / 0.1)))


OUTLINE_Z = np.array([-0.208, -0.2, -0.175, -0.14, -0.095, -0.03, 0.03, 0.062, 0.077])
OUTLINE_X = np.array([0.0, 0.022, 0.041, 0.0475, 0.0455, 0.0375, 0.037, 0.029, 0.0])


def sole():
    """A welted sole: outline rings from the ground up, the toe raised a little."""
    right = np.column_stack([OUTLINE_X, OUTLINE_Z])
    outline = np.concatenate([right, (right * [-1, 1])[-2:0:-1]])
    center = np.array([0, -0.07])
    rows = []
    for scale, height in ((0.0, 0.0), (0.95, 0.0), (1.03, 0.007), (1.02, 0.021), (0.97, 0.0245), (0.5, 0.0225)):
        ring_points = (outline - center) * scale + center
        toe = np.maximum(-0.13 - ring_points[:, 1], 0)
        lift = toe**1.5 * (0.7 if height < 0.008 else 0.45)
        rows.append(np.column_stack([ring_points[:, 0], -0.08 + height + lift, ring_points[:, 1]]))
    return strip(np.array(rows), closed=True)


def upper():
    """The shoe above its sole: rounded toe, instep, heel counter and the opening's edge."""
    body = union(
        chain([(0, -0.04, 0.03), (0, -0.043, -0.05), (0, -0.051, -0.14)], [0.0365, 0.0395, 0.0375], k=0.03),
        ellipsoid((0, -0.056, -0.15), (0.043, 0.032, 0.05)),
        ellipsoid((0, -0.03, 0.025), (0.0355, 0.055, 0.044)),
        cone((0, -0.02, 0.006), (0, 0.04, 0.008), 0.036, 0.033),
        chain([(0, 0.0, 0.004), (0, -0.022, -0.05), (0, -0.042, -0.1)], [0.036, 0.034, 0.03], k=0.02),
        k=0.02,
    )
    body = meet(body, half_space((0, -0.066, 0), (0, -1, 0)))
    tongue = ellipsoid((0, 0.0, -0.036), (0.025, 0.011, 0.032), rotation((1, 0, 0), 38))
    return union(meet(body, half_space((0, 0.04, 0), (0, 1, 0)), k=0.004), tongue, k=0.006)


def neck():
    """From the neck's base up into the skull, leaning forward; the collar hides its foot."""
    column = loft(
        [(-0.05, 0.061, 0.063, 0.012), (0.0, 0.055, 0.0565, 0.008), (0.06, 0.0505, 0.0545, 0.002), (0.15, 0.0515, 0.057, 0.002)],
        2.1,
        0.02,
    )
    cords = mirrored(cone((0.012, -0.02, -0.046), (0.044, 0.09, 0.012), 0.0085, 0.011))
    return union(column, cords, k=0.018)


def standing(field, y):
    """A field written in heights above the floor, for a part whose origin is at height `y`."""
    return moved(field, (0, -y, 0))


def body_parts(triangles):
    """{part: {material: mesh}} for every clothed part and the neck; `triangles` for those that are sculpted."""

    def part(name, field, low, high, step=0.004):
        return sculpt(field, low, high, step, triangles[name], symmetric=True, normal_reach=step)

    top = part("torso", standing(torso(), PELVIS_Y), (-0.26, -0.1, -0.15), (0.26, 0.56, 0.15), 0.0035)
    seat = part("pelvis", standing(pelvis(), PELVIS_Y), (-0.19, -0.14, -0.13), (0.19, 0.1, 0.14))
    shoe = part("foot", upper(), (-0.06, -0.09, -0.22), (0.06, 0.03, 0.095), 0.0025)
    return {
        "neck": {"skin": wrap(neck(), [(-0.04, 0), (0.0, 0), (0.05, 0), (0.1, 0), (0.148, -0.012)], 12)},
        "torso": {"top": joined([top, collar(), hem()])},
        "pelvis": {"trousers": seat},
        "upper_arm": {"top": limb(upper_arm(), UPPER_ARM, ELBOW_R, SHOULDER_R, (-0.2, -0.12, -0.06), 10)},
        "forearm": {"top": sleeve_with_cuff()},
        "thigh": {"trousers": limb(thigh(), THIGH, KNEE_R, HIP_R, (-0.32, -0.2, -0.09), 10)},
        "shin": {"trousers": trouser_leg()},
        "foot": {"shoes": joined([shoe, sole()])},
    }
