"""A city as seen from a high floor: modelled from blocks, towers, a park and a river, traced as a panorama."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np

from . import cycles, materials, textures
from .light import Sun, add_sun, set_sky
from .mesh import Builder, Mesh, joined
from .room import blender_point, clear
from .shapes import lathe
from .textures import encoded, noise

FLOOR_HEIGHT_M = 62.0
_STREET_M, _BLOCK_M, _REACH_M = 13.0, 54.0, 2600.0
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "atrium-assets"


@dataclass(frozen=True)
class View:
    """Where one looks: `yaw_degrees` is the middle of the picture, spans are in degrees, `width` in pixels."""

    yaw_degrees: float = 180.0
    span_degrees: float = 176.0
    up_degrees: float = 46.0
    down_degrees: float = 42.0
    width: int = 4096

    @property
    def height(self) -> int:
        """Rows of the picture."""
        return int(self.width * (self.up_degrees + self.down_degrees) / self.span_degrees) // 8 * 8


def traced(view: View, sun: Sun, seed: int = 5, samples: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Light of the city without haze (h, w, 3) and distance in metres (h, w), infinite where there is sky.

    Empties Blender. Kept in the user's cache, since it takes minutes.
    """
    made_from = repr((view, sun.yaw_degrees, seed, samples)).encode() + Path(__file__).read_bytes()
    cache = _CACHE / f"city-{hashlib.sha256(made_from).hexdigest()[:16]}.npy"
    if not cache.exists():
        color, distance = _trace(view, sun, seed, samples)
        cache.parent.mkdir(parents=True, exist_ok=True)
        part = cache.with_suffix(".part.npy")
        np.save(part, np.concatenate([color, distance[..., None]], axis=2).astype(np.float16))
        os.replace(part, cache)
    both = np.load(cache).astype(float)
    return both[..., :3], both[..., 3]


def _trace(view: View, sun: Sun, seed: int, samples: int):
    clear()
    _build_city(np.random.default_rng(seed))
    evening = Sun(sun.yaw_degrees + 18.0, 14.0, (1.0, 0.66, 0.40), 3.4)
    add_sun(evening, 2.0)
    set_sky((0.34, 0.44, 0.60), (0.95, 0.74, 0.58), (0.12, 0.11, 0.10), 1.0)
    scene = cycles.prepare(samples, bounces=3)
    bpy.context.view_layer.use_pass_z = True
    camera = bpy.data.objects.new("view", bpy.data.cameras.new("view"))
    scene.collection.objects.link(camera)
    camera.data.type, camera.data.clip_end = "PANO", 20000.0
    camera.data.panorama_type = "EQUIRECTANGULAR"
    half = np.radians(view.span_degrees / 2)
    camera.data.longitude_min, camera.data.longitude_max = -half, half
    camera.data.latitude_min, camera.data.latitude_max = -np.radians(view.down_degrees), np.radians(view.up_degrees)
    camera.location = blender_point((0, FLOOR_HEIGHT_M + 1.6, 0))
    camera.rotation_euler = (np.pi / 2, 0, np.radians(view.yaw_degrees))
    scene.camera = camera
    scene.render.resolution_x, scene.render.resolution_y = view.width, view.height
    scene.render.film_transparent = True
    return _color_and_depth(scene)


def _color_and_depth(scene):
    scene.use_nodes = True
    nodes, links = scene.node_tree.nodes, scene.node_tree.links
    nodes.clear()
    layers, out, composite = (nodes.new(f"CompositorNode{kind}") for kind in ("RLayers", "OutputFile", "Composite"))
    with tempfile.TemporaryDirectory() as folder:
        out.base_path = folder
        out.format.file_format, out.format.color_depth = "OPEN_EXR", "32"
        out.file_slots[0].path = "color"
        out.file_slots.new("depth")
        links.new(layers.outputs["Image"], out.inputs[0])
        links.new(layers.outputs["Depth"], out.inputs[1])
        links.new(layers.outputs["Image"], composite.inputs[0])
        scene.render.image_settings.file_format = "PNG"
        scene.render.filepath = str(Path(folder) / "unused.png")
        bpy.ops.render.render()
        color = cycles.read_image(next(Path(folder).glob("color*.exr")))
        depth = cycles.read_image(next(Path(folder).glob("depth*.exr")))[..., 0]
    distance = np.where((color[..., 3] > 0.5) & (depth < 1e5), depth, np.inf)
    return color[..., :3] / np.maximum(color[..., 3:], 1e-3), distance


