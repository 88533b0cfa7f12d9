"""Where everything in the Auditorium is, and its room.ron.

Pure geometry in the room's space (metres, y up, yaw 0 looks along -z): `auditorium.py` models from the same
numbers, so chairs stand where people sit. Run this file to write `assets/rooms/auditorium/room.ron`.
"""

from math import asin, cos, degrees, radians, sin, sqrt, tan
from pathlib import Path

# The room.
HALF_WIDTH = 10.0
FRONT_Z, BACK_Z = -12.0, 9.6
HEIGHT = 7.4

# The rows are arcs about one vertical axis behind the stage.
FOCUS_Z = -14.2
ROWS = 8
FIRST_ROW_RADIUS = 13.0
ROW_PITCH = 1.1
ROW_RISE = 0.3
SEAT_PITCH = 0.6
CENTRE_SEATS, SIDE_SEATS = 11, 7
AISLE = 1.3
# From a row's hips to the edge of its tier, which is right behind the seats of the row in front.
TIER_FRONT = 0.8
HIP_HEIGHT = 0.45

CENTRE_HALF = CENTRE_SEATS * SEAT_PITCH / 2
SIDE_START = CENTRE_HALF + AISLE
SIDE_END = SIDE_START + SIDE_SEATS * SEAT_PITCH

# The stage.
STAGE_HALF_WIDTH = 5.5
STAGE_FRONT_Z = -5.5
STAGE_HEIGHT = 0.6
STEP_RISE, STEP_TREAD = 0.15, 0.32
STEPS_X = (-5.5, -3.9)
RAMP_X = (5.5, 6.9)
RAMP_Z = (-4.7, -10.7)

SCREEN = dict(position=(0.0, 4.6, -11.9), yaw=180.0, size=(7.2, 4.05))
BOARD = dict(position=(4.4, 2.1, -9.9), yaw=150.0, size=(2.4, 1.2))
LECTERN = dict(position=(-4.5, STAGE_HEIGHT, -7.3), yaw=160.0)
TALK_CHAIRS = [((-0.95, STAGE_HEIGHT, -8.4), -160.0), ((0.95, STAGE_HEIGHT, -8.4), 160.0)]
TALK_TABLE = (0.0, STAGE_HEIGHT, -8.15)

# Between these z, the east wall is glass.
GLASS_Z = (-6.6, 8.6)
DOORS_X = (-6.0, 6.0)
DOOR_SIZE = (1.8, 2.2)
GANGWAY_HEIGHT = ROW_RISE * (ROWS - 1)


def row_radius(row):
    """Radius of the arc that the hips of a row are on; row 0 is the front one."""
    return FIRST_ROW_RADIUS + ROW_PITCH * row


def tier_radius(row):
    """Radius of the front edge of a row's tier."""
    return row_radius(row) - TIER_FRONT


def on_arc(radius, arc):
    """x and z of the point at `arc` metres from the middle, positive to the east, and its yaw in degrees."""
    angle = arc / radius
    return radius * sin(angle), FOCUS_Z + radius * cos(angle), degrees(angle)


def seat_arcs():
    """Arc positions of a row's seats, from west to east."""
    centre = [(index - (CENTRE_SEATS - 1) / 2) * SEAT_PITCH for index in range(CENTRE_SEATS)]
    east = [SIDE_START + (index + 0.5) * SEAT_PITCH for index in range(SIDE_SEATS)]
    return [-arc for arc in reversed(east)] + centre + east


def audience_seats():
    """(name, position of the feet, yaw) of each seat, row by row from the front, from west to east."""
    seats = []
    for row in range(ROWS):
        for number, arc in enumerate(seat_arcs(), 1):
            x, z, yaw = on_arc(row_radius(row), arc)
            seats.append((f"{chr(ord('A') + row)}{number}", (x, row * ROW_RISE, z), yaw))
    return seats


def wall_arc(radius):
    """Arc from the middle to the side walls."""
    return radius * asin(min(1.0, HALF_WIDTH / radius))


