"""Landscapes for `vista`: a garden and the sea, as Blender scenes in room space. They are traced, never shipped."""

from __future__ import annotations

import bpy
import numpy as np
from mathutils import Matrix

from .light import Sun, add_sun
from .room import blender_point
from .textures import linear, srgb


def open_sky(sun: Sun, strength: float, haze: float = 1.0) -> None:
    """Daylight sky with a sun (Nishita's model); the sun itself is a lamp, so that shadows are clean."""
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    sky = nodes.new("ShaderNodeTexSky")
    sky.sky_type, sky.sun_disc = "NISHITA", False
    sky.sun_elevation = np.radians(sun.elevation_degrees)
    # Blender's sky turns clockwise from +y, which is the room's -z.
    sky.sun_rotation = -np.radians(sun.yaw_degrees)
    sky.air_density, sky.dust_density, sky.ozone_density = 1.0, haze, 1.2
    links.new(sky.outputs["Color"], nodes["Background"].inputs["Color"])
    nodes["Background"].inputs["Strength"].default_value = strength


def garden(sun: Sun, seed: int = 3) -> None:
    """South of the room (+z): a terrace, a lawn with a path, beds of grasses, trees, a hedge, hills."""
    rng = np.random.default_rng(seed)
    open_sky(sun, 0.16, 1.2)
    add_sun(Sun(sun.yaw_degrees, sun.elevation_degrees, sun.color, 4.6), 0.6)
    _ground("lawn", _lawn_material(), (-90, -4.0), (90, 140), -0.12)
    _ground("terrace", _noisy("stone", "#B9B0A1", "#A09685", 0.8, 30.0), (-40, -4.0), (40, 9.4), -0.08)
    _path(rng)
    _hills(rng)
    leaf_tones = [("#5F7F3E", "#87A552"), ("#6C8C45", "#9AB463"), ("#54743F", "#76955A"), ("#7C9558", "#A8BC78")]
    trees = [_tree(rng, index, *tones) for index, tones in enumerate(leaf_tones)]
    spots = [(-17, 23, 1.1), (-9.5, 29, 1.25), (13, 24, 1.15), (21, 31, 1.3), (5.5, 37, 1.2), (-26, 34, 1.4), (31, 24, 1.2),
             (-33, 22, 1.15), (-3, 44, 1.3), (14, 45, 1.4), (-16, 46, 1.4), (28, 46, 1.5), (-40, 40, 1.5), (42, 38, 1.5)]
    for index, (x, z, size) in enumerate(spots):
        _copy(trees[(index * 7 + 1) % len(trees)], (x, -0.15, z), rng.uniform(0, 360), size * rng.uniform(0.92, 1.08))
    # The edge of a wood behind the hedge.
    for _ in range(70):
        at = (rng.uniform(-85, 85), -0.15, rng.uniform(50, 78))
        _copy(trees[rng.integers(len(trees))], at, rng.uniform(0, 360), rng.uniform(1.2, 1.7))
    for tree in trees:
        tree.hide_render = True
        for child in tree.children:
            child.hide_render = True
    _hedge(rng)
    _beds(rng)


def sea(sun: Sun, seed: int = 4) -> None:
    """East of the room (+x): open water under an evening sky, a headland, islands; the eye is 3 m over the room's floor."""
    open_sky(sun, 0.15, 2.0)
    add_sun(Sun(sun.yaw_degrees, sun.elevation_degrees, sun.color, 2.6), 1.0)
    _water(-16.0)
    rng = np.random.default_rng(seed)
    _coast(rng)


def _material(name: str, color, roughness: float):
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = made.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*color, 1)
    shader.inputs["Roughness"].default_value = roughness
    return made


def _noisy(name: str, dark: str, light: str, roughness: float, scale: float):
    """Two tones mixed by noise of the place."""
    made = _material(name, (0, 0, 0), roughness)
    nodes, links = made.node_tree.nodes, made.node_tree.links
    place, grain, ramp = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeTexNoise"), nodes.new("ShaderNodeValToRGB")
    grain.inputs["Scale"].default_value, grain.inputs["Detail"].default_value = scale, 8.0
    ramp.color_ramp.elements[0].position, ramp.color_ramp.elements[1].position = 0.35, 0.68
    ramp.color_ramp.elements[0].color = (*linear(srgb(dark)), 1)
    ramp.color_ramp.elements[1].color = (*linear(srgb(light)), 1)
    links.new(place.outputs["Object"], grain.inputs["Vector"])
    links.new(grain.outputs["Fac"], ramp.inputs["Fac"])
    links.new(ramp.outputs["Color"], nodes["Principled BSDF"].inputs["Base Color"])
    return made


