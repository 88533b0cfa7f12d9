"""The Auditorium: a stage and 200 seats in curved rows by the sea. `--help` says what it can make.

`auditorium_layout` says where everything is; the stage is in the north (-z), the sea in the east (+x).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import auditorium_layout as layout
import auditorium_shell as shell
from kit import landscapes, light, make_room, materials, textures, vista, workshop_textures
from kit.furniture import boards, plants, small_things, tables, workshop
from kit.furniture.auditorium_seat import auditorium_seat, row_end
from kit.light import Sun, kelvin
from kit.materials import Material
from kit.mesh import Builder, joined
from kit.model import Model
from kit.room import Room, clear
from kit.shapes import bend, box, lathe, loft, plane, rounded_rectangle, tube, wall

FOLDER = Path(__file__).parents[1] / "rooms" / "auditorium"
NORTH, HEIGHT, TOP, STAGE = layout.FRONT_Z, layout.HEIGHT, layout.GANGWAY_HEIGHT, layout.STAGE_HEIGHT
SUN = Sun(yaw_degrees=-112.0, elevation_degrees=29.0, color=kelvin(4500), irradiance=10.0)
SEA_SUN = Sun(yaw_degrees=-124.0, elevation_degrees=30.0, color=kelvin(5200), irradiance=2.6)
SEA = vista.Frame(yaw_degrees=-90.0, span_degrees=172.0, up_degrees=46.0, down_degrees=36.0, width=2560, eye=(0.0, 3.0, 0.0))

VIEWS = {
    "door": ((-5.6, TOP + 1.65, 8.9), (1.0, 1.9, -8.0)),
    "seat": ((-2.4, 4 * layout.ROW_RISE + 1.2, 2.9), (1.2, 2.3, -10.0)),
    "stage": ((-2.2, STAGE + 1.65, -7.4), (1.0, 2.2, 6.0)),
    "sea": ((-5.0, 3 * layout.ROW_RISE + 1.65, 1.2), (9.0, 2.6, 0.5)),
    "row": ((3.9, 1.5 * layout.ROW_RISE + 1.5, -1.3), (-3.0, 0.9, 2.5)),
    "above": ((0.0, 21.0, -1.1), (0.0, 0.0, -1.2)),
}


def own_materials() -> None:
    """What only this room is made of."""
    materials.add("row carpet", Material(lambda: workshop_textures.stage_carpet("#87827A"), tile_m=(0.8, 0.8)))
    materials.add("birch", Material(lambda: textures.wood("#DCC9A8", planks=6, joints=0, seed=41, contrast=0.7, gap=0.0, rough=0.55), tile_m=(2.4, 1.2)))
    materials.add("screen glass", Material(code="#E3ECEA", roughness=0.05, alpha=0.12, double_sided=True, baked=False))
    materials.add("velvet", Material(materials.PALETTE["book green"].paint, tile_m=(0.4, 0.4), double_sided=True))
    materials.add("step light", Material(code="#FFE9CC", roughness=0.6, emission=(1.2, 0.92, 0.62), baked=False))


def rows_of_seats(room: Room) -> None:
    seat, end = auditorium_seat(), row_end()
    arcs = layout.seat_arcs()
    for index, (_, position, yaw) in enumerate(layout.audience_seats()):
        room.add(seat, position, yaw, light_detail=0.62)
        number = index % len(arcs)
        is_last = number + 1 == len(arcs) or arcs[number + 1] - arcs[number] > layout.SEAT_PITCH * 1.5
        if is_last:
            room.add(end, position, yaw, light_detail=0.62)


# The stage


def stage(room: Room) -> None:
    half, front = layout.STAGE_HALF_WIDTH, layout.STAGE_FRONT_Z
    lip = 0.03
    room.add_mesh(plane(2 * half, front - NORTH), "oak floor", (0, STAGE, (front + NORTH) / 2))
    nosing = box((2 * half + 2 * lip, 0.045, 0.09), 0.012).shifted((0, STAGE - 0.0225 + 0.002, front - 0.03 + lip))
    room.add_mesh(nosing, "walnut", light_detail=0.8)
    count = 11
    each = 2 * half / count
    fields = [box((each - 0.012, STAGE - 0.09, 0.03), 0.006, without=("back",)).shifted((-half + (i + 0.5) * each, (STAGE - 0.045) / 2 + 0.02, front - 0.005))
              for i in range(count)]
    room.add_mesh(joined(fields), "walnut", light_detail=0.7)
    room.add_mesh(wall(2 * half, STAGE - 0.02), "felt black", (0, 0, front - 0.02), 180, light_detail=0.2)
    room.add_mesh(box((2 * half, 0.06, 0.012), 0.003), "graphite", (0, 0.03, front - 0.004), light_detail=0.4)
    side = wall(front - NORTH, STAGE)
    for x, yaw in ((-half, 90), (half, -90)):
        room.add_mesh(side, "walnut", (x, 0, (front + NORTH) / 2), yaw, light_detail=0.5)
    steps_and_ramp(room)
    on_stage(room)


def steps_and_ramp(room: Room) -> None:
    west, east = layout.STEPS_X
    width, x = east - west, (west + east) / 2
    for step in (1, 2, 3):
        depth = layout.STEP_TREAD
        z = layout.STAGE_FRONT_Z + (3.5 - step) * depth
        height = step * layout.STEP_RISE
        room.add_mesh(box((width, 0.04, depth + 0.02), 0.01), "oak", (x, height - 0.02, z + 0.01))
        room.add_mesh(box((width - 0.03, height - 0.04, depth), 0.003, without=("top", "bottom", "back")), "walnut", (x, (height - 0.04) / 2, z), light_detail=0.6)
    west, east = layout.RAMP_X
    bottom, top = layout.RAMP_Z
    builder = Builder()
    line = [(0.0, bottom), (STAGE, top), (STAGE, NORTH)]
    deck = np.array([[(px, y, z) for px in (east, west)] for y, z in line])
    builder.grid(deck, np.stack([np.broadcast_to(np.array([[0.0], [6.03], [7.33]]), (3, 2)), np.broadcast_to([[0.0, east - west]], (3, 2))], axis=2))
    flank = [(east, 0, bottom), (east, 0, NORTH), (east, STAGE, NORTH), (east, STAGE, top)]
    skirt = Builder()
    skirt.face(flank, [(-z, y) for _, y, z in flank], skirt.chart())
    room.add_mesh(builder.finish(smooth_degrees=1.0), "oak floor")
    room.add_mesh(skirt.finish(), "walnut", light_detail=0.6)
    room.add(_ramp_rail(), light_detail=0.6)


def _ramp_rail() -> Model:
    """Handrail with posts along the ramp's outer edge."""
    x = layout.RAMP_X[1] - 0.03
    bottom, top = layout.RAMP_Z
    ground = lambda z: STAGE * np.clip((bottom - z) / (bottom - top), 0, 1)
    metal = []
    for z in np.linspace(bottom - 0.15, NORTH + 0.3, 6):
        metal.append(tube([(x, ground(z), z), (x, ground(z) + 0.9, z)], 0.016, 8))
        metal.append(lathe([(0.034, 0.0), (0.034, 0.006), (0.018, 0.012)], 12, closed=False).shifted((x, ground(z), z)))
    zs = np.array([bottom - 0.05, bottom - 0.15, top, NORTH + 0.3, NORTH + 0.2])
    low = [(x, ground(z) + 0.5, z) for z in zs[1:4]]
    metal.append(tube(low, 0.01, 6))
    rail = tube([(x, ground(z) + 0.91, z) for z in zs], 0.024, 10)
    return Model().with_part(joined(metal), "graphite").with_part(rail, "oak")


