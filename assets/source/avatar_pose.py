"""Places the parts of a person for a pose: used for the distant figures and for test pictures."""

import numpy as np

from avatar_body import FOREARM, HIP, PELVIS_Y, SHIN, SHOULDER, THIGH, UPPER_ARM
from avatar_field import rotation

HEAD_PIVOT = np.array([0, 1.54, 0.0])
EYES_FROM_PIVOT = np.array([0, 0.11, -0.078])


def rigid(turn=np.eye(3), shift=(0, 0, 0)):
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = turn, shift
    return matrix


def about(turn, pivot):
    pivot = np.asarray(pivot, float)
    return rigid(turn, pivot - turn @ pivot)


def x(degrees):
    return rotation((1, 0, 0), degrees)


def y(degrees):
    return rotation((0, 1, 0), degrees)


def z(degrees):
    return rotation((0, 0, 1), degrees)


def limb(origin, upper_turn, lower_turn, end_turn, upper, lower):
    """Matrices of upper part, lower part and end of a limb whose bones run along -y."""
    middle = origin + upper_turn @ [0, -upper, 0]
    end = middle + lower_turn @ [0, -lower, 0]
    return rigid(upper_turn, origin), rigid(lower_turn, middle), rigid(end_turn, end)


def person(pose, hair=1, hands=("relaxed", "relaxed"), blink=60, drop=0.0):
    """[(part, matrix)] for a pose: a dictionary of turns, see `STANDING`. `drop` lowers the whole person, metres."""
    base = rigid(shift=(0, -drop, 0))
    body = base @ about(pose.get("torso", np.eye(3)), (0, PELVIS_Y, 0))
    head_turn = pose.get("head", np.eye(3))
    eyes = HEAD_PIVOT + head_turn @ EYES_FROM_PIVOT
    placed = [
        ("pelvis", base @ rigid(shift=(0, PELVIS_Y, 0))),
        ("torso", body @ rigid(shift=(0, PELVIS_Y, 0))),
        ("neck", body @ rigid(pose.get("neck", np.eye(3)), (0, 1.46, 0))),
        ("head", body @ rigid(head_turn, eyes)),
        ("eyelids", body @ rigid(head_turn @ x(blink), eyes)),
        (f"hair_{hair}", body @ rigid(head_turn, eyes)),
    ]
    for side, name in ((-1, "left"), (1, "right")):
        mirror = np.array([side, 1, 1])
        arm = limb(SHOULDER * mirror, *pose[f"arm_{name}"], UPPER_ARM, FOREARM)
        hand = hands[0 if side < 0 else 1]
        placed += [(p, body @ m) for p, m in zip(("upper_arm", "forearm", f"hand_{hand}_{name}"), arm)]
        leg = limb(HIP * mirror, *pose[f"leg_{name}"], THIGH, SHIN)
        placed += [(p, base @ m) for p, m in zip(("thigh", "shin", "foot"), leg)]
    return placed


STANDING = {
    "arm_left": (z(-9) @ x(-4), z(-6) @ x(10), z(-4) @ x(10)),
    "arm_right": (z(9) @ x(-4), z(6) @ x(10), z(4) @ x(10)),
    "leg_left": (z(-2), z(-1), y(8)),
    "leg_right": (z(2), z(1), y(-8)),
}
SEATED = {
    "torso": x(-4),
    "arm_left": (z(-14) @ x(28), y(-28) @ x(92), y(-28) @ x(86) @ y(-80)),
    "arm_right": (z(14) @ x(28), y(28) @ x(92), y(28) @ x(86) @ y(80)),
    "leg_left": (y(5) @ x(86), z(-1), y(6)),
    "leg_right": (y(-5) @ x(86), z(1), y(-6)),
}
WAVING = STANDING | {
    "arm_right": (z(62) @ x(20), z(168) @ x(-8), z(172) @ x(-8) @ y(-90)),
    "head": z(-4) @ x(2),
}