def arc_box(name, radii, arcs, heights, material):
    """A box that covers a piece of a ring: `radii` inner and outer, `arcs` at the inner radius, `heights` y."""
    inner, outer = radii
    x, z, yaw = on_arc((inner + outer) / 2, (arcs[0] + arcs[1]) / 2 * (inner + outer) / 2 / inner)
    half_angle = (arcs[1] - arcs[0]) / inner / 2
    # The chord's corners lie as far behind the arc as its middle lies before it.
    chord = 2 * outer * tan(half_angle)
    size = (chord, heights[1] - heights[0], outer - inner)
    return solid(name, (x, (heights[0] + heights[1]) / 2, z), size, material, yaw)


def solid(name, position, size, material=None, yaw=0.0, shape="Box"):
    turn = f" yaw_degrees: {number(yaw)}," if yaw else ""
    made_of = f", material: {material}" if material else ""
    return f'(name: "{name}", position: {point(position)},{turn} shape: {shape}(size: {point(size)}){made_of}),'


def number(value):
    return f"{round(value, 3) + 0.0:g}"


def point(values):
    return f"({', '.join(number(value) for value in values)})"


def tier_solids():
    """The raked floor: each tier is a fan of boxes from the floor to its height, buried under the next tier."""
    lines = []
    for row in range(1, ROWS):
        inner = tier_radius(row)
        depth = ROW_PITCH + 0.4 if row < ROWS - 1 else 6.4
        end = wall_arc(inner)
        pieces = 9
        for piece in range(pieces):
            arcs = [end * (2 * (piece + side) / pieces - 1) for side in (0, 1)]
            name = f"tier {row + 1} part {piece + 1}"
            lines.append(arc_box(name, (inner, inner + depth), arcs, (0.0, row * ROW_RISE), "Fabric"))
    return lines


def aisle_arcs(radius):
    """Arcs of the four aisles; those at the walls end there."""
    wall = wall_arc(radius)
    return [(-wall, -SIDE_END), (-SIDE_START, -CENTRE_HALF), (CENTRE_HALF, SIDE_START), (SIDE_END, wall)]


def half_step_solids():
    """A step of half the rise before each tier in each aisle."""
    lines = []
    for row in range(1, ROWS):
        inner, outer = tier_radius(row) - ROW_PITCH / 2, tier_radius(row)
        heights = ((row - 1) * ROW_RISE, (row - 0.5) * ROW_RISE)
        for index, arcs in enumerate(aisle_arcs(inner)):
            name = f"step {row} of aisle {index + 1}"
            lines.append(arc_box(name, (inner, outer), arcs, heights, "Fabric"))
    return lines


def seat_solids():
    """One box for a few seats side by side, from cushion to backrest."""
    lines = []
    side_pieces = [(SIDE_START + a * SEAT_PITCH, SIDE_START + b * SEAT_PITCH) for a, b in ((0, 4), (4, 7))]
    centre_pieces = [(-CENTRE_HALF + a * SEAT_PITCH, -CENTRE_HALF + b * SEAT_PITCH) for a, b in ((0, 4), (4, 7), (7, 11))]
    pieces = [(-b, -a) for a, b in reversed(side_pieces)] + centre_pieces + side_pieces
    for row in range(ROWS):
        radius, floor = row_radius(row), row * ROW_RISE
        for index, arcs in enumerate(pieces):
            # `arcs` are at the hips.
            inner, outer = radius - 0.24, radius + 0.28
            at_inner = [arc * inner / radius for arc in arcs]
            name = f"row {chr(ord('A') + row)} part {index + 1}"
            lines.append(arc_box(name, (inner, outer), at_inner, (floor, floor + 0.84), "Fabric"))
    return lines


def stage_solids():
    west, east = -STAGE_HALF_WIDTH, STAGE_HALF_WIDTH
    depth = STAGE_FRONT_Z - FRONT_Z
    middle_z = (STAGE_FRONT_Z + FRONT_Z) / 2
    lines = [solid("stage", (0, STAGE_HEIGHT / 2, middle_z), (east - west, STAGE_HEIGHT, depth), "Wood")]
    x, width = sum(STEPS_X) / 2, STEPS_X[1] - STEPS_X[0]
    for step in (1, 2, 3):
        z = STAGE_FRONT_Z + (3.5 - step) * STEP_TREAD
        height = step * STEP_RISE
        lines.append(solid(f"stage step {step}", (x, height / 2, z), (width, height, STEP_TREAD), "Wood"))
    x, width = sum(RAMP_X) / 2, RAMP_X[1] - RAMP_X[0]
    length = RAMP_Z[0] - RAMP_Z[1]
    middle = (x, STAGE_HEIGHT / 2, sum(RAMP_Z) / 2)
    lines.append(solid("stage ramp", middle, (width, STAGE_HEIGHT, length), "Wood", shape="Ramp"))
    landing = RAMP_Z[1] - FRONT_Z
    middle = (x, STAGE_HEIGHT / 2, (RAMP_Z[1] + FRONT_Z) / 2)
    lines.append(solid("ramp landing", middle, (width, STAGE_HEIGHT, landing), "Wood"))
    return lines


