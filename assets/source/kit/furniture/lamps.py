"""Lamps. They only look bright; `kit.light` sheds their light in the bake."""

from __future__ import annotations

from ..mesh import joined
from ..model import Model
from ..shapes import box, disc, lathe, tube


def dome_pendant(drop: float, radius: float = 0.24, shade: str = "graphite") -> Model:
    """A dome on a cord; its origin is at the ceiling and its rim hangs `drop` metres below."""
    y = -drop
    height = radius * 0.72
    outside = [
        (radius, y),
        (radius * 0.985, y + height * 0.2),
        (radius * 0.88, y + height * 0.5),
        (radius * 0.62, y + height * 0.8),
        (radius * 0.25, y + height * 0.97),
        (0.04, y + height),
        (0.032, y + height + 0.05),
        (0.012, y + height + 0.06),
        (0, y + height + 0.06),
    ]
    inside = [
        (0, y + height * 0.9),
        (radius * 0.55, y + height * 0.76),
        (radius * 0.84, y + height * 0.47),
        (radius * 0.955, y + height * 0.18),
        (radius * 0.975, y),
    ]
    bulb = lathe(
        [
            (0, y + height * 0.2),
            (0.045, y + height * 0.27),
            (0.06, y + height * 0.45),
            (0.045, y + height * 0.64),
            (0, y + height * 0.72),
        ],
        14,
    )
    cord = tube([(0, y + height + 0.05, 0), (0, -0.02, 0)], 0.0035, 5, caps=False)
    rose = lathe([(0, -0.03), (0.05, -0.028), (0.055, 0.0), (0, 0.0)], 18)
    model = Model().with_part(joined([lathe(outside, 28, closed=False), cord, rose]), shade, light_detail=0.7)
    return model.with_part(lathe(inside, 28, closed=False), "ceramic").with_part(bulb, "lamp")


def linear_pendant(length: float, drop: float, shade: str = "oak") -> Model:
    """A long slim beam that shines down, on two cables; origin at the ceiling, its lower face `drop` below."""
    y = -drop
    body = box((length, 0.075, 0.06), 0.012, without=("bottom",)).shifted((0, y + 0.0375, 0))
    light = box((length - 0.03, 0.008, 0.044), 0.003, without=("top",)).shifted((0, y + 0.001, 0))
    metal = []
    for x in (-length * 0.38, length * 0.38):
        metal.append(tube([(x, y + 0.07, 0), (x, 0, 0)], 0.0022, 5, caps=False))
        metal.append(lathe([(0, -0.02), (0.03, -0.018), (0.032, 0), (0, 0)], 14).shifted((x, 0, 0)))
    return (
        Model().with_part(body, shade).with_part(light, "lamp").with_part(joined(metal), "graphite", light_detail=0.5)
    )


def downlight(radius: float = 0.06, ring: str = "white paint") -> Model:
    """A round lamp let into the ceiling; its origin is the ceiling above it."""
    rim = lathe(
        [
            (radius + 0.016, 0.0),
            (radius + 0.015, -0.005),
            (radius + 0.002, -0.007),
            (radius - 0.004, 0.0),
            (radius - 0.012, 0.004),
        ][::-1],
        24,
        closed=False,
    )
    light = disc(radius - 0.004, 24).turned("x", 180).shifted((0, -0.0015, 0))
    return Model().with_part(rim, ring, light_detail=0.6).with_part(light, "lamp", light_detail=0.5)


def floor_lamp(shade: str = "lampshade", metal: str = "graphite") -> Model:
    """A standing lamp with a cloth shade, 1.6 m high."""
    foot = lathe(
        [(0, 0), (0.15, 0), (0.15, 0.01), (0.14, 0.018), (0.014, 0.022), (0.011, 0.03), (0.011, 1.5), (0, 1.502)], 24
    )
    cover = lathe([(0.2, 1.28), (0.16, 1.6)], 28, closed=False)
    bulb = lathe([(0, 1.36), (0.04, 1.4), (0.045, 1.44), (0.03, 1.5), (0, 1.52)], 12)
    return (
        Model()
        .with_part(foot, metal, light_detail=0.6)
        .with_part(cover, shade)
        .with_part(bulb, "lamp", light_detail=0.5)
    )


def table_lamp(metal: str = "brass") -> Model:
    """A small mushroom lamp, 0.34 m high."""
    body = lathe(
        [(0, 0), (0.08, 0), (0.082, 0.008), (0.07, 0.016), (0.016, 0.024), (0.012, 0.04), (0.012, 0.24), (0, 0.245)], 20
    )
    dome = lathe(
        [(0.13, 0.235), (0.128, 0.25), (0.11, 0.29), (0.07, 0.325), (0.02, 0.34), (0, 0.341)], 24, closed=False
    )
    light = lathe([(0, 0.245), (0.126, 0.236)], 24, closed=False)
    return Model().with_part(joined([body, dome]), metal, light_detail=0.7).with_part(light, "lamp", light_detail=0.5)
