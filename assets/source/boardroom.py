"""The Boardroom: twelve seats round an oak table, high over a city at dusk. 12 × 8 × 3 m.

The screen hangs in the west (-x), the whiteboard in the north (-z), the windows are in the south (+z), the door
is in the east (+x), the nook is in the north-east. Chairs, board and screen stand where room.ron has them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kit import furniture, light, make_room, room_file, shapes, skyline
from kit.mesh import Mesh
from kit.room import Room, clear

FOLDER = Path(__file__).resolve().parents[1] / "rooms" / "boardroom"
WEST, EAST, NORTH, SOUTH, HEIGHT = -6.0, 6.0, -4.0, 4.0, 3.0
SILL_HEIGHT, WINDOW_WIDTH, WINDOW_HEIGHT, WALL = 0.9, 3.6, 1.6, 0.2
WINDOWS_X = (-4.0, 0.0, 4.0)
DOOR_Z = 2.95
RUG_SIZE = (7.6, 4.4)

SUN = light.Sun(yaw_degrees=142, elevation_degrees=26, color=(1.0, 0.84, 0.65), irradiance=14.0)
VIEW = skyline.View(width=4096)

CAMERAS = {
    "door": ((5.35, 1.65, 2.75), (-1.6, 1.05, -0.9)),
    "seat": ((2.6, 1.2, 0.0), (-4.0, 1.15, 0.35)),
    "south": ((-3.6, 1.6, -2.6), (1.4, 1.05, 3.0)),
    "nook": ((1.9, 1.6, 0.2), (5.2, 0.9, -3.6)),
    "table": ((1.5, 1.25, 0.95), (-0.2, 0.78, 0.0)),
    "above": ((0.0, 9.5, 0.02), (0.0, 0.0, 0.0)),
}


def model() -> Room:
    """The whole room, and the city outside."""
    city = skyline.painted(VIEW, SUN)
    clear()
    room = Room()
    room.add(skyline.backdrop(city, VIEW))
    add_shell(room)
    add_windows(room)
    add_door(room)
    add_meeting(room)
    add_north_wall(room)
    add_west_wall(room)
    add_nook(room)
    add_east_wall(room)
    add_ceiling_lamps(room)
    add_plants(room)
    return room


def places(section: str) -> list[room_file.Place]:
    """Seats, boards or screens of room.ron."""
    return room_file.read(FOLDER / "room.ron", section)


def add_shell(room: Room) -> None:
    """Floor, ceiling, walls with their openings, skirting."""
    add_floor(room)
    room.add_mesh(shapes.plane(12, 8).turned("x", 180), "ceiling", (0, HEIGHT, 0), light_detail=0.55)
    # Each wall is drawn as seen from inside: its -z looks into the room.
    room.add_mesh(wall_part(-6, 6, 0, HEIGHT), "plaster", (0, 0, NORTH), 180, light_detail=0.9)
    room.add_mesh(wall_part(-4, 4, 0, HEIGHT), "plaster", (WEST, 0, 0), -90, light_detail=0.1)  # behind the slats
    half = (furniture.DOOR_WIDTH_M + 0.08) / 2
    # Local x of the east wall (yaw 90) is -z of the room.
    for x0, x1, y0, y1 in (
        (-4, -DOOR_Z - half, 0, HEIGHT),
        (-DOOR_Z + half, 4, 0, HEIGHT),
        (-DOOR_Z - half, -DOOR_Z + half, 2.09, HEIGHT),
    ):
        room.add_mesh(wall_part(x0, x1, y0, y1), "plaster", (EAST, 0, 0), 90)
    top = SILL_HEIGHT + WINDOW_HEIGHT
    room.add_mesh(wall_part(-6, 6, 0, SILL_HEIGHT), "plaster", (0, 0, SOUTH))
    room.add_mesh(wall_part(-6, 6, top, HEIGHT), "plaster", (0, 0, SOUTH))
    for x0, x1 in ((-6, -5.8), (-2.2, -1.8), (1.8, 2.2), (5.8, 6)):
        room.add_mesh(wall_part(x0, x1, SILL_HEIGHT, top), "plaster", (0, 0, SOUTH))
    edge = half + 0.035
    path = [(EAST, DOOR_Z + edge), (EAST, SOUTH), (WEST, SOUTH), (WEST, NORTH), (EAST, NORTH), (EAST, DOOR_Z - edge)]
    room.add(furniture.skirting(path[::-1]), light_detail=0.8)


def wall_part(x0: float, x1: float, y0: float, y1: float) -> Mesh:
    """A rectangle of a wall that looks to -z."""
    return shapes.wall(x1 - x0, y1 - y0).shifted(((x0 + x1) / 2, y0, 0))


def add_floor(room: Room) -> None:
    """Planks round the rug; below it there is nothing to light."""
    rug_x, rug_z = RUG_SIZE[0] / 2 - 0.1, RUG_SIZE[1] / 2 - 0.1
    for x0, x1, z0, z1 in (
        (WEST, EAST, NORTH, -rug_z),
        (WEST, EAST, rug_z, SOUTH),
        (WEST, -rug_x, -rug_z, rug_z),
        (rug_x, EAST, -rug_z, rug_z),
    ):
        x, z = (x0 + x1) / 2, (z0 + z1) / 2
        planks = shapes.plane(x1 - x0, z1 - z0, cell=12).uv_shifted((x, z))
        room.add_mesh(planks, "oak floor", (x, 0, z))


def add_windows(room: Room) -> None:
    """Three windows with sills and curtains, and the city outside."""
    for x in WINDOWS_X:
        at = (x, SILL_HEIGHT, SOUTH)
        room.add(furniture.window(WINDOW_WIDTH, WINDOW_HEIGHT, WALL, mullions=2, sill_depth=0.14), at)
        room.add(furniture.reveal(WINDOW_WIDTH, WINDOW_HEIGHT, WALL), at)
    rail_y = HEIGHT - 0.012
    room.add_mesh(shapes.box((11.9, 0.022, 0.05), 0.004), "graphite", (0, rail_y, SOUTH - 0.14), light_detail=0.5)
    for index, (x, width) in enumerate(((-5.55, 0.62), (-2.0, 0.72), (2.0, 0.72), (5.52, 0.62))):
        cloth = shapes.curtain(width, rail_y - 0.045, 8 if width > 0.7 else 7, 0.10, seed=3 + index)
        room.add_mesh(cloth.turned("y", 180), "linen", (x, rail_y - 0.012, SOUTH - 0.14))


def add_door(room: Room) -> None:
    """The door, and the things a hand looks for beside it."""
    room.add(furniture.door(WALL), (EAST, 0, DOOR_Z), 90)
    room.add(furniture.light_switch(), (EAST, 1.05, 2.22), 90)
    room.add(furniture.coat_hooks(5), (EAST, 1.62, 1.35), 90)
    room.add(furniture.socket(), (EAST, 0.3, 0.35), 90)


def add_meeting(room: Room) -> None:
    """Rug, table, the twelve chairs where the seats are, and what lies on the table."""
    room.add(furniture.rug(*RUG_SIZE))
    floor = furniture.RUG_HEIGHT_M
    room.add(furniture.table(4.8, 1.4))
    room.add(furniture.cable_tray(1.1), (0, furniture.TABLE_HEIGHT_M, 0))
    chair = furniture.swivel_chair().lit(0.62)
    rng = np.random.default_rng(4)
    for seat in places("seats"):
        if not seat.name.startswith("nook"):
            x, _, z = seat.position
            room.add(chair, (x, floor, z), seat.yaw_degrees + rng.uniform(-5, 5))
    add_table_things(room)


def add_table_things(room: Room) -> None:
    """A tray with carafe and glasses, notebooks, cups, a speakerphone, a vase."""
    y = furniture.TABLE_HEIGHT_M
    for x, seed in ((-1.35, 2), (1.3, 5)):
        room.add(furniture.tray(), (x, y, -0.02), 8 * seed)
        room.add(furniture.carafe(), (x - 0.08, y + 0.008, 0.0))
        for dx, dz in ((0.06, 0.05), (0.09, -0.06), (0.15, 0.01)):
            room.add(furniture.tumbler(), (x + dx, y + 0.008, dz - 0.02))
    room.add(furniture.tumbler(full=True), (0.62, y, 0.42))
    room.add(furniture.tumbler(full=True), (-1.62, y, -0.4))
    room.add(furniture.speakerphone(), (-0.72, y, 0))
    room.add(furniture.spray(seed=4), (0.78, y, 0.0))
    for x, z, yaw, cover in (
        (0.95, 0.5, 6, "book green"),
        (-0.92, -0.48, 184, "book sand"),
        (-1.93, 0.5, -8, "felt black"),
        (1.85, -0.5, 172, "wool clay"),
        (0.03, 0.5, -3, "book blue"),
    ):
        room.add(furniture.notebook(cover), (x, y, z), yaw)
    for x, z, yaw in ((1.62, 0.42, 30), (-0.25, 0.44, -60), (0.55, -0.46, 160)):
        room.add(furniture.cup(), (x, y, z), yaw)


def add_north_wall(room: Room) -> None:
    """The whiteboard, the sideboard with a picture above it, a plant."""
    for board in places("boards"):
        gap = abs(NORTH - board.position[2])
        room.add(furniture.whiteboard(board.name, *board.size, wall_gap=gap), board.position, board.yaw_degrees)
    room.add(furniture.sideboard(2.0, 0.45, 0.8), (-4.2, 0, -3.765), 180)
    top = 0.8
    room.add(furniture.picture(1.5, 0.95, "wool oat"), (-4.2, 1.62, NORTH), 180)
    add_felt_picture(room, (-4.2, 1.62, NORTH))
    room.add(furniture.trailing(seed=3, pot_radius=0.1, length=0.42), (-4.98, top, -3.76))
    room.add(furniture.book_stack(3, seed=4), (-3.55, top, -3.76), 8)
    room.add(furniture.pot(0.08, 0.2, "clay"), (-3.52, top + 0.086, -3.76))
    room.add(furniture.table_lamp(), (-4.45, top, -3.78))


def add_felt_picture(room: Room, at) -> None:
    """Hills under a low sun, cut from felt."""
    x, y, z = at
    sun = shapes.ellipse(0.3, 0.3, 36)
    arc = np.radians(np.linspace(0, 180, 25))
    hill = np.stack([np.cos(arc) * 0.5, -np.sin(arc) * 0.5], axis=1)
    for outline, dx, dy, width, height, material, lift in (
        (sun, -0.2, 0.16, 1.0, 1.0, "wool clay", 0.018),
        (hill, 0.26, -0.40, 0.86, 1.02, "book sand", 0.021),
        (hill, -0.28, -0.40, 0.80, 0.66, "felt green", 0.026),
        (hill, 0.36, -0.40, 0.62, 0.44, "book blue", 0.030),
    ):
        felt = shapes.loft(outline * [width, height], [(0.003, 0), (0, 0.002), (0, 0.006), (0.003, 0.008)])
        room.add_mesh(felt.turned("x", 90).shifted((0, 0, lift)), material, (x + dx, y + dy, z))


def add_west_wall(room: Room) -> None:
    """Oak slats from wall to wall, and the screen on them."""
    room.add(furniture.slat_wall(7.9, HEIGHT - 0.02), (WEST, 0.0, 0.0), -90, light_detail=0.8)
    for screen in places("screens"):
        gap = abs(WEST - screen.position[0]) - 0.036
        room.add(furniture.wall_screen(screen.name, *screen.size, wall_gap=gap), screen.position, screen.yaw_degrees)


def add_nook(room: Room) -> None:
    """A bench for two behind a glass screen, with felt on the wall."""
    room.add(furniture.bench(2.3, 0.56), (4.82, 0, -3.70), 180)
    room.add(furniture.wainscot(2.38, 0.75, 4, "linen panel"), (4.81, 0.95, NORTH), 180)
    room.add(furniture.round_table(0.3, 0.6), (4.8, 0, -2.75))
    room.add(furniture.cup(), (4.9, 0.6, -2.7), 20)
    room.add(furniture.book_stack(2, seed=12), (4.68, 0.6, -2.82), 30)
    frame = shapes.frame(1.8, 2.1, 0.045, 0.05, 0.006).turned("y", 90)
    room.add_mesh(frame, "graphite", (3.6, 1.05, -3.1))
    room.add_mesh(shapes.box((0.045, 2.01, 0.04), 0.005), "graphite", (3.6, 1.05, -3.1))
    glass = shapes.rectangle(1.71, 2.01).turned("y", 90)
    room.add_mesh(glass, "window glass", (3.6, 1.05, -3.1))
    pendant = furniture.dome_pendant(1.25, 0.17, "clay")
    room.add(pendant, (4.8, HEIGHT, -2.75))


def add_east_wall(room: Room) -> None:
    """Books."""
    room.add(furniture.bookshelf(1.5, 2.1, 0.32), (EAST - 0.16 - 0.002, 0, -1.12), 90)


def add_ceiling_lamps(room: Room) -> None:
    """An acoustic raft with a long lamp over the table, and downlights round it."""
    raft = shapes.panel(shapes.rounded_rectangle(4.9, 1.5, 0.16, 6), 0.04, 0.012, 2)
    room.add_mesh(raft, "linen panel", (0, HEIGHT - 0.14, 0), light_detail=0.7)
    for x in (-2.0, 2.0):
        for z in (-0.55, 0.55):
            rod = shapes.lathe([(0.006, 0), (0.006, 0.14)], 6, closed=False)
            room.add_mesh(rod, "graphite", (x, HEIGHT - 0.14, z), light_detail=0.2)
    room.add(furniture.linear_pendant(3.4, PENDANT_DROP), (0, HEIGHT - 0.18, 0))
    for x, z in DOWNLIGHTS:
        room.add(furniture.downlight(), (x, HEIGHT, z))


PENDANT_DROP = 0.62
DOWNLIGHTS = [(x, z) for x in (-4.6, -1.55, 1.55, 4.6) for z in (-2.9, 2.5)] + [(-4.6, -0.2), (4.6, -0.2)]


def add_plants(room: Room) -> None:
    """A tree by the windows, one beside the glass, one on the books."""
    room.add(furniture.fiddle_leaf(2.05, seed=2), (-5.35, 0, 3.25))
    room.add(furniture.fiddle_leaf(1.55, seed=7, leaves=34, glaze="ceramic", pot_radius=0.17), (2.95, 0, -3.55))
    room.add(furniture.trailing(seed=8, pot_radius=0.09, length=0.5), (EAST - 0.16, 2.1, -1.55))


def add_light() -> None:
    """A low sun, an evening sky through the windows, warm lamps."""
    light.add_sun(SUN)
    light.set_sky((0.40, 0.54, 0.78), (1.0, 0.86, 0.72), (0.24, 0.21, 0.19), 7.5)
    for x in WINDOWS_X:
        light.add_portal(WINDOW_WIDTH, WINDOW_HEIGHT, (x, SILL_HEIGHT + WINDOW_HEIGHT / 2, SOUTH + WALL * 0.9), 0)
    warm = light.kelvin(5300)
    light.add_area(3.36, 0.044, (0, HEIGHT - 0.18 - PENDANT_DROP - 0.012, 0), 40, warm, spread_degrees=170)
    # A strip on the raft, so that the ceiling floats.
    for z in (-0.6, 0.6):
        light.add_area(4.5, 0.05, (0, HEIGHT - 0.13, z), 7, warm, direction=(0, 1, 0), spread_degrees=180)
    for x, z in DOWNLIGHTS:
        light.add_disc(0.055, (x, HEIGHT - 0.012, z), 10, warm, spread_degrees=115)
    light.add_disc(0.16, (4.8, HEIGHT - 1.25 - 0.01, -2.75), 7, warm, spread_degrees=150)
    light.add_disc(0.12, (-4.45, 0.8 + 0.225, -3.78), 1.6, warm, spread_degrees=170)


if __name__ == "__main__":
    make_room.main(__file__, FOLDER, model, add_light, SUN, CAMERAS)