def rail_solids():
    """The ramp's handrail: what stops people grows with the ramp."""
    lines = []
    pieces = 3
    length = (RAMP_Z[0] - RAMP_Z[1]) / pieces
    for piece in range(pieces):
        height = STAGE_HEIGHT * (piece + 0.5) / pieces + 0.9
        z = RAMP_Z[0] - (piece + 0.5) * length
        name = f"ramp rail {piece + 1}"
        lines.append(solid(name, (RAMP_X[1] + 0.03, height / 2, z), (0.06, height, length), "Metal"))
    z, height = (RAMP_Z[1] + FRONT_Z) / 2, STAGE_HEIGHT + 0.9
    lines.append(solid("landing rail", (RAMP_X[1] + 0.03, height / 2, z), (0.06, height, RAMP_Z[1] - FRONT_Z), "Metal"))
    return lines


def wall_solids():
    middle_z, length = (FRONT_Z + BACK_Z) / 2, BACK_Z - FRONT_Z
    width, half = 2 * HALF_WIDTH, HEIGHT / 2
    west, east = -HALF_WIDTH - 0.15, HALF_WIDTH + 0.15
    glass_start, glass_end = GLASS_Z
    door_width, door_height = DOOR_SIZE
    door_top = GANGWAY_HEIGHT + door_height
    back = BACK_Z + 0.15
    lines = [
        solid("floor", (0, -0.1, middle_z), (width + 0.6, 0.2, length + 0.6), "Wood"),
        solid("ceiling", (0, HEIGHT + 0.1, middle_z), (width + 0.6, 0.2, length + 0.6)),
        solid("stage wall", (0, half, FRONT_Z - 0.15), (width + 0.6, HEIGHT, 0.3), "Wood"),
        solid("west wall", (west, half, middle_z), (0.3, HEIGHT, length), "Wood"),
        solid("east wall by the stage", (east, half, (FRONT_Z + glass_start) / 2), (0.3, HEIGHT, glass_start - FRONT_Z), "Wood"),
        solid("east windows", (east, half, (glass_start + glass_end) / 2), (0.3, HEIGHT, glass_end - glass_start), "Glass"),
        solid("east wall by the doors", (east, half, (BACK_Z + glass_end) / 2), (0.3, HEIGHT, BACK_Z - glass_end), "Wood"),
        solid("back wall under the doors", (0, GANGWAY_HEIGHT / 2, back), (width + 0.6, GANGWAY_HEIGHT, 0.3)),
        solid("back wall over the doors", (0, (door_top + HEIGHT) / 2, back), (width + 0.6, HEIGHT - door_top, 0.3)),
    ]
    edges = [-HALF_WIDTH - 0.3]
    for x in DOORS_X:
        edges += [x - door_width / 2, x + door_width / 2]
    edges.append(HALF_WIDTH + 0.3)
    middle_y = GANGWAY_HEIGHT + door_height / 2
    for name, left, right in zip(("west", "middle", "east"), edges[::2], edges[1::2]):
        lines.append(solid(f"back wall {name}", ((left + right) / 2, middle_y, back), (right - left, door_height, 0.3)))
    for name, x in zip(("west", "east"), DOORS_X):
        lines.append(solid(f"door {name}", (x, middle_y, back), (door_width, door_height, 0.1), "Wood"))
    return lines


