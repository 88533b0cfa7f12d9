"""The Auditorium's building: raked floor, walls, windows, ceiling. Its numbers are in `auditorium_layout`."""

from __future__ import annotations

import numpy as np

import auditorium_layout as layout
from kit import timber
from kit.furniture import boards, lamps
from kit.mesh import Builder, Mesh, joined
from kit.model import Model
from kit.room import Room
from kit.shapes import box, curtain, plane, sheet, tube, wall
from kit.wrapped import arc_band

X, NORTH, SOUTH, HEIGHT = layout.HALF_WIDTH, layout.FRONT_Z, layout.BACK_Z, layout.HEIGHT
TOP, FOCUS = layout.GANGWAY_HEIGHT, layout.FOCUS_Z
GLASS_HEAD = 6.7
# Where the reflectors hang (z, height), and the lamps in the ceiling (x, z).
CLOUDS = [(-8.6, 6.75), (-5.0, 6.55), (-1.4, 6.47), (2.2, 6.55), (5.8, 6.75)]
DOWNLIGHTS = [(x, z) for z in (-10.2, -6.6, -3.2, 0.2, 3.6, 7.6) for x in (-8.0, -4.8, -1.6, 1.6, 4.8, 8.0)]


# The floor


def raked_floor(room: Room) -> None:
    """The flat floor before the stage, the tiers with their rounded edges, the steps in the aisles."""
    room.add_mesh(_front_floor(), "row carpet", light_detail=0.9)
    for row in range(1, layout.ROWS):
        inner, low, high = layout.tier_radius(row), (row - 1) * layout.ROW_RISE, row * layout.ROW_RISE
        if row < layout.ROWS - 1:
            profile = [(0, low), (0, high - 0.012), (0.012, high), (layout.ROW_PITCH + 0.005, high)]
            tier = arc_band(profile, inner, None, FOCUS, 44, wall_x=X)
        else:
            tier = _gangway(inner, low, high)
        room.add_mesh(tier, "row carpet", light_detail=0.8)
        for arcs in layout.aisle_arcs(inner - layout.ROW_PITCH / 2):
            _half_step(room, inner, arcs, low)
            _nosing(room, inner, [arc * inner / (inner - layout.ROW_PITCH / 2) for arc in arcs], high)


def _front_floor() -> Mesh:
    """y = 0 from the stage and the wings to the first tier, in strips across x."""
    radius = layout.tier_radius(1)
    xs = np.unique(np.concatenate([np.linspace(-X, X, 33), [-layout.STAGE_HALF_WIDTH, layout.RAMP_X[1]]]))
    builder = Builder()
    for (start, end), chart in zip([(-X, -5.5), (-5.5, layout.RAMP_X[1]), (layout.RAMP_X[1], X)], [builder.chart() for _ in range(3)]):
        inside = xs[(xs >= start - 1e-6) & (xs <= end + 1e-6)]
        front = layout.STAGE_FRONT_Z if chart == 1 else NORTH
        far = FOCUS + np.sqrt(radius**2 - inside**2) + 0.01
        points = np.stack([np.stack([inside, np.zeros_like(inside), z], axis=1) for z in (far, np.full_like(far, front))], axis=1)
        builder.grid(points, points[:, :, [0, 2]] * [1, -1], chart)
    return builder.finish()


def _gangway(inner: float, low: float, high: float) -> Mesh:
    """The last tier goes on to the back wall."""
    xs = np.linspace(X, -X, 45)
    edge = FOCUS + np.sqrt(inner**2 - xs**2)
    rows = [(edge, low), (edge, high - 0.012), (edge + 0.012, high)] + [(edge + (SOUTH - edge) * t, high) for t in (0.35, 1.0)]
    points = np.stack([np.stack([xs, np.full_like(xs, y), z], axis=1) for z, y in rows], axis=1)
    across = np.stack([np.zeros_like(xs), np.full_like(xs, high - low), np.full_like(xs, high - low + 0.012)]
                      + [high - low + z - edge for z, _ in rows[3:]], axis=1)
    uv = np.stack([np.broadcast_to(-xs[:, None], across.shape), across], axis=2)
    builder = Builder()
    builder.grid(points, uv)
    return builder.finish(smooth_degrees=40.0)