def _build_city(rng) -> None:
    """Blocks with buildings along a grid turned against the room, and the ground with a river."""
    facades = [_facade(rng, index) for index in range(6)]
    houses: list[list[Mesh]] = [[] for _ in facades]
    step = _BLOCK_M + _STREET_M
    count = int(_REACH_M / step)
    turn = np.radians(24)
    for i in range(-count, count + 1):
        for j in range(-2, count + 1):
            x, z = i * step, j * step + 40
            distance = float(np.hypot(x, z))
            at = np.array([x * np.cos(turn) + z * np.sin(turn), -x * np.sin(turn) + z * np.cos(turn)])
            if at[1] < 120 + 30 * np.sin(at[0] / 90.0) or distance > _REACH_M or _is_river(at):
                continue
            _fill_block(rng, houses, at, distance, np.degrees(turn))
    for facade, meshes in zip(facades, houses):
        if meshes:
            _place(joined(meshes), facade)
    ground = Builder()
    r = _REACH_M * 3
    ground.face([(-r, 0, r), (r, 0, r), (r, 0, -r), (-r, 0, -r)], [(0, 0), (1, 0), (1, 1), (0, 1)], ground.chart())
    _place(ground.finish(), _plain("ground", (0.15, 0.16, 0.125), 0.9))
    _place(_river(), _plain("river", (0.10, 0.12, 0.13), 0.06))
    _place(_trees(rng), _plain("trees", (0.06, 0.085, 0.04), 0.9))


def _river_middle(x):
    return 430 + 0.22 * x + 60 * np.sin(x / 420.0)


def _is_river(at) -> bool:
    return abs(at[1] - _river_middle(at[0])) < 88


def _river() -> Mesh:
    x = np.linspace(-2600, 2600, 60)
    z = _river_middle(x)
    near, far = np.stack([x, np.full_like(x, 0.4), z + 52], 1), np.stack([x, np.full_like(x, 0.4), z - 52], 1)
    builder = Builder()
    builder.grid(np.stack([near, far], axis=1))
    return builder.finish()


def _trees(rng) -> Mesh:
    crown = lathe([(0, 0), (3.4, 2.2), (3.9, 4.5), (2.6, 7.5), (0, 9.0)], 7)
    spots = []
    for _ in range(1500):
        x = rng.uniform(-1300, 1300)
        side = rng.choice([-1, 1])
        spots.append(crown.moved((x, 0, _river_middle(x) + side * rng.uniform(58, 84)), rng.uniform(0, 360)))
    for _ in range(2200):
        x = rng.uniform(-520, 520)
        z = 30 + (80 + 30 * np.sin(x / 90.0)) * rng.random() ** 0.8
        if abs(np.sin(x / 70.0 + z / 45.0)) > 0.22:  # paths and clearings
            spots.append(crown.moved((x, 0, z), rng.uniform(0, 360)))
    return joined(spots)


def _fill_block(rng, houses, at, distance: float, turn: float) -> None:
    # Tall in the middle of the city, lower near us so that the view is free, and flat far out.
    centre = np.exp(-(((at[0] + 380) / 520) ** 2) - ((at[1] - 950) / 480) ** 2)
    second = np.exp(-(((at[0] - 760) / 300) ** 2) - ((at[1] - 1000) / 330) ** 2)
    for _ in range(rng.integers(4, 7) if distance > 600 else rng.integers(6, 10)):
        width, depth = rng.uniform(14, 30, 2)
        height = rng.gamma(5.0, 3.6) + 6
        height += rng.random() ** 1.6 * (190 * centre + 110 * second)
        if distance < 330:
            height = min(height, 8 + 0.11 * distance)
        spot = np.clip(rng.uniform(-1, 1, 2), -1, 1) * (np.array([_BLOCK_M, _BLOCK_M]) - [width, depth]) / 2
        _tower(rng, houses[rng.integers(len(houses))], at, spot, width, depth, height, turn)


def _tower(rng, into, at, spot, width: float, depth: float, height: float, turn: float) -> None:
    tiers = 1 if height < 45 else int(rng.integers(1, 4))
    base = 0.0
    uv_shift = rng.integers(0, 40, 2) * [3.0, 3.5]
    for tier in range(tiers):
        top = height * (1.0 if tier == tiers - 1 else (0.55 + 0.3 * tier / tiers + rng.uniform(0, 0.08)))
        share = 1.0 - 0.2 * tier
        block = _tower_block(width * share, depth * share, top - base, base).uv_shifted(uv_shift + [0, base])
        into.append(block.shifted((spot[0], base, spot[1])).moved((at[0], 0, at[1]), turn))
        base = top
    if rng.random() < 0.7:
        hut = _tower_block(width * 0.3, depth * 0.3, rng.uniform(2, 5), 0).uv_shifted((0.2, 0))
        into.append(hut.shifted((spot[0], base, spot[1])).moved((at[0], 0, at[1]), turn))
    if height > 120 and rng.random() < 0.5:
        mast = _tower_block(1.2, 1.2, rng.uniform(18, 40), 0)
        into.append(mast.shifted((spot[0], base, spot[1])).moved((at[0], 0, at[1]), turn))