def on_stage(room: Room) -> None:
    x, y, z = layout.BOARD["position"]
    width, height = layout.BOARD["size"]
    room.add(boards.whiteboard("Whiteboard", width, height, wall_gap=0.03), (x, y, z), layout.BOARD["yaw"])
    room.add(_board_stand(width, height, y - STAGE), (x, STAGE, z), layout.BOARD["yaw"])
    room.add(lectern(), layout.LECTERN["position"], layout.LECTERN["yaw"])
    for position, yaw in layout.TALK_CHAIRS:
        room.add(workshop.armchair("wool oat"), position, yaw)
    room.add(tables.round_table(0.26, 0.46, "walnut"), layout.TALK_TABLE)
    x, y, z = layout.TALK_TABLE
    room.add(small_things.carafe(), (x + 0.08, y + 0.46, z))
    room.add(small_things.tumbler(True), (x - 0.1, y + 0.46, z + 0.06))
    room.add(small_things.tumbler(), (x - 0.06, y + 0.46, z - 0.1))
    room.add(plants.fiddle_leaf(2.4, 3, 56, "ceramic", 0.26), (-5.0, STAGE, -11.4), 30)
    room.add(plants.fiddle_leaf(1.8, 8, 44, "ceramic", 0.24), (5.0, STAGE, -11.35), 160)