def _half_step(room: Room, inner: float, arcs, low: float) -> None:
    start, top = inner - layout.ROW_PITCH / 2, low + layout.ROW_RISE / 2
    profile = [(0, low), (0, top - 0.012), (0.012, top), (layout.ROW_PITCH / 2, top), (layout.ROW_PITCH / 2, low)]
    room.add_mesh(arc_band(profile, start, arcs, FOCUS, 4, closed=True), "row carpet", light_detail=0.7)
    _nosing(room, start, arcs, top)


def _nosing(room: Room, radius: float, arcs, top: float) -> None:
    """An oak edge on a step, with a thin line of light below it."""
    profile = [(-0.012, top - 0.03), (-0.014, top - 0.002), (-0.008, top + 0.004), (0.05, top + 0.004), (0.05, top - 0.03)]
    inset = 0.03
    arcs = [arcs[0] + inset, arcs[1] - inset]
    room.add_mesh(arc_band(profile, radius, arcs, FOCUS, 3, closed=True), "oak", light_detail=0.5)
    glow = [(-0.006, top - 0.04), (-0.006, top - 0.031)]
    room.add_mesh(arc_band(glow, radius, [arcs[0] + 0.1, arcs[1] - 0.1], FOCUS, 3), "step light")


# The walls


def walls(room: Room) -> None:
    stage_wall(room)
    west_wall(room)
    east_wall(room)
    back_wall(room)
    ceiling(room)


def stage_wall(room: Room) -> None:
    """Walnut fields with shadow gaps from the stage to the ceiling; curtains at both ends."""
    room.add_mesh(wall(2 * X, HEIGHT), "felt black", (0, 0, NORTH), 180, light_detail=0.3)
    columns, rows = 12, [(0.02, 2.5), (2.5, 4.95), (4.95, HEIGHT - 0.02)]
    each = 2 * X / columns
    fields = []
    for column in range(columns):
        x = -X + (column + 0.5) * each
        for row, (low, high) in enumerate(rows):
            field = box((each - 0.016, high - low - 0.016, 0.04), 0.006, without=("back",)).uv_turned()
            fields.append(field.uv_shifted((column * 1.37 + row * 0.6, column * 0.53)).shifted((x, (low + high) / 2, NORTH + 0.02)))
    room.add_mesh(joined(fields), "walnut", light_detail=0.55)
    screen = layout.SCREEN
    room.add(boards.wall_screen("Screen", *screen["size"], wall_gap=0.06), screen["position"], screen["yaw"])
    for side in (-1, 1):
        cloth = curtain(2.1, 6.4, 9, 0.16, seed=3 + side)
        room.add_mesh(cloth, "velvet", (side * 8.3, 6.45, NORTH + 0.25), light_detail=0.6)
        rail = box((2.5, 0.05, 0.05), 0.008)
        room.add_mesh(rail, "graphite", (side * 8.3, 6.5, NORTH + 0.25), light_detail=0.5)
        for x in (-1.1, 1.1):
            room.add_mesh(box((0.03, 0.03, 0.26), 0.004), "graphite", (side * 8.3 + x, 6.5, NORTH + 0.13), light_detail=0.4)


def floor_height(z: np.ndarray | float):
    """Height of the tier at the side walls."""
    radius = np.hypot(X, np.asarray(z, float) - FOCUS)
    row = np.floor((radius - layout.tier_radius(0)) / layout.ROW_PITCH)
    return np.clip(row, 0, layout.ROWS - 1) * layout.ROW_RISE


def slope(z: np.ndarray | float):
    """A straight line along the tiers' edges, 0.5 m over them: where the wainscot ends."""
    start, end = -5.6, 3.2
    return 0.62 + np.clip((np.asarray(z, float) - start) / (end - start), 0, 1) * TOP


