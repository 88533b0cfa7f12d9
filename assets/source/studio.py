"""The Studio: an open workshop under timber frames, with a garden outside. `--help` says what it can make."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kit import landscapes, light, make_room, materials, room_file, textures, timber, vista, workshop_textures
from kit.furniture.surfaces import RUG_HEIGHT_M
from kit.furniture import boards, lamps, openings, plants, seating, small_things, surfaces, tables, workshop
from kit.light import Sun, kelvin
from kit.materials import Material
from kit.mesh import joined
from kit.model import Model
from kit.room import Room, clear
from kit.shapes import box, ellipse, panel, plane, rectangle, wall

FOLDER = Path(__file__).parents[1] / "rooms" / "studio"
HALF_X, HALF_Z, HEIGHT = 8.0, 6.0, 3.8
BAYS = (-6.4, -3.2, 0.0, 3.2, 6.4)
FRAMES = (-4.8, -1.6, 1.6, 4.8)
WINDOW_WIDTH, WINDOW_SILL, WINDOW_HEAD = 2.6, 0.3, 3.2
DOOR_Z = 4.2
SUN = Sun(yaw_degrees=130.0, elevation_degrees=33.0, color=kelvin(4700), irradiance=9.0)
GARDEN_SUN = Sun(yaw_degrees=112.0, elevation_degrees=36.0, color=kelvin(5200), irradiance=4.6)
GARDEN = vista.Frame(yaw_degrees=180.0, span_degrees=164.0, up_degrees=36.0, down_degrees=30.0, width=3072)
TABLES = ((-5.5, -0.8), (-3.2, -3.5), (3.2, -3.5), (5.5, -0.8))
PENDANTS = [(x, 0.6, 1.45) for x in (-1.25, 0.0, 1.25)] + [(x, z, 1.25) for x, z in TABLES]

VIEWS = {
    "door": ((7.5, 1.65, 4.3), (-3.0, 1.15, -0.6)),
    "seat": ((-4.5, 1.2, 4.7), (3.0, 1.2, -1.2)),
    "lounge": ((-1.0, 1.65, 1.9), (-7.0, 0.9, 4.1)),
    "garden": ((0.0, 1.65, -2.6), (0.6, 1.35, 6.0)),
    "board": ((-3.4, 1.65, -1.2), (-3.0, 1.3, -6.0)),
    "corners": ((2.2, 1.65, 0.2), (7.0, 1.1, -4.6)),
    "above": ((0.0, 13.5, 0.3), (0.0, 0.0, 0.2)),
}


def own_materials() -> None:
    """What only this room is made of."""
    materials.add("concrete", Material(lambda: workshop_textures.polished_concrete("#C6BDB0"), tile_m=(3.2, 3.2)))
    materials.add("screen glass", Material(code="#E3ECEA", roughness=0.05, alpha=0.12, double_sided=True, baked=False))
    materials.add("hanging", Material(workshop_textures.woven_hanging, tile_m=None))
    materials.add("print", Material(lambda: workshop_textures.line_drawing(3), tile_m=None))
    for name, code in (("sage", "#93A492"), ("sky", "#A3B3BC"), ("sand", "#C9B693"), ("blush", "#BFA595")):
        materials.add(f"wool {name}", Material(lambda code=code: textures.cloth(code, threads=72, seed=31, melange=0.06), tile_m=(0.5, 0.5)))
    materials.add("rug wool", Material(lambda: workshop_textures.stage_carpet("#B9AB95", seed=4), tile_m=(0.9, 0.9)))


def shell() -> Room:
    room = Room()
    room.add_mesh(plane(2 * HALF_X, 2 * HALF_Z), "concrete")
    room.add_mesh(plane(2 * HALF_X, 2 * HALF_Z).turned("z", 180), "ceiling", (0, HEIGHT, 0), light_detail=0.5)
    room.add_mesh(wall(2 * HALF_X, HEIGHT), "plaster", (0, 0, -HALF_Z), 180)
    room.add_mesh(wall(2 * HALF_Z, HEIGHT), "plaster", (-HALF_X, 0, 0), -90)
    low, high = DOOR_Z - 0.49, DOOR_Z + 0.49
    for start, end, bottom in ((-HALF_Z, low, 0.0), (high, HALF_Z, 0.0), (low, high, 2.09)):
        room.add_mesh(wall(end - start, HEIGHT - bottom), "plaster", (HALF_X, bottom, (start + end) / 2), 90)
    room.add(openings.door(), (HALF_X, 0, DOOR_Z), 90)
    south_wall(room)
    for x in FRAMES:
        room.add(timber.portal_frame(2 * HALF_Z, HEIGHT), (x, 0, 0))
    inner = np.linspace(-4.75, 4.75, 13)
    for x in BAYS:
        bay = 3.2 - 0.18 if abs(x) < 6 else 3.2 - 0.09
        room.add(timber.joists(bay, inner, HEIGHT), (x + np.sign(x) * (0.045 if abs(x) > 6 else 0), 0, 0), light_detail=0.9)
    path = [(HALF_X, low - 0.07), (HALF_X, -HALF_Z), (-HALF_X, -HALF_Z), (-HALF_X, HALF_Z), (HALF_X, HALF_Z), (HALF_X, high + 0.07)]
    room.add(openings.skirting(path), light_detail=0.5)
    return room


def south_wall(room: Room) -> None:
    thick = 0.2
    parts = [wall(2 * HALF_X, WINDOW_SILL), wall(2 * HALF_X, HEIGHT - WINDOW_HEAD).shifted((0, WINDOW_HEAD, 0))]
    edges = [-HALF_X] + [x + side * WINDOW_WIDTH / 2 for x in BAYS for side in (-1, 1)] + [HALF_X]
    for left, right in zip(edges[::2], edges[1::2]):
        parts.append(wall(right - left, WINDOW_HEAD - WINDOW_SILL).shifted(((left + right) / 2, WINDOW_SILL, 0)))
    room.add_mesh(joined(parts), "plaster", (0, 0, HALF_Z))
    height = WINDOW_HEAD - WINDOW_SILL
    for x in BAYS:
        at = (x, WINDOW_SILL, HALF_Z)
        room.add(openings.reveal(WINDOW_WIDTH, height, thick), at)
        room.add(openings.window(WINDOW_WIDTH, height, thick, mullions=1, casing="oak", transom=2.25), at)


def work_places(room: Room) -> None:
    room.add(workshop.workbench(), (0, 0, 0.6))
    for number, seat in enumerate(seats("bench")):
        room.add(workshop.bar_stool(), seat.position, seat.yaw_degrees + 17 * number)
    for (x, z), wool in zip(TABLES, ("wool sage", "wool sky", "wool sand", "wool blush")):
        room.add(tables.round_table(0.42, 1.06), (x, RUG_HEIGHT_M, z))
        room.add(round_rug(1.4, wool), (x, 0, z))
    for board in room_file.read(FOLDER / "room.ron", "boards"):
        room.add(boards.whiteboard(board.name, *board.size, wall_gap=0.05), board.position, board.yaw_degrees)
    for (x, y, z), yaw in board_lamps():
        room.add(board_lamp(), (x, y, z), yaw)
    for x, z, drop in PENDANTS:
        shade = "graphite" if abs(x) < 2 else "ceramic"
        room.add(lamps.dome_pendant(drop, 0.23 if abs(x) < 2 else 0.19, shade), (x, HEIGHT, z))
    top = 0.92
    room.add(workshop.paper_model(), (-1.1, top, 0.55), 8)
    room.add(workshop.laptop(), (0.95, top, 0.85), -6)
    room.add(small_things.notebook("book green"), (0.45, top, 0.9), -18)
    room.add(workshop.pencil_cup(), (0.15, top, 0.5))
    room.add(workshop.paper_roll(), (0.5, top, 0.32), 24)
    room.add(workshop.paper_roll(0.6, 0.028), (0.62, top, 0.24), 17)
    room.add(small_things.cup(), (1.35, top, 0.3), 50)
    room.add(small_things.book_stack(3, 5), (-0.35, top, 0.95), 20)
    for index, (x, z) in enumerate(TABLES):
        top = 1.06 + RUG_HEIGHT_M
        room.add(small_things.notebook(("book sand", "book blue")[index % 2]), (x + 0.12, top, z + 0.06), 35 + 80 * index)
        if index % 2:
            room.add(small_things.cup(), (x - 0.17, top, z - 0.08), 20 + 70 * index)


def round_rug(radius: float, wool: str) -> Model:
    """A round rug that marks the place of a group."""
    return Model().with_part(panel(ellipse(2 * radius, 2 * radius, 56), RUG_HEIGHT_M, 0.004, 2).shifted((0, RUG_HEIGHT_M, 0)), wool)


def board_lamps():
    """Where the lamps over the boards are: (position on the wall, yaw)."""
    lamps_at = []
    for board in room_file.read(FOLDER / "room.ron", "boards"):
        (x, _, z), yaw = board.position, np.radians(board.yaw_degrees)
        back = np.array([np.sin(yaw), np.cos(yaw)]) * 0.05
        lamps_at.append(((x + back[0], 2.42, z + back[1]), board.yaw_degrees))
    return lamps_at


def board_lamp(width: float = 1.9, reach: float = 0.34) -> Model:
    """A slim bar on two arms that lights a board from above; its origin is on the wall, it looks to -z."""
    bar = box((width, 0.035, 0.045), 0.008).shifted((0, 0, -reach))
    glow = box((width - 0.04, 0.006, 0.03), 0.002).shifted((0, -0.019, -reach))
    arms = [box((0.018, 0.018, reach), 0.003).shifted((x, 0.004, -reach / 2)) for x in (-width * 0.35, width * 0.35)]
    plates = [box((0.06, 0.06, 0.01), 0.003).shifted((x, 0.004, -0.005)) for x in (-width * 0.35, width * 0.35)]
    return Model().with_part(joined([bar, *arms, *plates]), "graphite", light_detail=0.6).with_part(glow, "lamp", light_detail=0.3)


def lounge(room: Room) -> None:
    room.add(surfaces.rug(3.1, 2.7, "rug wool"), (-5.75, 0, 4.0))
    height = RUG_HEIGHT_M
    room.add(seating.sofa(2.3, "felt green", cushions=("wool oat", "wool clay")), (-7.43, 0, 4.0), -90)
    for seat in seats("lounge"):
        room.add(workshop.armchair("wool oat"), (seat.position[0], height, seat.position[2]), seat.yaw_degrees)
    room.add(tables.round_table(0.42, 0.38, "walnut"), (-5.85, height, 4.0))
    room.add(small_things.book_stack(2, 8), (-5.98, 0.38 + height, 4.12), -25)
    room.add(plants.spray(3, height=0.4, pot_radius=0.06), (-5.72, 0.38 + height, 3.86))
    hanging(room)
    room.add(plants.fiddle_leaf(2.3, 2, 54, "ceramic", 0.24), (-7.5, 0, 5.45), 40)
    room.add(plants.fiddle_leaf(1.7, 7, 40, "clay", 0.21), (-7.55, 0, 1.35), 10)
    room.add(plants.fiddle_leaf(1.5, 9, 36, "ceramic", 0.21), (2.6, 0, 5.5), 120)
    room.add(plants.fiddle_leaf(1.9, 12, 42, "ceramic", 0.21), (7.55, 0, 5.5), 200)
    room.add(workshop.window_seat(), (0, 0, 5.6))


def hanging(room: Room) -> None:
    """The wall hanging over the sofa, on an oak rod."""
    cloth = rectangle(1.5, 1.05)
    rod = box((1.66, 0.03, 0.03), 0.012)
    model = Model().with_part(cloth.shifted((0, 0, -0.02)), "hanging").with_part(rod.shifted((0, 0.53, -0.02)), "oak")
    room.add(model, (-HALF_X, 1.82, 4.0), -90, light_detail=1.2)


def corners(room: Room) -> None:
    room.add(timber.glass_screen(2.1, 2.3, 2), (-6.95, 0, -3.2), 180)
    room.add(timber.glass_screen(2.8, 2.3, 3), (-4.93, 0, -4.6), 90)
    room.add(seating.bench(2.2, 0.6, cloth="felt green", cushions=("wool clay", "wool oat")), (-7.7, 0, -4.65), -90)
    room.add(tables.round_table(0.35, 0.72), (-6.65, 0, -4.65))
    room.add(small_things.cup(), (-6.55, 0.72, -4.5), 160)
    room.add(lamps.dome_pendant(1.5, 0.19, "ceramic"), (-6.65, HEIGHT, -4.65))
    room.add(surfaces.wainscot(2.7, 2.2, 3, "felt green"), (-6.45, 0.1, -HALF_Z), 180)
    room.add(tables.bookshelf(1.6, 2.2, 0.34, 6, seed=11, bays=2), (5.08, 0, -5.2), 90)
    room.add(tables.bookshelf(2.04, 2.2, 0.34, 6, seed=14, bays=2), (6.98, 0, -3.3), 180)
    for seat, cloth in zip(seats("book corner"), ("felt green", "wool oat")):
        room.add(workshop.armchair(cloth), seat.position, seat.yaw_degrees)
    room.add(lamps.dome_pendant(1.5, 0.19, "ceramic"), (6.7, HEIGHT, -4.75))
    room.add(tables.round_table(0.28, 0.5, "walnut"), (7.35, 0, -5.35))
    room.add(lamps.table_lamp(), (7.38, 0.5, -5.38))
    prints = Model().with_part(rectangle(0.62, 0.82).shifted((0, 0, -0.019)), "print")
    room.add(small_things.picture(0.66, 0.86, "paper") + prints, (HALF_X, 1.55, -4.6), 90)


def walls_with_things(room: Room) -> None:
    room.add(tables.bookshelf(2.6, 2.1, 0.38, 5, seed=21, bays=3), (0, 0, -5.81), 180)
    room.add(plants.trailing(4, length=0.7), (-0.95, 2.1, -5.8))
    room.add(plants.trailing(6, length=0.5, glaze="clay"), (7.6, 2.2, -3.3), 60)
    room.add(small_things.pot(0.12, 0.2), (0.9, 2.1, -5.82))
    room.add(tables.sideboard(1.8, 0.56, 0.92, doors=4), (7.72, 0, 2.1), 90)
    room.add(workshop.coffee_machine(), (7.74, 0.92, 2.55), 90)
    room.add(small_things.tray(), (7.68, 0.92, 1.95), 90)
    for index, (x, z) in enumerate(((7.62, 1.86), (7.76, 1.9), (7.64, 2.05))):
        room.add(small_things.cup(), (x, 0.93, z), 40 + 90 * index)
    room.add(plants.spray(8, height=0.5), (7.76, 0.92, 1.4))
    room.add(small_things.coat_hooks(4, 0.16), (HALF_X, 1.65, 3.3), 90)
    room.add(small_things.light_switch(), (HALF_X, 1.05, 3.45), 90)
    shelf = Model().with_part(box((1.5, 0.03, 0.24), 0.006).shifted((0, 0, -0.12)), "oak")
    room.add(shelf, (HALF_X, 1.5, 2.1), 90)
    for index in range(5):
        room.add(small_things.tumbler(), (7.86, 1.515, 1.6 + 0.1 * index))
    room.add(small_things.pot(0.07, 0.11, "clay"), (7.86, 1.515, 2.6))
    room.add(small_things.book_stack(3, 9), (7.87, 1.515, 2.35), 90)


def seats(prefix: str):
    """The seats of room.ron whose name starts with `prefix`."""
    return [seat for seat in room_file.read(FOLDER / "room.ron", "seats") if seat.name.startswith(prefix)]


def view() -> Model:
    """The garden, as one sees it through the windows."""
    picture = vista.traced(GARDEN, lambda: landscapes.garden(GARDEN_SUN), "garden 2", samples=16)
    clear()
    return vista.backdrop(vista.shown(vista.with_clouds(picture, GARDEN), 2.4), GARDEN, "garden", radius=24.0, ground=(-0.1, 4.0))


def model() -> Room:
    """Everything in the room."""
    own_materials()
    room = shell()
    work_places(room)
    lounge(room)
    corners(room)
    walls_with_things(room)
    room.add(view())
    return room


def light_up() -> None:
    """Sun, sky and lamps."""
    light.add_sun(SUN)
    light.set_sky((0.42, 0.62, 0.95), (0.85, 0.92, 1.0), (0.40, 0.44, 0.30), 7.0)
    for x in BAYS:
        light.add_portal(WINDOW_WIDTH, WINDOW_HEAD - WINDOW_SILL, (x, (WINDOW_SILL + WINDOW_HEAD) / 2, HALF_Z + 0.22), 0)
    for x, z, drop in PENDANTS + [(-6.65, -4.65, 1.5), (6.7, -4.75, 1.5)]:
        light.add_disc(0.16, (x, HEIGHT - drop + 0.03, z), 7.0, kelvin(3400))
    for (x, y, z), yaw in board_lamps():
        turn = np.radians(yaw)
        out = np.array([-np.sin(turn), 0.0, -np.cos(turn)])
        wide = (1.9, 0.03) if abs(out[2]) > 0.5 else (0.03, 1.9)
        light.add_area(*wide, tuple(np.array([x, y - 0.03, z]) + out * 0.34), 16.0, kelvin(4000), tuple(np.array([0, -0.93, 0]) - out * 0.37))
    light.add_point(0.05, (7.38, 0.68, -5.38), 3.0, kelvin(3000))


if __name__ == "__main__":
    make_room.main(__file__, FOLDER, model, light_up, SUN, VIEWS)