def _lawn_material():
    return _noisy("lawn", "#55703A", "#7F9850", 0.9, 0.35)


def _leaf_material(name: str, dark: str, light: str):
    """Leaves that let a third of the light through."""
    made = _noisy(name, dark, light, 0.55, 1.4)
    nodes, links = made.node_tree.nodes, made.node_tree.links
    shader, through, mix = nodes["Principled BSDF"], nodes.new("ShaderNodeBsdfTranslucent"), nodes.new("ShaderNodeMixShader")
    mix.inputs[0].default_value = 0.38
    links.new(shader.inputs["Base Color"].links[0].from_socket, through.inputs["Color"])
    links.new(shader.outputs[0], mix.inputs[1])
    links.new(through.outputs[0], mix.inputs[2])
    links.new(mix.outputs[0], nodes["Material Output"].inputs["Surface"])
    return made


def _object(name: str, points, faces, material):
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([blender_point(point) for point in points], [], faces)
    mesh.materials.append(material)
    made = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(made)
    return made


def _ground(name: str, material, low, high, y: float):
    (x0, z0), (x1, z1) = low, high
    _object(name, [(x0, y, z1), (x1, y, z1), (x1, y, z0), (x0, y, z0)], [(0, 1, 2, 3)], material)


def _path(rng) -> None:
    """Stepping stones from the terrace into the garden."""
    points, faces = [], []
    for index in range(16):
        z = 10.0 + index * 1.15
        x = 1.5 + 2.2 * np.sin(index * 0.33) + rng.normal(0, 0.05)
        angles = np.linspace(0, 2 * np.pi, 9, endpoint=False) + rng.uniform(0, 1)
        radii = rng.uniform(0.36, 0.5) * rng.uniform(0.85, 1.1, 9)
        first = len(points)
        points += [(x + 1.3 * r * np.cos(a), -0.07, z + 0.8 * r * np.sin(a)) for a, r in zip(angles, radii)]
        faces.append(tuple(range(first, first + 9))[::-1])
    _object("path", points, faces, _noisy("path stone", "#A79E8F", "#C4BBAA", 0.8, 6.0))


def _hills(rng) -> None:
    """Three ridges that pale with distance."""
    for index, (z, height, tone) in enumerate(((110, 9.5, "#8AA07C"), (220, 24, "#A3B5AC"), (420, 52, "#B9C8CC"))):
        x = np.linspace(-5 * z, 5 * z, 200)
        ridge = sum(np.sin(x / z * k * rng.uniform(1.2, 2.2) + rng.uniform(0, 6)) / k for k in (1, 2, 4, 9, 19))
        top = height * (0.62 + 0.24 * ridge)
        points = [(px, y, z + 0.0) for px, t in zip(x, top) for y in (-2.0, t)]
        faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(x) - 1)]
        _object(f"hill {index}", points, faces, _noisy(f"hill {index}", tone, tone, 1.0, 0.05))


def _leaves(rng, centres, size: float, name: str, material):
    """A small bent quad at each of `centres` (n, 3), turned at random but mostly up."""
    n = len(centres)
    normal = rng.normal(0, 0.75, (n, 3)) + [0, 0.75, 0.0]
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    side = np.cross(normal, rng.normal(0, 1, (n, 3)))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    along = np.cross(normal, side)
    scale = (size * rng.uniform(0.7, 1.3, n))[:, None]
    corners = np.stack([centres - along * scale, centres + side * scale * 0.45, centres + along * scale, centres - side * scale * 0.45], axis=1)
    points = corners.reshape(-1, 3)
    faces = np.arange(4 * n).reshape(n, 4)
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(4 * n)
    mesh.vertices.foreach_set("co", (points * [1, 1, 1] @ np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])).astype(np.float32).ravel())
    mesh.loops.add(4 * n)
    mesh.loops.foreach_set("vertex_index", faces.astype(np.int32).ravel())
    mesh.polygons.add(n)
    mesh.polygons.foreach_set("loop_start", np.arange(0, 4 * n, 4, dtype=np.int32))
    mesh.update(calc_edges=True)
    mesh.materials.append(material)
    made = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(made)
    return made


