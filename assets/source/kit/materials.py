"""The palette: every material of the rooms, by name. Made once as a Blender material when something uses it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import bpy
import numpy as np

from . import textures
from .textures import Texture, linear, srgb

ROUGHNESS_SIZE = 512


@dataclass(frozen=True)
class Material:
    """What something is made of.

    paint: makes its texture; without one, `code` is its colour. tile_m: metres that one repeat covers (u, v);
    None if the mesh's texture coordinates run from 0 to 1. emission: radiance that it shows; `kit.light` sheds light.
    baked: whether it has a place in the lightmap; what has none casts no shadow. unlit: shown as painted.
    """

    paint: Callable[[], Texture] | None = None
    code: str = "#ECE7DF"
    tile_m: tuple[float, float] | None = (1.0, 1.0)
    roughness: float = 0.5
    metallic: float = 0.0
    alpha: float = 1.0
    emission: tuple[float, float, float] | None = None
    double_sided: bool = False
    baked: bool = True
    unlit: bool = False


PALETTE: dict[str, Material] = {
    # Building
    "plaster": Material(lambda: textures.plaster("#ECE7DF"), tile_m=(1.6, 1.6)),
    "ceiling": Material(lambda: textures.plaster("#F1EDE6", seed=7, grain=0.006), tile_m=(2.0, 2.0)),
    "white paint": Material(lambda: textures.flat("#EFEBE4", seed=3, rough=0.45), tile_m=(0.6, 0.6)),
    "oak": Material(
        lambda: textures.wood("#C8A27A", planks=6, joints=0, seed=11, gap=0.0, rough=0.48), tile_m=(1.6, 0.8)
    ),
    "oak floor": Material(
        lambda: textures.wood("#C6B096", planks=12, joints=2, seed=21, contrast=1.1, gap=0.7, rough=0.5),
        tile_m=(2.4, 1.8),
    ),
    "walnut": Material(
        lambda: textures.wood("#6B4A34", planks=4, joints=0, seed=31, contrast=1.5, gap=0.0, rough=0.45),
        tile_m=(1.4, 0.7),
    ),
    "felt black": Material(lambda: textures.cloth("#26282B", threads=160, seed=4, melange=0.08), tile_m=(0.3, 0.3)),
    # Cloth
    "carpet": Material(lambda: textures.carpet("#8C9384", "#D8D0C2", "#A9775A"), tile_m=(1.44, 1.44)),
    "carpet border": Material(lambda: textures.cloth("#59635A", threads=64, seed=8, melange=0.07), tile_m=(0.4, 0.4)),
    "felt green": Material(lambda: textures.cloth("#5E7A68", seed=5, melange=0.06), tile_m=(0.32, 0.32)),
    "wool oat": Material(
        lambda: textures.cloth("#CFC4B2", threads=96, seed=6, melange=0.06, second="#8E8373"), tile_m=(0.4, 0.4)
    ),
    "wool clay": Material(lambda: textures.cloth("#B9674A", threads=96, seed=9, melange=0.05), tile_m=(0.4, 0.4)),
    "linen": Material(
        lambda: textures.cloth("#DDD3C3", threads=128, seed=10, melange=0.035), tile_m=(0.5, 0.5), double_sided=True
    ),
    "linen panel": Material(lambda: textures.cloth("#E6DED0", seed=25, threads=96, melange=0.03), tile_m=(0.4, 0.4)),
    # Metal
    "graphite": Material(lambda: textures.powder_coat("#2E3136"), tile_m=(0.3, 0.3)),
    "brushed steel": Material(lambda: textures.brushed("#B9B6B0"), tile_m=(0.3, 0.3), metallic=1.0),
    "brass": Material(lambda: textures.brushed("#B08D57", seed=2, rough=0.34), tile_m=(0.3, 0.3), metallic=1.0),
    # Small things
    "leaf": Material(lambda: textures.leaf("#4E6B45"), tile_m=None, double_sided=True),
    "leaf pale": Material(lambda: textures.leaf("#7C947A", seed=4), tile_m=None, double_sided=True),
    "bark": Material(lambda: textures.flat("#6A5443", seed=13, rough=0.85, variation=0.08), tile_m=(0.2, 0.2)),
    "soil": Material(lambda: textures.flat("#3A2E25", seed=14, rough=0.95, variation=0.15), tile_m=(0.1, 0.1)),
    "clay": Material(lambda: textures.flat("#C4694B", seed=15, rough=0.75, variation=0.03), tile_m=(0.4, 0.4)),
    "ceramic": Material(lambda: textures.flat("#E4DFD6", seed=16, rough=0.38, variation=0.015), tile_m=(0.4, 0.4)),
    "stone": Material(lambda: textures.flat("#A59E93", seed=17, rough=0.7, variation=0.05), tile_m=(0.5, 0.5)),
    "paper": Material(lambda: textures.flat("#EDE8DC", seed=18, rough=0.85), tile_m=(0.3, 0.3)),
    "book green": Material(lambda: textures.cloth("#4D6356", threads=200, seed=19, melange=0.03), tile_m=(0.2, 0.2)),
    "book blue": Material(lambda: textures.cloth("#53677A", threads=200, seed=22, melange=0.03), tile_m=(0.2, 0.2)),
    "book sand": Material(lambda: textures.cloth("#B7A482", threads=200, seed=23, melange=0.03), tile_m=(0.2, 0.2)),
    "water": Material(code="#9DB0B0", roughness=0.08, alpha=0.12, baked=False),
    "clear glass": Material(code="#B9C6C3", roughness=0.08, alpha=0.14, double_sided=True, baked=False),
    # Panes and lamps
    "window glass": Material(code="#B9C6C3", roughness=0.05, alpha=0.05, baked=False),
    "screen": Material(lambda: textures.flat("#15171A", seed=24, rough=0.22, variation=0.02), tile_m=None),
    "board": Material(code="#FBFAF7", roughness=0.45, tile_m=None),
    "lampshade": Material(
        lambda: textures.cloth("#E9DCC6", threads=128, seed=12, melange=0.03),
        tile_m=(0.5, 0.5),
        emission=(0.75, 0.56, 0.36),
        double_sided=True,
        baked=False,
    ),
    "lamp": Material(code="#FFF4E4", roughness=0.6, emission=(1.6, 1.35, 1.05)),
}


def add(name: str, material: Material) -> None:
    """A material of one room's own."""
    PALETTE[name] = material