def _tower_block(width: float, depth: float, height: float, base: float) -> Mesh:
    x, z = width / 2, depth / 2
    ring = [(-x, z), (x, z), (x, -z), (-x, -z), (-x, z)]
    builder = Builder()
    along = 0.0
    for (x0, z0), (x1, z1) in zip(ring, ring[1:]):
        length = abs(x1 - x0) + abs(z1 - z0)
        points = [(x0, 0, z0), (x1, 0, z1), (x1, height, z1), (x0, height, z0)]
        uv = [(along, 0), (along + length, 0), (along + length, height), (along, height)]
        builder.face(points, uv, builder.chart())
        along += length
    # Roofs take one dark point of the facade.
    builder.face(
        [(-x, height, z), (x, height, z), (x, height, -z), (-x, height, -z)], [(0.1, -base + 0.1)] * 4, builder.chart()
    )
    return builder.finish()


_WALLS = ("#A79C90", "#8E8178", "#6F7378", "#B9AC9B", "#7C6A60", "#5C636B")


def _facade(rng, index: int):
    """Windows in a grid, 3 m wide and 3.5 m high, of which some are lit; 24 × 32 of them before it repeats."""
    columns, rows, cell = 24, 32, 16
    h, w = rows * cell, columns * cell
    color = np.broadcast_to(textures.linear(textures.srgb(_WALLS[index])), (h, w, 3)).copy()
    color *= (1 + 0.05 * noise((h, w), index + 50, 1.2))[..., None]
    glow = np.zeros((h, w, 3))
    band = index in (2, 5)
    for row in range(rows):
        for column in range(columns):
            y, x = row * cell, column * cell
            window = (slice(y + 4, y + 13), slice(x + (0 if band else 4), x + (16 if band else 12)))
            color[window] = np.array([0.045, 0.055, 0.07]) * rng.uniform(0.7, 1.6)
            if rng.random() < (0.07, 0.11, 0.16)[index % 3]:
                tint = np.array([1.0, 0.72, 0.42]) if rng.random() < 0.8 else np.array([0.9, 0.92, 1.0])
                glow[window] = tint * rng.uniform(0.35, 1.15)
    return _facade_material(index, color, glow, (columns * 3.0, rows * 3.5))


def _facade_material(index: int, color, glow, size):
    made = bpy.data.materials.new(f"facade {index}")
    made.use_nodes = True
    nodes, links = made.node_tree.nodes, made.node_tree.links
    shader = nodes["Principled BSDF"]
    place, scale = nodes.new("ShaderNodeUVMap"), nodes.new("ShaderNodeMapping")
    place.uv_map = "UVMap"
    scale.inputs["Scale"].default_value = (1 / size[0], 1 / size[1], 1)
    links.new(place.outputs[0], scale.inputs[0])
    for name, pixels, socket in (
        ("wall", encoded(color), "Base Color"),
        ("glow", encoded(np.clip(glow, 0, 1)), "Emission Color"),
    ):
        node = nodes.new("ShaderNodeTexImage")
        node.image = materials.image(f"{name} {index}", pixels, True)
        links.new(scale.outputs[0], node.inputs["Vector"])
        links.new(node.outputs["Color"], shader.inputs[socket])
    shader.inputs["Emission Strength"].default_value = 1.0
    shader.inputs["Roughness"].default_value = 0.5
    made.cycles.emission_sampling = "NONE"
    return made


def _plain(name: str, color, roughness: float):
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = made.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*color, 1)
    shader.inputs["Roughness"].default_value = roughness
    return made


def _place(mesh: Mesh, material) -> None:
    made = bpy.data.meshes.new(material.name)
    faces = [mesh.corners[a:b].tolist() for a, b in zip(mesh.starts, mesh.starts[1:])]
    made.from_pydata([blender_point(point) for point in mesh.points], [], faces)
    made.uv_layers.new(name="UVMap").uv.foreach_set("vector", mesh.uv.astype(np.float32).ravel())
    made.materials.append(material)
    placed = bpy.data.objects.new(material.name, made)
    bpy.context.scene.collection.objects.link(placed)
