"""Chairs and benches. A seat's origin is the floor below the sitter's hips; its top is 0.46 m high."""

from __future__ import annotations

import numpy as np

from ..mesh import Mesh, joined
from ..model import Model
from ..shapes import bend, box, cushion, ellipse, lathe, loft, rounded_rectangle, sheet, tube

SEAT_HEIGHT_M = 0.46


def swivel_chair(shell: str = "walnut", cloth: str = "felt green", metal: str = "graphite") -> Model:
    """A meeting chair: five-star base on castors, gas lift, bent shell, seat and back cushion, armrests."""
    model = Model()
    model = model.with_part(_star_base(), metal, light_detail=0.6)
    model = model.with_part(sheet(_shell_surface(), 0.014), shell)
    model = model.with_part(joined([_seat_cushion(), _back_cushion()]), cloth)
    arms = [_armrest(side) for side in (-1, 1)]
    model = model.with_part(joined(arm for arm, _ in arms), metal, light_detail=0.6)
    return model.with_part(joined(pad for _, pad in arms), shell, light_detail=0.6)


def _star_base() -> Mesh:
    column = lathe(
        [
            (0, 0.07),
            (0.036, 0.07),
            (0.036, 0.115),
            (0.026, 0.12),
            (0.026, 0.26),
            (0.017, 0.265),
            (0.017, 0.37),
            (0.075, 0.375),
            (0.085, 0.39),
            (0.085, 0.402),
            (0, 0.402),
        ],
        14,
    )
    parts = [column]
    for spoke in range(5):
        leg = tube([(0, 0.095, -0.03), (0, 0.092, -0.16), (0, 0.075, -0.295)], [0.026, 0.02, 0.015], 6, flatten=0.75)
        stem = lathe([(0.009, 0.05), (0.009, 0.075)], 6, closed=False).shifted((0, 0, -0.285))
        wheel = lathe([(0.012, -0.009), (0.027, -0.007), (0.029, 0), (0.027, 0.007), (0.012, 0.009)], 10, closed=False)
        hub = lathe([(0, -0.011), (0.013, -0.011), (0.013, 0.011), (0, 0.011)], 6)
        castor = [wheel.turned("z", 90).shifted((x, 0.029, -0.285)) for x in (-0.014, 0.014)]
        castor.append(hub.turned("z", 90).shifted((0, 0.029, -0.285)))
        parts += [part.turned("y", 36 + 72 * spoke) for part in (leg, stem, *castor)]
    return joined(parts)


def _shell_surface(columns: int = 11) -> np.ndarray:
    """The middle surface of the shell (m, n, 3): u across to +x, v from the front edge of the seat up the back."""
    side = bend(
        [
            (-0.235, 0.398),
            (-0.20, 0.412),
            (0.0, 0.405),
            (0.13, 0.408),
            (0.205, 0.445),
            (0.24, 0.53),
            (0.262, 0.66),
            (0.285, 0.78),
            (0.292, 0.835),
        ],
        2,
    )
    v = np.linspace(0, 1, len(side))
    half = np.interp(v, [0, 0.06, 0.3, 0.6, 0.85, 0.95, 1.0], [0.185, 0.225, 0.245, 0.25, 0.235, 0.215, 0.17])
    u = np.linspace(-1, 1, columns)
    is_back = np.clip((v - 0.42) / 0.25, 0, 1)
    lift = 0.03 * np.abs(u)[:, None] ** 2.5 * (1 - is_back)[None]
    wrap = 0.055 * np.abs(u)[:, None] ** 2.2 * is_back[None]
    x = u[:, None] * half[None]
    z = side[None, :, 0] - wrap
    y = side[None, :, 1] + lift
    return np.stack([x, y, z], axis=2)[::-1]


def _seat_cushion() -> Mesh:
    outline = rounded_rectangle(0.445, 0.42, 0.11, 4)
    profile = [(0.016, 0.412), (0.0, 0.422), (0.0, 0.438), (0.012, 0.45), (0.05, 0.458), (0.105, 0.461)]
    return loft(outline, profile).shifted((0, 0, -0.015))


def _back_cushion() -> Mesh:
    surface = _shell_surface(11)[1:-1, 9:-1]
    du, dv = np.gradient(surface, axis=0), np.gradient(surface, axis=1)
    normals = np.cross(du, dv)
    normals /= np.linalg.norm(normals, axis=2, keepdims=True)
    u, v = np.meshgrid(np.linspace(-1, 1, surface.shape[0]), np.linspace(-1, 1, surface.shape[1]), indexing="ij")
    puff = 0.012 + 0.02 * np.clip((1 - u**4) * (1 - v**4), 0, 1) ** 0.5
    return sheet(surface + normals * puff[..., None], 0.014)


def _armrest(side: int) -> tuple[Mesh, Mesh]:
    x = 0.285 * side
    path = bend(
        [
            (0.17 * side, 0.392, 0.03),
            (0.25 * side, 0.40, 0.04),
            (x, 0.44, 0.045),
            (x, 0.56, 0.05),
            (x, 0.633, 0.03),
            (x, 0.64, -0.03),
        ],
        2,
    )
    pad = loft(rounded_rectangle(0.05, 0.25, 0.024, 3), [(0.006, 0.638), (0, 0.644), (0, 0.652), (0.008, 0.66)])
    return tube(path, 0.0125, 6), pad.shifted((x, 0, -0.015))