def image(name: str, pixels: np.ndarray, is_color: bool) -> bpy.types.Image:
    """(h, w, 3) or (h, w, 4) with rows from top to bottom, packed as an image; sRGB where `is_color`."""
    height, width = pixels.shape[:2]
    rgba = np.ones((height, width, 4), np.float32)
    rgba[..., : pixels.shape[2]] = pixels
    made = bpy.data.images.new(name, width, height)
    made.colorspace_settings.name = "sRGB" if is_color else "Non-Color"
    made.pixels.foreach_set(rgba[::-1].ravel())
    made.update()
    made.pack()
    return made


@functools.cache
def blender(name: str) -> bpy.types.Material:
    """The material called `name` for Blender, as the glTF exporter understands it."""
    material = PALETTE[name]
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    made.use_backface_culling = not material.double_sided
    nodes, links = made.node_tree.nodes, made.node_tree.links
    shader = nodes["Principled BSDF"]
    inputs = shader.inputs
    inputs["Roughness"].default_value = material.roughness
    inputs["Metallic"].default_value = material.metallic
    inputs["Base Color"].default_value = (*linear(srgb(material.code)), 1.0)
    if material.alpha < 1.0:
        inputs["Alpha"].default_value = material.alpha
        made.surface_render_method = "BLENDED"
    if material.emission is not None:
        inputs["Emission Color"].default_value = (*(np.array(material.emission) / max(material.emission)), 1.0)
        inputs["Emission Strength"].default_value = max(material.emission)
    if material.paint is not None:
        texture = material.paint()
        links.new(_texture_node(nodes, image(name, texture.color, True)).outputs["Color"], inputs["Base Color"])
        if not material.unlit:
            split = nodes.new("ShaderNodeSeparateColor")
            links.new(_texture_node(nodes, _surface_image(name, material, texture)).outputs["Color"], split.inputs[0])
            links.new(split.outputs["Green"], inputs["Roughness"])
            links.new(split.outputs["Blue"], inputs["Metallic"])
    if material.unlit:
        _make_unlit(nodes, links, shader)
    return made


def _surface_image(name: str, material: Material, texture: Texture) -> bpy.types.Image:
    rough = texture.roughness
    step = max(1, rough.shape[0] // ROUGHNESS_SIZE)
    rough = rough[::step, ::step]
    return image(
        f"{name} surface", np.stack([np.ones_like(rough), rough, np.full_like(rough, material.metallic)], 2), False
    )


def _texture_node(nodes, picture):
    node = nodes.new("ShaderNodeTexImage")
    node.image = picture
    return node


def _make_unlit(nodes, links, shader) -> None:
    """The exporter writes KHR_materials_unlit for a colour that goes straight to the surface."""
    source = shader.inputs["Base Color"].links[0].from_socket
    links.new(source, nodes["Material Output"].inputs["Surface"])
    nodes.remove(shader)
