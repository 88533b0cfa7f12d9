"""Things at the scale of a hand. Origins are where they stand."""

from __future__ import annotations

import numpy as np

from ..mesh import joined
from ..model import Model
from ..shapes import bend, box, disc, frame, lathe, loft, panel, rounded_rectangle, tube

_COVERS = ("book green", "book blue", "book sand", "wool clay", "paper", "felt black", "linen")


def books(width: float, height: float, depth: float, seed: int) -> Model:
    """A row of books from x = 0 to about `width`, the last one leaning; spines look to -z."""
    rng = np.random.default_rng(seed)
    model, x = Model(), 0.0
    while x < width:
        thick = rng.uniform(0.018, 0.045)
        tall, deep = height * rng.uniform(0.7, 1.0), depth * rng.uniform(0.8, 1.0)
        cover = _COVERS[rng.choice(len(_COVERS), p=[0.22, 0.2, 0.22, 0.05, 0.16, 0.08, 0.07])]
        lean_degrees = 12.0 if x + thick >= width else 0.0
        book = box((thick - 0.001, tall, deep), 0.003, without=("bottom", "front"))
        book = book.shifted((thick / 2, tall / 2, deep / 2 - depth * 0.62)).turned("z", lean_degrees)
        reach = tall * np.sin(np.radians(lean_degrees))
        model = model.with_part(book.shifted((x + reach, 0, 0)), cover, light_detail=0.7)
        x += thick + (0.001 if rng.random() < 0.85 else 0.012)
    return model


def book_stack(count: int = 3, seed: int = 1) -> Model:
    """Books that lie on one another."""
    rng = np.random.default_rng(seed)
    model, y = Model(), 0.0
    for index in range(count):
        thick = rng.uniform(0.02, 0.036)
        shrink = 1.0 - 0.08 * index
        book = box((0.25 * shrink, thick, 0.18 * shrink), 0.003).moved((0, y + thick / 2, 0), rng.uniform(-9, 9))
        model = model.with_part(book, _COVERS[rng.integers(0, 5)])
        y += thick
    return model


def storage_box(width: float, height: float, depth: float, cloth: str = "felt black") -> Model:
    """A felt box with a brass tab."""
    body = loft(
        rounded_rectangle(width, depth, 0.02, 3), [(0.004, 0.0), (0, 0.004), (0, height - 0.004), (0.004, height)]
    )
    tab = box((0.05, 0.025, 0.004), 0.001).shifted((0, height * 0.6, -depth / 2 - 0.001))
    return Model().with_part(body, cloth).with_part(tab, "brass", light_detail=0.5)


def notebook(cover: str = "book green", pen: bool = True) -> Model:
    """A closed notebook, A5, with an elastic band, and a pen beside it."""
    pages = box((0.144, 0.012, 0.205), 0.001).shifted((0.0015, 0.008, 0))
    covers = [box((0.148, 0.0025, 0.21), 0.001).shifted((0, y, 0)) for y in (0.00125, 0.01525)]
    spine = box((0.003, 0.0165, 0.21), 0.001).shifted((-0.0735, 0.00825, 0))
    band = box((0.006, 0.0004, 0.2105), 0.0001).shifted((0.055, 0.0167, 0))
    model = (
        Model()
        .with_part(joined([*covers, spine]), cover)
        .with_part(pages, "paper")
        .with_part(band, "felt black", light_detail=0.5)
    )
    return model + (ballpoint().moved((0.1, 0, 0.01), 7) if pen else Model())


def ballpoint(metal: str = "graphite") -> Model:
    """A pen that lies along z."""
    body = lathe([(0, 0), (0.001, 0.0), (0.0042, 0.014), (0.0046, 0.13), (0.003, 0.136), (0, 0.137)], 8)
    clip = box((0.002, 0.035, 0.002), 0.0005).shifted((0, 0.112, 0.0055))
    lying = joined([body, clip]).turned("x", 90).shifted((0, 0.0047, -0.068))
    return Model().with_part(lying, metal, light_detail=0.6)


def carafe() -> Model:
    """A glass carafe, two thirds full, with a wooden stopper."""
    outside = [
        (0, 0.0),
        (0.052, 0.0),
        (0.058, 0.006),
        (0.058, 0.12),
        (0.05, 0.155),
        (0.026, 0.19),
        (0.024, 0.225),
        (0.03, 0.24),
    ]
    glass = lathe(outside, 20, closed=False)
    water = lathe([(0, 0.004), (0.054, 0.006), (0.0545, 0.118), (0.052, 0.135), (0, 0.135)], 20)
    stopper = lathe(
        [(0, 0.215), (0.022, 0.217), (0.023, 0.236), (0.03, 0.244), (0.03, 0.258), (0.026, 0.263), (0, 0.263)], 16
    )
    return Model().with_part(glass, "clear glass").with_part(water, "water").with_part(stopper, "oak")


def tumbler(full: bool = False) -> Model:
    """A drinking glass."""
    glass = lathe(
        [
            (0, 0.004),
            (0.026, 0.004),
            (0.03, 0.0),
            (0.033, 0.008),
            (0.037, 0.09),
            (0.0365, 0.0915),
            (0.0345, 0.0905),
            (0.031, 0.012),
            (0, 0.01),
        ],
        16,
        closed=False,
    )
    model = Model().with_part(glass, "clear glass")
    return (
        model.with_part(lathe([(0, 0.011), (0.031, 0.012), (0.0335, 0.06), (0, 0.06)], 16), "water") if full else model
    )


