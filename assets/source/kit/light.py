"""Sun, sky and lamps for the bake. Blender's units, so that a value means the same in every room.

Baked values are radiance that leaves a white surface: irradiance divided by pi.
"""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector

from .room import blender_point


@dataclass(frozen=True)
class Sun:
    """As in room.ron. yaw_degrees: from the room towards the sun, as yaws are. irradiance: W/m² in Blender's sense."""

    yaw_degrees: float
    elevation_degrees: float
    color: tuple[float, float, float]
    irradiance: float

    @property
    def direction(self) -> np.ndarray:
        """From the room towards the sun, of length 1, in room space."""
        yaw, elevation = np.radians(self.yaw_degrees), np.radians(self.elevation_degrees)
        return np.array([-np.sin(yaw) * np.cos(elevation), np.sin(elevation), -np.cos(yaw) * np.cos(elevation)])


def kelvin(temperature: float) -> tuple[float, float, float]:
    """Linear sRGB of a black body, its largest part 1 (Krystek 1985 for the chromaticity; 1,700 to 15,000 K)."""
    t = temperature
    u = (0.860117757 + 1.54118254e-4 * t + 1.28641212e-7 * t**2) / (1 + 8.42420235e-4 * t + 7.08145163e-7 * t**2)
    v = (0.317398726 + 4.22806245e-5 * t + 4.20481691e-8 * t**2) / (1 - 2.89741816e-5 * t + 1.61456053e-7 * t**2)
    x, y = 3 * u / (2 * u - 8 * v + 4), 2 * v / (2 * u - 8 * v + 4)
    xyz = np.array([x / y, 1.0, (1 - x - y) / y])
    rgb = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]) @ xyz
    rgb = np.clip(rgb, 0, None) / rgb.max()
    return tuple(float(part) for part in rgb)


def add_sun(sun: Sun, softness_degrees: float = 1.2) -> None:
    """The sun with the edge softness of a hazy evening."""
    lamp = _lamp("sun", "SUN", sun.color)
    lamp.data.energy = sun.irradiance
    lamp.data.angle = np.radians(softness_degrees)
    _aim(lamp, (0, 30, 0), -sun.direction)


def set_sky(zenith, horizon, ground, strength: float = 1.0) -> None:
    """A sky of three linear colours: overhead, at the horizon, below."""
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    place, split, ramp = (nodes.new(f"ShaderNode{kind}") for kind in ("TexCoord", "SeparateXYZ", "ValToRGB"))
    half = nodes.new("ShaderNodeMath")
    half.operation = "MULTIPLY_ADD"
    half.inputs[1].default_value = half.inputs[2].default_value = 0.5
    links.new(place.outputs["Generated"], split.inputs[0])
    links.new(split.outputs["Z"], half.inputs[0])
    links.new(half.outputs[0], ramp.inputs[0])
    stops = ramp.color_ramp.elements
    stops[0].position, stops[0].color = 0.47, (*ground, 1)
    stops[1].position, stops[1].color = 0.51, (*horizon, 1)
    top = stops.new(0.75)
    top.color = (*zenith, 1)
    links.new(ramp.outputs["Color"], nodes["Background"].inputs["Color"])
    nodes["Background"].inputs["Strength"].default_value = strength


def add_portal(width: float, height: float, at, yaw_degrees: float) -> None:
    """Tells Cycles that sky comes in through this opening; `yaw_degrees` looks into the room."""
    portal = _lamp("portal", "AREA", (1, 1, 1))
    portal.data.shape, portal.data.size, portal.data.size_y = "RECTANGLE", width, height
    portal.data.cycles.is_portal = True
    yaw = np.radians(yaw_degrees)
    _aim(portal, at, (-np.sin(yaw), 0, -np.cos(yaw)))


def add_area(
    width: float, depth: float, at, power_w: float, color, direction=(0, -1, 0), spread_degrees: float = 160.0
) -> None:
    """A glowing rectangle that shines along `direction`; `width` lies along the room's x when it shines down."""
    lamp = _lamp("area", "AREA", color)
    lamp.data.shape, lamp.data.size, lamp.data.size_y = "RECTANGLE", width, depth
    lamp.data.energy, lamp.data.spread = power_w, np.radians(spread_degrees)
    _aim(lamp, at, direction)


def add_disc(radius: float, at, power_w: float, color, direction=(0, -1, 0), spread_degrees: float = 120.0) -> None:
    """A glowing disc that shines along `direction`: a downlight, a pendant's opening."""
    lamp = _lamp("disc", "AREA", color)
    lamp.data.shape, lamp.data.size = "DISK", 2 * radius
    lamp.data.energy, lamp.data.spread = power_w, np.radians(spread_degrees)
    _aim(lamp, at, direction)


def add_point(radius: float, at, power_w: float, color) -> None:
    """A glowing ball."""
    lamp = _lamp("point", "POINT", color)
    lamp.data.energy, lamp.data.shadow_soft_size = power_w, radius
    lamp.location = blender_point(at)


def _lamp(name: str, kind: str, color):
    data = bpy.data.lights.new(name, kind)
    data.color = color
    placed = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(placed)
    placed.visible_camera = placed.visible_glossy = False
    return placed


def _aim(placed, at, direction) -> None:
    placed.location = blender_point(at)
    placed.rotation_euler = Vector(blender_point(direction)).to_track_quat("-Z", "Y").to_euler()