def _board_stand(width: float, height: float, middle: float) -> Model:
    """A frame on castors behind a free-standing board; its origin is the stage below the board's middle."""
    top, metal = middle + height / 2 + 0.02, []
    back = box((width + 0.05, height + 0.05, 0.012), 0.004).shifted((0, middle, 0.04))
    for side in (-1, 1):
        x = side * (width / 2 - 0.2)
        metal.append(box((0.045, top - 0.09, 0.03), 0.006).shifted((x, (top + 0.09) / 2, 0.062)))
        metal.append(box((0.045, 0.035, 0.62), 0.008).shifted((x, 0.09, 0.05)))
        for dz in (-0.28, 0.28):
            wheel = lathe([(0, -0.014), (0.03, -0.012), (0.034, 0), (0.03, 0.012), (0, 0.014)], 12).turned("z", 90)
            metal.append(wheel.shifted((x, 0.034, 0.05 + dz)))
            metal.append(box((0.02, 0.04, 0.02), 0.003).shifted((x, 0.06, 0.05 + dz)))
    metal.append(box((width - 0.4, 0.03, 0.03), 0.006).shifted((0, 0.45, 0.062)))
    return Model().with_part(joined(metal), "graphite", light_detail=0.6).with_part(back, "white paint", light_detail=0.4)


def lectern() -> Model:
    """A slim walnut desk to speak at, with a sloped top, a lamp and a microphone; the speaker stands at +z of it."""
    body = loft(rounded_rectangle(0.5, 0.3, 0.04, 3), [(0.006, 0.03), (0, 0.036), (-0.03, 1.02), (-0.028, 1.03)])
    foot = box((0.58, 0.03, 0.4), 0.008).shifted((0, 0.015, 0))
    top = box((0.62, 0.028, 0.46), 0.008).turned("x", -12).shifted((0, 1.085, 0.01))
    ledge = box((0.56, 0.03, 0.016), 0.005).turned("x", -12).shifted((0, 1.06, 0.225))
    neck = tube(bend([(0.2, 1.1, -0.12), (0.2, 1.28, -0.13), (0.17, 1.37, -0.06), (0.15, 1.38, -0.01)], 4), 0.005, 6)
    mic = lathe([(0, 0), (0.011, 0.004), (0.012, 0.04), (0, 0.045)], 10).turned("x", 70).shifted((0.15, 1.38, -0.012))
    line = box((0.36, 0.012, 0.006), 0.002).shifted((0, 0.62, -0.17))
    return (Model().with_part(joined([body, ledge]), "walnut").with_part(top, "oak")
            .with_part(joined([foot, neck, mic]), "graphite", light_detail=0.7).with_part(line, "brass", light_detail=0.5))


def view() -> Model:
    """The sea, far outside of the eastern windows."""
    picture = vista.traced(SEA, lambda: landscapes.sea(SEA_SUN), "sea 2", samples=8)
    clear()
    return vista.backdrop(vista.shown(vista.with_clouds(picture, SEA, 0.4), 2.0), SEA, "sea", radius=250.0)


def model() -> Room:
    """Everything in the room."""
    own_materials()
    room = Room()
    shell.raked_floor(room)
    shell.walls(room)
    rows_of_seats(room)
    stage(room)
    room.add(view())
    return room


def light_up() -> None:
    """Sun, sky and lamps."""
    light.add_sun(SUN)
    light.set_sky((0.42, 0.60, 0.95), (0.95, 0.95, 0.98), (0.42, 0.48, 0.52), 9.5)
    start, end = layout.GLASS_Z
    height = shell.GLASS_HEAD
    light.add_portal(end - start, height - 0.6, (layout.HALF_WIDTH + 0.45, (height + 0.6) / 2, (start + end) / 2), 90)
    warm = kelvin(4300)
    for z, height in shell.CLOUDS:
        light.add_area(15.5, 0.05, (0, height + 0.1, z + 0.8), 110.0, warm, (0, 1, 0))
    for x, z in shell.DOWNLIGHTS:
        light.add_disc(0.06, (x, HEIGHT - 0.02, z), 18.0, warm, spread_degrees=90.0)
    for x in (-3.0, 0.0, 3.0):
        light.add_disc(0.12, (x, 6.3, -4.0), 60.0, kelvin(4000), (0, -0.75, -0.66), 50.0)


if __name__ == "__main__":
    layout.write()
    make_room.main(__file__, FOLDER, model, light_up, SUN, VIEWS, middle=(0.0, 3.0, -1.0))