def tray(width: float = 0.42, depth: float = 0.26, wood: str = "walnut") -> Model:
    """A low tray with a rim."""
    base = panel(rounded_rectangle(width, depth, 0.05, 5), 0.008, 0.002, 1).shifted((0, 0.008, 0))
    rim = loft(
        rounded_rectangle(width, depth, 0.05, 5),
        [(0.0, 0.004), (-0.004, 0.022), (-0.001, 0.025), (0.003, 0.023), (0.006, 0.009)],
        bottom=False,
    )
    return Model().with_part(joined([base, rim]), wood)


def cup(glaze: str = "ceramic") -> Model:
    """A cup of coffee on a saucer."""
    saucer = lathe([(0, 0.0), (0.04, 0.0), (0.07, 0.012), (0.069, 0.015), (0.04, 0.006), (0, 0.005)], 20)
    body = lathe(
        [
            (0, 0.006),
            (0.024, 0.006),
            (0.034, 0.02),
            (0.039, 0.062),
            (0.0385, 0.065),
            (0.0355, 0.063),
            (0.03, 0.02),
            (0, 0.012),
        ],
        18,
    )
    ear = tube(bend([(0.035, 0.052, 0), (0.058, 0.052, 0), (0.06, 0.036, 0), (0.033, 0.026, 0)], 3), 0.0042, 6)
    coffee = disc(0.0345, 16).shifted((0, 0.054, 0))
    return Model().with_part(joined([saucer, body, ear]), glaze).with_part(coffee, "soil", light_detail=0.5)


def speakerphone() -> Model:
    """A round microphone puck for the middle of a table."""
    body = lathe([(0, 0), (0.07, 0.0), (0.078, 0.008), (0.078, 0.022), (0.068, 0.032), (0, 0.036)], 24)
    ring = lathe([(0.038, 0.0348), (0.034, 0.0366), (0.03, 0.0352)], 24, closed=False)
    return Model().with_part(body, "felt black").with_part(ring, "brushed steel", light_detail=0.5)


def pot(radius: float = 0.09, height: float = 0.13, glaze: str = "ceramic") -> Model:
    """A vessel with a narrow neck."""
    profile = [
        (0, 0),
        (radius * 0.6, 0),
        (radius * 0.95, height * 0.25),
        (radius, height * 0.5),
        (radius * 0.75, height * 0.8),
        (radius * 0.45, height * 0.92),
        (radius * 0.5, height),
        (radius * 0.42, height),
        (radius * 0.36, height * 0.9),
        (0, height * 0.86),
    ]
    return Model().with_part(lathe(profile, 20), glaze)


def light_switch() -> Model:
    """A plate with two rockers; its back is at z = 0 and it looks to -z."""
    plate = loft(rounded_rectangle(0.085, 0.085, 0.012, 3), [(0, 0), (0, 0.006), (0.003, 0.009)]).turned("x", -90)
    rockers = [box((0.031, 0.062, 0.004), 0.0015).turned("x", 2).shifted((x, 0, -0.0105)) for x in (-0.0165, 0.0165)]
    return Model().with_part(joined([plate, *rockers]), "white paint")


def socket() -> Model:
    """A power socket; its back is at z = 0 and it looks to -z."""
    plate = loft(rounded_rectangle(0.085, 0.085, 0.012, 3), [(0, 0), (0, 0.005), (0.003, 0.008)]).turned("x", -90)
    well = lathe([(0.021, 0.0081), (0.02, 0.006), (0, 0.006)], 16, closed=False).turned("x", -90)
    return Model().with_part(plate, "white paint").with_part(well, "ceramic")


def coat_hooks(count: int = 4, spacing: float = 0.2) -> Model:
    """An oak rail with pegs; its back is at z = 0 and it looks to -z."""
    rail = box((count * spacing, 0.09, 0.022), 0.006).shifted((0, 0, -0.011))
    pegs = []
    for index in range(count):
        x = (index - (count - 1) / 2) * spacing
        peg = lathe(
            [(0.011, 0), (0.009, 0.03), (0.013, 0.05), (0.017, 0.06), (0.012, 0.067), (0, 0.068)], 12, closed=False
        )
        pegs.append(peg.turned("x", -90).turned("x", 12).shifted((x, 0.0, -0.022)))
    return Model().with_part(rail, "oak").with_part(joined(pegs), "graphite", light_detail=0.7)


def picture(width: float, height: float, inside: str, wood: str = "oak") -> Model:
    """A framed panel `inside`; its back is at z = 0 and it looks to -z."""
    edge = frame(width, height, 0.022, 0.034, 0.004).shifted((0, 0, -0.017))
    field = box((width - 0.04, height - 0.04, 0.012), 0.001, without=("front",)).shifted((0, 0, -0.012))
    return Model().with_part(edge, wood).with_part(field, inside)


def bowl(radius: float = 0.16, glaze: str = "clay") -> Model:
    """An open bowl."""
    profile = [
        (0, 0),
        (radius * 0.4, 0),
        (radius * 0.8, radius * 0.22),
        (radius, radius * 0.5),
        (radius * 0.975, radius * 0.51),
        (radius * 0.77, radius * 0.26),
        (0, radius * 0.07),
    ]
    return Model().with_part(lathe(profile, 28), glaze)


def marker(color: str) -> Model:
    """A board pen that lies along x, with a coloured cap."""
    body = lathe([(0.008, 0), (0.0085, 0.004), (0.0085, 0.075)], 8, closed=False)
    cap = lathe([(0.0092, 0.075), (0.0092, 0.118), (0.007, 0.122), (0, 0.122)], 8, closed=False)
    pen = Model().with_part(body, "white paint", light_detail=0.6).with_part(cap, color, light_detail=0.6)
    return pen.changed(lambda mesh: mesh.turned("z", -90).shifted((-0.06, 0.0092, 0)))