def west_wall(room: Room) -> None:
    """Oak slats over an oak wainscot that rises with the rows, in six bays; plaster above."""
    length = SOUTH - NORTH
    middle = (NORTH + SOUTH) / 2
    room.add_mesh(wall(length, HEIGHT - 5.5), "plaster", (-X, 5.5, middle), -90, light_detail=0.5)
    room.add_mesh(wall(length, 5.5), "felt black", (-X, 0, middle), -90, light_detail=0.2)
    bays = 6
    each = length / bays
    for index in range(bays):
        z = NORTH + (index + 0.5) * each
        # Local x of this wall (yaw -90) is the room's z.
        foot = lambda x, z=z: slope(z + x) + 0.03
        room.add_mesh(timber.flutes(each - 0.12, foot, 5.46, 0.1, 0.062, 0.045), "oak", (-X, 0, z), -90, light_detail=0.5)
    for index in range(1, bays):
        z = NORTH + index * each
        fin = box((0.1, 5.5, 0.16), 0.01, without=("front",)).uv_turned()
        room.add_mesh(fin, "walnut", (-X + 0.08, 2.75, z), -90, light_detail=0.5)
    for z in (NORTH + 0.025, SOUTH - 0.025):
        room.add_mesh(box((0.05, 5.5, 0.06), 0.004, without=("front",)).uv_turned(), "walnut", (-X + 0.03, 2.75, z), -90, light_detail=0.4)
    room.add_mesh(box((length, 0.06, 0.09), 0.01, without=("front",)), "walnut", (-X + 0.045, 5.49, middle), -90, light_detail=0.5)
    room.add(_wainscot(NORTH, SOUTH), (-X, 0, 0), light_detail=0.6)


def _wainscot(start: float, end: float, depth: float = 0.05) -> Model:
    """A band of boards with a rail on it, along z at x = 0, that looks to +x and follows the rows."""
    zs = np.unique(np.concatenate([np.linspace(start, end, 25), [-5.6, 3.2]]))
    top = slope(zs)
    builder = Builder()
    low = np.stack([np.full_like(zs, depth), np.zeros_like(zs), zs], axis=1)
    high = np.stack([np.full_like(zs, depth), top, zs], axis=1)
    uv = np.stack([np.stack([zs, np.zeros_like(zs)], axis=1), np.stack([zs, top], axis=1)], axis=1)
    # u along z, v up: du × dv = z × y looks to -x, so run from the end.
    builder.grid(np.stack([low, high], axis=1)[::-1], uv[::-1])
    band = builder.finish()
    rail = Builder()
    section = [(0.0, -0.025), (depth + 0.02, -0.025), (depth + 0.035, -0.012), (depth + 0.035, 0.012), (depth + 0.02, 0.025), (0.0, 0.025)]
    points = np.array([[(x, t + y, z) for x, y in section] for z, t in zip(zs, top)])
    rail.grid(points[::-1])
    return Model().with_part(band, "walnut").with_part(rail.finish(smooth_degrees=40.0), "oak", light_detail=0.7)


def east_wall(room: Room) -> None:
    """Glass from a wainscot that rises with the rows to a deep head, between slender oak posts."""
    start, end = layout.GLASS_Z
    deep = 0.42
    for low, high in ((NORTH, start), (end, SOUTH)):
        z, width = (low + high) / 2, high - low
        if width > 2:
            room.add_mesh(wall(width, GLASS_HEAD), "felt black", (X, 0, z), 90, light_detail=0.2)
            room.add_mesh(timber.flutes(width, lambda x, z=z: slope(z - x) + 0.03, GLASS_HEAD, 0.1, 0.062, 0.045), "oak", (X, 0, z), 90, light_detail=0.5)
        else:
            room.add_mesh(wall(width, GLASS_HEAD), "plaster", (X, 0, z), 90, light_detail=0.5)
    room.add_mesh(wall(SOUTH - NORTH, HEIGHT - GLASS_HEAD), "plaster", (X, GLASS_HEAD, (NORTH + SOUTH) / 2), 90, light_detail=0.5)
    band = _wainscot(NORTH, SOUTH)
    room.add(band.changed(lambda mesh: mesh.mirrored_x()), (X, 0, 0), light_detail=0.6)
    room.add(_window_bed(start, end, deep), light_detail=0.6)
    count = 9
    zs = np.linspace(start, end, count + 1)
    posts, bars, panes = [], [], []
    for z in zs:
        foot = float(slope(z))
        post = box((deep, GLASS_HEAD - foot + 0.02, 0.09), 0.008, without=("top", "bottom")).uv_turned()
        posts.append(post.shifted((X + deep / 2 - 0.02, (GLASS_HEAD + foot) / 2, z)))
    for left, right in zip(zs, zs[1:]):
        for level in (4.6,):
            bars.append(box((0.06, 0.05, right - left - 0.08), 0.006).shifted((X + deep - 0.06, level, (left + right) / 2)))
        panes.append(_pane(left + 0.04, right - 0.04, X + deep - 0.06))
    room.add_mesh(joined(posts), "oak", light_detail=0.6)
    room.add_mesh(joined(bars), "graphite", light_detail=0.4)
    room.add_mesh(joined(panes), "window glass")