def furniture_solids():
    board_x, _, board_z = BOARD["position"]
    x, y, z = LECTERN["position"]
    lines = [
        solid("lectern", (x, y + 0.57, z), (0.62, 1.14, 0.46), "Wood", LECTERN["yaw"]),
        solid("whiteboard stand", (board_x, STAGE_HEIGHT + 0.95, board_z - 0.04), (2.5, 1.9, 0.1), "Metal", BOARD["yaw"]),
    ]
    for index, ((x, y, z), yaw) in enumerate(TALK_CHAIRS):
        # A chair's middle is a little behind the hips.
        back_x, back_z = sin(radians(yaw)) * 0.05, cos(radians(yaw)) * 0.05
        lines.append(solid(f"talk chair {index + 1}", (x + back_x, y + 0.38, z + back_z), (0.7, 0.76, 0.66), "Fabric", yaw))
    x, y, z = TALK_TABLE
    lines.append(
        f'(name: "talk table", position: {point((x, y + 0.23, z))}, shape: Cylinder(radius: 0.26, height: 0.46), material: Wood),'
    )
    return lines + rail_solids()


def spawn_lines():
    """By the doors, on the gangway behind the rows: facing the stage."""
    spawns = []
    for z in (8.9, 7.9):
        for index in range(9):
            spawns.append((-8.4 + index * 2.1 + (0.0 if z > 8.5 else 0.3), z))
    spawns += [(-9.2, 6.7), (-8.0, 6.7), (8.0, 6.7), (9.2, 6.7)]
    lines = []
    # The first to come is in the middle of the room's sight.
    for x, z in sorted(spawns, key=lambda spawn: (abs(abs(spawn[0]) - 6.0), spawn)):
        yaw = degrees(asin(x / sqrt(x * x + (z + 8.0) ** 2)))
        lines.append(f"(position: {point((x, GANGWAY_HEIGHT, z))}, yaw_degrees: {number(yaw)}),")
    return lines


def seat_lines():
    lines = ["// The rows, from the front; in each from west to east."]
    lines += [seat_line(name, position, yaw) for name, position, yaw in audience_seats()]
    lines.append("// On the stage.")
    names = ("talk 1", "talk 2")
    lines += [seat_line(name, position, yaw, 0.42) for name, (position, yaw) in zip(names, TALK_CHAIRS)]
    return lines


def seat_line(name, position, yaw, hips=HIP_HEIGHT):
    return f'(name: "{name}", position: {point(position)}, yaw_degrees: {number(yaw)}, hip_height_m: {hips}),'


def surface_line(name, surface):
    return (
        f'(name: "{name}", position: {point(surface["position"])}, yaw_degrees: {number(surface["yaw"])}, '
        f'size: {point(surface["size"])}),'
    )


def section(name, lines):
    body = "\n".join(f"        {line}" for line in lines)
    return f"    {name}: [\n{body}\n    ],"


HEADER = """\
// An auditorium of 20 × 21.6 × 7.4 m: a stage and 200 seats. Written by `assets/source/auditorium_layout.py`: change it there.
// Metres, y up. The stage is in the north (−z), the sea in the east (+x); one comes in by the doors in the south,
// on the gangway behind the last row. The rows are arcs about x 0, z {focus}.
Room(
    title: "Auditorium",
    bounds: (min: (-10, 0, -12), max: (10, 7.4, 9.6)),
"""

ACOUSTICS = "    acoustics: (reverb_secs: 0.8, reflection: 0.2, speech_distance_m: 2, air_absorption: true),"


def stage_zone():
    low = (-STAGE_HALF_WIDTH, 0.4, FRONT_Z)
    high = (STAGE_HALF_WIDTH, 4.0, STAGE_FRONT_Z)
    return f'(name: "Stage", min: {point(low)}, max: {point(high)}, stage: true),'


def room_ron():
    """The text of room.ron, without the looks."""
    parts = [
        HEADER.format(focus=number(FOCUS_Z)),
        section("spawns", spawn_lines()),
        section("seats", seat_lines()),
        section("boards", [surface_line("Whiteboard", BOARD)]),
        section("screens", [surface_line("Screen", SCREEN)]),
        section("zones", [stage_zone()]),
        section("walls", wall_solids() + tier_solids() + half_step_solids() + stage_solids()),
        section("furniture", seat_solids() + furniture_solids()),
        ACOUSTICS,
    ]
    return "\n".join(parts) + "\n)\n"


def write():
    """Writes room.ron but keeps its looks, which `auditorium.py` makes."""
    path = Path(__file__).parents[1] / "rooms" / "auditorium" / "room.ron"
    looks = path.read_text(encoding="utf-8").partition("\n    // From here on made by ")
    text = room_ron()
    if looks[1]:
        text = text.rstrip().removesuffix(")").rstrip() + "\n" + looks[1] + looks[2]
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