def _tree(rng, index: int, dark: str, light: str):
    """A broad tree about 8 m high: a trunk, boughs, and clouds of leaves at their ends."""
    from .shapes import bend, tube
    from .mesh import joined

    height, spread = rng.uniform(7.0, 9.0), rng.uniform(2.6, 3.4)
    boughs, clouds = [], []
    fork = height * rng.uniform(0.24, 0.32)
    boughs.append(tube(bend([(0, -0.3, 0), (0.06, fork * 0.5, 0.03), (0.0, fork, 0.0)], 4), np.linspace(0.26, 0.19, 9), 10, caps=False))
    for k in range(9):
        turn = k * 2.4 + rng.uniform(-0.4, 0.4)
        out = spread * rng.uniform(0.35, 0.95) * (1.0 if k < 6 else 0.45)
        rise = height * (rng.uniform(0.52, 0.78) if k < 6 else rng.uniform(0.8, 0.95))
        tip = np.array([np.cos(turn) * out, rise, np.sin(turn) * out])
        path = bend([(0, fork * 0.9, 0), tip * [0.4, 0.55, 0.4] + [0, fork * 0.35, 0], tip], 5)
        boughs.append(tube(path, np.linspace(0.11, 0.02, len(path)), 6, caps=False))
        for _ in range(3):
            clouds.append((tip + rng.normal(0, 0.55, 3) * [1, 0.6, 1], rng.uniform(0.8, 1.35)))
    wood = joined(boughs)
    faces = [tuple(wood.corners[a:b]) for a, b in zip(wood.starts, wood.starts[1:])]
    trunk = _object(f"tree {index}", wood.points, faces, _noisy(f"trunk {index}", "#5B4A3B", "#7B6853", 0.9, 4.0))
    centres = []
    for middle, radius in clouds:
        direction = rng.normal(0, 1, (520, 3))
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        centres.append(middle + direction * (radius * rng.uniform(0.55, 1.0, 520) ** 0.6)[:, None] * [1, 0.72, 1])
    crown = _leaves(rng, np.concatenate(centres), 0.15, f"crown {index}", _leaf_material(f"leaves {index}", dark, light))
    crown.parent = trunk
    return trunk


def _copy(tree, at, turn_degrees: float, size: float) -> None:
    place = Matrix.Translation(blender_point(at)) @ Matrix.Rotation(np.radians(turn_degrees), 4, "Z") @ Matrix.Scale(size, 4)
    for source in (tree, *tree.children):
        copy = bpy.data.objects.new(source.name, source.data)
        copy.matrix_world = place
        bpy.context.scene.collection.objects.link(copy)


def _hedge(rng) -> None:
    """A clipped hedge behind the lawn, with a gap where the path leads on."""
    for start, end in ((-46, 1.0), (5.0, 46)):
        n = int((end - start) * 900)
        centres = np.stack([rng.uniform(start, end, n), rng.uniform(-0.1, 1.5, n), 33 + rng.uniform(-0.5, 0.5, n)], axis=1)
        _leaves(rng, centres, 0.085, "hedge", _leaf_material("hedge", "#3F5A34", "#5F7C48"))


def _beds(rng) -> None:
    """Grasses and low flowers along the terrace and under the trees."""
    grass = _leaf_material("grass", "#7C8B4F", "#B3B878")
    points, faces = [], []
    clumps = [(rng.uniform(-24, 24), rng.uniform(9.9, 12.2)) for _ in range(210)]
    clumps = [(x, z) for x, z in clumps if abs(x - 1.5) > 1.6]
    clumps += [(rng.normal(cx, 1.6), rng.normal(cz, 1.2)) for cx, cz in ((-17, 22), (13, 22.5), (-9.5, 27), (21, 29), (-33, 21)) for _ in range(26)]
    for x, z in clumps:
        tall = rng.uniform(0.35, 0.85)
        for _ in range(42):
            turn, lean = rng.uniform(0, 2 * np.pi), rng.uniform(0.05, 0.42) * tall
            foot = np.array([x + rng.normal(0, 0.09), -0.12, z + rng.normal(0, 0.09)])
            out = np.array([np.cos(turn), 0, np.sin(turn)])
            side = np.array([-out[2], 0, out[0]]) * 0.008
            middle = foot + out * lean * 0.35 + [0, tall * 0.6, 0]
            tip = foot + out * lean + [0, tall * rng.uniform(0.8, 1.0), 0]
            first = len(points)
            points += [foot - side, foot + side, middle + side, middle - side, tip]
            faces += [(first, first + 1, first + 2, first + 3), (first + 3, first + 2, first + 4)]
    _object("grasses", points, faces, grass)
    for tone, count in (("#C9B8D6", 900), ("#E9E2CF", 900), ("#C98A6C", 350)):
        x = rng.uniform(-24, 24, count)
        centres = np.stack([x, rng.uniform(0.15, 0.6, count), rng.uniform(9.9, 12.4, count)], axis=1)
        centres = centres[np.abs(x - 1.5) > 1.6]
        _leaves(rng, centres, 0.055, "flowers", _material(f"flower {tone}", linear(srgb(tone)), 0.8))