def _pane(start: float, end: float, x: float) -> Mesh:
    builder = Builder()
    points = [(x, float(slope(start)), start), (x, float(slope(end)), end), (x, GLASS_HEAD, end), (x, GLASS_HEAD, start)]
    builder.face(points, [(0, 0), (1, 0), (1, 1), (0, 1)], builder.chart())
    return builder.finish()


def _window_bed(start: float, end: float, deep: float) -> Model:
    """The sill that slopes with the rows, and the head above the glass."""
    zs = np.unique(np.concatenate([np.linspace(start, end, 13), [-5.6, 3.2]]))
    zs = zs[(zs >= start) & (zs <= end)]
    plates = Builder()
    sill = np.stack([np.stack([np.full_like(zs, x), slope(zs) + 0.02, zs], axis=1) for x in (X, X + deep)], axis=1)
    plates.grid(sill[::-1])
    head = np.stack([np.stack([np.full_like(zs, x), np.full_like(zs, GLASS_HEAD), zs], axis=1) for x in (X, X + deep)], axis=1)
    plates.grid(head)
    return Model().with_part(plates.finish(), "oak")


def back_wall(room: Room) -> None:
    """Plaster over an upholstered wainscot, two double doors, and the window of the control room."""
    door_width, door_height = layout.DOOR_SIZE
    edges = [-X]
    for x in layout.DOORS_X:
        edges += [x - door_width / 2, x + door_width / 2]
    edges.append(X)
    head = TOP + door_height
    for left, right in zip(edges[::2], edges[1::2]):
        room.add_mesh(wall(right - left, door_height), "plaster", ((left + right) / 2, TOP, SOUTH), light_detail=0.5)
    room.add_mesh(wall(2 * X, HEIGHT - head), "plaster", (0, head, SOUTH), light_detail=0.5)
    for x in layout.DOORS_X:
        room.add(double_door(door_width, door_height), (x, TOP, SOUTH), light_detail=0.9)
    for left, right in zip(edges[::2], edges[1::2]):
        width = right - left - 0.3
        fields = max(1, round(width / 1.1))
        room.add(_padding(width, fields), ((left + right) / 2, TOP + 0.1, SOUTH), light_detail=0.6)
    room.add(control_window(), (0, TOP + 2.75, SOUTH), light_detail=0.7)


def _padding(width: float, fields: int) -> Model:
    each = width / fields
    parts = [box((each - 0.01, 1.25, 0.05), 0.014, without=("front",)).shifted(((i + 0.5) * each - width / 2, 0.625, -0.025)) for i in range(fields)]
    rail = box((width, 0.05, 0.07), 0.012, without=("front",)).shifted((0, 1.29, -0.035))
    base = box((width, 0.1, 0.03), 0.006, without=("front", "bottom")).shifted((0, -0.05, -0.015))
    return Model().with_part(joined(parts), "felt green").with_part(joined([rail, base]), "oak", light_detail=0.6)