def bench(
    width: float,
    depth: float = 0.5,
    back_height: float = 0.82,
    cloth: str = "felt green",
    wood: str = "oak",
    cushions: tuple[str, ...] = ("wool oat", "wool clay"),
) -> Model:
    """An upholstered bench whose back stands against a wall at z = +depth / 2; it looks to -z."""
    plinth = box((width - 0.06, 0.09, depth - 0.1), 0.004).shifted((0, 0.045, 0.03))
    body = box((width, 0.2, depth), 0.012).shifted((0, 0.19, 0))
    count = max(1, round(width / 0.9))
    each = width / count
    seats, backs = [], []
    for index in range(count):
        x = (index + 0.5) * each - width / 2
        outline = rounded_rectangle(each - 0.008, depth - 0.09, 0.075, 4)
        seats.append(
            loft(outline, [(0.012, 0.29), (0, 0.305), (0, 0.42), (0.014, 0.448), (0.06, 0.46)]).shifted((x, 0, -0.045))
        )
        upright = loft(
            rounded_rectangle(each - 0.008, back_height - 0.45, 0.075, 4),
            [(0.012, 0), (0, 0.012), (0, 0.075), (0.018, 0.098), (0.06, 0.105)],
        )
        middle = (back_height + 0.47) / 2
        backs.append(upright.turned("x", -90).turned("x", 6).shifted((x, middle, depth / 2 - 0.008)))
    model = Model().with_part(plinth, "graphite").with_part(body, wood).with_part(joined(seats + backs), cloth)
    for index, name in enumerate(cushions):
        side = -1 if index % 2 == 0 else 1
        lean = cushion(0.44, 0.44, 0.14).turned("x", -76).turned("y", 14 * side)
        model = model.with_part(lean.shifted((side * (width / 2 - 0.29), 0.675, depth / 2 - 0.185)), name)
    return model


def stool(cloth: str = "wool oat", wood: str = "oak") -> Model:
    """A round upholstered stool on four legs, 0.46 m high."""
    top = loft(
        ellipse(0.4, 0.4, 24), [(0.015, 0.37), (0, 0.385), (0, 0.42), (0.015, 0.448), (0.06, 0.46), (0.14, 0.463)]
    )
    legs = []
    for turn in (45, 135, 225, 315):
        legs.append(tube([(0.12, 0.375, 0), (0.175, 0.0, 0)], [0.019, 0.012], 8).turned("y", turn))
    return Model().with_part(top, cloth).with_part(joined(legs), wood)


def sofa(
    width: float = 1.9, cloth: str = "wool oat", wood: str = "walnut", cushions=("felt green", "wool clay")
) -> Model:
    """A low sofa with arms on a wooden frame; it looks to -z and its back is at z = +0.42."""
    depth, count = 0.84, max(2, round(width / 0.85))
    base = box((width, 0.06, depth - 0.04), 0.008).shifted((0, 0.19, 0))
    legs = [
        tube([(x, 0.165, z), (x * 1.02, 0.0, z * 1.05)], [0.02, 0.013], 8)
        for x in (-width / 2 + 0.1, width / 2 - 0.1)
        for z in (-0.32, 0.32)
    ]
    soft = []
    inner = width - 0.28
    for index in range(count):
        x = (index + 0.5) * inner / count - inner / 2
        outline = rounded_rectangle(inner / count - 0.008, 0.66, 0.1, 4)
        soft.append(
            loft(outline, [(0.015, 0.22), (0, 0.24), (0, 0.41), (0.02, 0.445), (0.08, 0.462)]).shifted((x, 0, -0.07))
        )
        back = loft(
            rounded_rectangle(inner / count - 0.008, 0.36, 0.105, 4),
            [(0.015, 0), (0, 0.015), (0, 0.12), (0.03, 0.155), (0.09, 0.165)],
        )
        soft.append(back.turned("x", -90).turned("x", 10).shifted((x, 0.60, 0.36)))
    for side in (-1, 1):
        arm = loft(
            rounded_rectangle(0.14, depth, 0.06, 3), [(0.012, 0.22), (0, 0.24), (0, 0.56), (0.02, 0.595), (0.045, 0.6)]
        )
        soft.append(arm.shifted((side * (width / 2 - 0.07), 0, 0)))
    soft.append(
        loft(rounded_rectangle(inner, 0.13, 0.05, 3), [(0.01, 0.22), (0, 0.23), (0, 0.7), (0.03, 0.745)]).shifted(
            (0, 0, 0.355)
        )
    )
    model = Model().with_part(joined([base, *legs]), wood).with_part(joined(soft), cloth)
    for index, name in enumerate(cushions):
        side = -1 if index % 2 == 0 else 1
        lean = cushion(0.42, 0.42, 0.14).turned("x", -72).turned("y", 12 * side)
        model = model.with_part(lean.shifted((side * (inner / 2 - 0.24), 0.66, 0.12)), name)
    return model