def _water(level: float) -> None:
    """A sea whose waves flatten out with distance."""
    made = _material("water", (0.012, 0.05, 0.075), 0.08)
    nodes, links = made.node_tree.nodes, made.node_tree.links
    shader = nodes["Principled BSDF"]
    shader.inputs["IOR"].default_value = 1.33
    place = nodes.new("ShaderNodeTexCoord")
    bump = None
    for scale, strength, distance in ((0.035, 0.55, 2.5), (0.22, 0.4, 0.5), (1.4, 0.3, 0.08)):
        waves, node = nodes.new("ShaderNodeTexNoise"), nodes.new("ShaderNodeBump")
        waves.inputs["Scale"].default_value, waves.inputs["Detail"].default_value = scale, 5.0
        stretch = nodes.new("ShaderNodeMapping")
        stretch.inputs["Scale"].default_value = (1.6, 0.7, 1.0)
        links.new(place.outputs["Object"], stretch.inputs["Vector"])
        links.new(stretch.outputs["Vector"], waves.inputs["Vector"])
        node.inputs["Strength"].default_value, node.inputs["Distance"].default_value = strength, distance
        links.new(waves.outputs["Fac"], node.inputs["Height"])
        if bump is not None:
            links.new(bump.outputs["Normal"], node.inputs["Normal"])
        bump = node
    links.new(bump.outputs["Normal"], shader.inputs["Normal"])
    reach = 40_000.0
    points = [(-2000, level, reach), (reach, level, reach), (reach, level, -reach), (-2000, level, -reach)]
    _object("water", points, [(0, 1, 2, 3)], made)


def _coast(rng) -> None:
    """A wooded headland to the right, and two low islands that pale with distance."""
    for name, x0, x1, z0, z1, height, tone in (
        ("headland", 330, 1500, 520, 900, 42, "#66785A"), ("far cape", 1500, 3800, 1500, 2600, 120, "#8699A0"),
        ("island", 2100, 2700, -1250, -350, 55, "#7F939B"), ("far island", 5200, 6000, -3600, -1400, 130, "#A3B3BC"),
    ):
        columns = 90
        t = np.linspace(0, 1, columns)
        rows = np.linspace(-1, 1, 9)
        ridge = sum(np.sin(t * 2 * np.pi * k + rng.uniform(0, 6)) / k for k in (1.3, 2.1, 5.3, 11.7))
        fall = np.clip(np.minimum(t, 1 - t) * 5, 0, 1) ** 0.7
        top = height * fall * (0.72 + 0.2 * ridge)
        middle = np.stack([x0 + (x1 - x0) * t, np.zeros(columns), z0 + (z1 - z0) * t], axis=1)
        across = np.array([z1 - z0, 0, -(x1 - x0)]) / np.hypot(x1 - x0, z1 - z0) * height * 1.6
        points = [middle[i] + across * r + [0, -18 + (top[i] + 2) * (1 - abs(r) ** 2.2) + rng.normal(0, 0.055) * top[i] * (abs(r) < 0.9), 0]
                  for i in range(columns) for r in rows]
        faces = [(9 * i + j, 9 * i + j + 1, 9 * i + j + 10, 9 * i + j + 9) for i in range(columns - 1) for j in range(8)]
        _object(name, points, faces, _noisy(name, tone, tone, 1.0, 0.02))