def double_door(width: float, height: float) -> Model:
    """Two oak leaves with slim windows and long handles in a dark frame; origin on the floor below their middle."""
    frame = [box((0.06, height + 0.06, 0.24), 0.006).shifted((s * (width / 2 - 0.03), (height + 0.06) / 2, 0.09)) for s in (-1, 1)]
    frame.append(box((width, 0.06, 0.24), 0.006).shifted((0, height + 0.03, 0.09)))
    frame += [box((0.09, height + 0.12, 0.02), 0.006).shifted((s * (width / 2 + 0.02), (height + 0.12) / 2, -0.01)) for s in (-1, 1)]
    frame.append(box((width + 0.13, 0.09, 0.02), 0.006).shifted((0, height + 0.075, -0.01)))
    leaves, glass, metal = [], [], []
    leaf = (width - 0.12) / 2 - 0.004
    for side in (-1, 1):
        x = side * (leaf / 2 + 0.002)
        slit, sill, head = 0.12, 0.9, height - 0.25
        inner = x - side * 0.2
        edges = sorted((x - leaf / 2, inner - slit / 2, inner + slit / 2, x + leaf / 2))
        for left, right in ((edges[0], edges[1]), (edges[2], edges[3])):
            leaves.append(box((right - left, height - 0.012, 0.045), 0.004).uv_turned().shifted(((left + right) / 2, height / 2, 0.045)))
        leaves.append(box((slit, sill, 0.045), 0.003).uv_turned().shifted((inner, sill / 2, 0.045)))
        leaves.append(box((slit, height - 0.006 - head, 0.045), 0.003).uv_turned().shifted((inner, (head + height - 0.006) / 2, 0.045)))
        glass.append(box((slit, head - sill, 0.01), 0.002).shifted((inner, (head + sill) / 2, 0.05)))
        bar = tube([(side * 0.06, 0.78, -0.035), (side * 0.06, 1.35, -0.035)], 0.014, 10)
        feet = [tube([(side * 0.06, y, 0.024), (side * 0.06, y, -0.035)], 0.009, 8, caps=False) for y in (0.84, 1.29)]
        metal += [bar, *feet]
        metal.append(box((leaf - 0.08, 0.2, 0.004), 0.0015).shifted((x, 0.14, 0.021)))
    return (Model().with_part(joined(frame), "graphite", light_detail=0.7).with_part(joined(leaves), "oak")
            .with_part(joined(glass), "felt black", light_detail=0.5).with_part(joined(metal), "brass", light_detail=0.7))


def control_window() -> Model:
    """The window from which sound and light are run; its origin is the middle of its lower edge."""
    width, height = 3.6, 0.95
    bars = [box((width + 0.12, 0.06, 0.1), 0.008).shifted((0, y, -0.03)) for y in (-0.03, height + 0.03)]
    bars += [box((0.06, height, 0.1), 0.008).shifted((x, height / 2, -0.03)) for x in (-width / 2 - 0.03, -0.6, 0.6, width / 2 + 0.03)]
    dark = box((width, height, 0.01), 0.001, without=("front",)).shifted((0, height / 2, -0.005))
    return Model().with_part(joined(bars), "walnut").with_part(dark, "felt black", light_detail=0.4)


# Above


def ceiling(room: Room) -> None:
    """Plaster, with bent oak reflectors that hang below it and throw the voice to the rows."""
    room.add_mesh(plane(2 * X, SOUTH - NORTH).turned("x", 180), "ceiling", (0, HEIGHT, (NORTH + SOUTH) / 2), light_detail=0.35)
    for z, height in CLOUDS:
        room.add(reflector(), (0, height, z), light_detail=0.45)
        rods = [tube([(x, HEIGHT, z), (x, height, z)], 0.006, 5, caps=False) for x in (-6.4, -2.2, 2.2, 6.4)]
        room.add_mesh(joined(rods), "graphite", light_detail=0.2)
    for x, z in DOWNLIGHTS:
        room.add(lamps.downlight(0.07), (x, HEIGHT, z))


def reflector(width: float = 16.4, depth: float = 2.0) -> Model:
    """A bent board, hollow side up, with a line of light behind its southern edge."""
    angles = np.radians(np.linspace(-24, 24, 11))
    radius = depth / 2 / np.sin(np.radians(24))
    zs, ys = radius * np.sin(angles), -radius * np.cos(angles) + radius * np.cos(np.radians(24))
    xs = np.linspace(-width / 2, width / 2, 9)
    points = np.stack(np.broadcast_arrays(xs[:, None], ys[None], zs[None]), axis=2)
    board = sheet(points[::-1], 0.04)
    strip = box((width - 0.4, 0.03, 0.04), 0.006).shifted((0, 0.05, depth / 2 - 0.2))
    return Model().with_part(board, "birch").with_part(strip, "lamp", light_detail=0.3)
