"""Bakes light: the lightmap atlas of a room and the panorama at its middle."""

from __future__ import annotations

import tempfile
from pathlib import Path

import bpy
import numpy as np

from . import atlas, cycles, environment, ktx2
from .room import LIGHT_UV, Built, blender_point

EYE_HEIGHT_M = 1.5
_UNTOUCHED = -1.0


def lightmap(built: Built, size: int, samples: int) -> np.ndarray:
    """(size, size, 3) light that falls on white, direct and indirect, without noise; gaps are filled."""
    scene = cycles.prepare(samples, denoise=False)
    target = cycles.float_image("lightmap", np.full((size, size, 4), _UNTOUCHED))
    whole = _joined([built.objects[name] for name in built.baked])
    restore = [_aim_material(slot.material, target) for slot in whole.material_slots]
    whole.data.uv_layers[LIGHT_UV].active = True
    bpy.ops.object.select_all(action="DESELECT")
    whole.select_set(True)
    bpy.context.view_layer.objects.active = whole
    scene.render.bake.margin = 0
    bpy.ops.object.bake(type="DIFFUSE", pass_filter={"DIRECT", "INDIRECT"}, use_clear=False, margin=0)
    pixels = cycles.pixels_of(target)[..., :3]
    for undo in restore:
        undo()
    bpy.data.objects.remove(whole)
    for name in built.baked:
        built.objects[name].hide_render = False
    covered = pixels.min(axis=2) >= 0.0
    return filled(cycles.denoised(filled(pixels, covered)), covered)


def _joined(objects):
    """One object in place of `objects`, which are hidden from rays: one bake builds the scene once."""
    bpy.ops.object.select_all(action="DESELECT")
    copies = []
    for source in objects:
        copy = source.copy()
        copy.data = source.data.copy()
        bpy.context.scene.collection.objects.link(copy)
        source.hide_render = True
        copy.select_set(True)
        copies.append(copy)
    bpy.context.view_layer.objects.active = copies[0]
    bpy.ops.object.join()
    return copies[0]


def _aim_material(material, target):
    """Lets the bake write to `target`, and turns off the glow; returns what undoes it."""
    nodes = material.node_tree.nodes
    node = nodes.new("ShaderNodeTexImage")
    node.image = target
    nodes.active = node
    strength = nodes["Principled BSDF"].inputs["Emission Strength"]
    before, strength.default_value = strength.default_value, 0.0

    def undo():
        nodes.remove(node)
        strength.default_value = before

    return undo


def filled(pixels: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """Gaps (where not `covered`) take the mean of what lies nearest, coarser the farther away."""
    color, weight = np.where(covered[..., None], pixels, 0.0), covered.astype(float)[..., None]
    # Texel by texel beside a chart, so that the margins of two charts never mix.
    for _ in range(atlas.MARGIN_TEXELS):
        spread, count = _neighbours(color), _neighbours(weight)
        is_new = (weight == 0) & (count > 0)
        color = np.where(is_new, spread / np.maximum(count, 1e-9), color)
        weight = np.where(is_new, 1.0, weight)
    levels = [(color, weight)]
    while levels[-1][0].shape[0] > 1:
        levels.append(tuple(_blocks(part) for part in levels[-1]))
    result = levels[-1][0] / np.maximum(levels[-1][1], 1e-9)
    for color, weight in reversed(levels[:-1]):
        coarse = result.repeat(2, axis=0).repeat(2, axis=1)
        result = np.where(weight > 0, color / np.maximum(weight, 1e-9), coarse)
    return result


def _neighbours(part: np.ndarray) -> np.ndarray:
    """The sum of the eight texels round each; the atlas has an empty rim, so that it may wrap."""
    rows = part + np.roll(part, 1, axis=0) + np.roll(part, -1, axis=0)
    return rows + np.roll(rows, 1, axis=1) + np.roll(rows, -1, axis=1) - part


def _blocks(part: np.ndarray) -> np.ndarray:
    return part[::2, ::2] + part[1::2, ::2] + part[::2, 1::2] + part[1::2, 1::2]


def panorama(at=(0.0, EYE_HEIGHT_M, 0.0), height: int = 256, samples: int = 64) -> np.ndarray:
    """(height, 2 × height, 3) linear light all round `at`; the middle column looks to -z."""
    scene = cycles.prepare(samples)
    camera = bpy.data.objects.new("panorama", bpy.data.cameras.new("panorama"))
    scene.collection.objects.link(camera)
    camera.data.type, camera.data.panorama_type = "PANO", "EQUIRECTANGULAR"
    camera.data.clip_end = 2000
    camera.location, camera.rotation_euler = blender_point(at), (np.pi / 2, 0, 0)
    scene.camera = camera
    scene.render.resolution_x, scene.render.resolution_y = 2 * height, height
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "panorama.exr"
        scene.render.image_settings.file_format, scene.render.image_settings.color_depth = "OPEN_EXR", "32"
        scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        pixels = cycles.read_image(path)[..., :3]
    bpy.data.objects.remove(camera)
    return pixels


def write_environment(folder: Path, seen: np.ndarray) -> None:
    """Writes environment_diffuse.ktx2 and environment_specular.ktx2 from a panorama."""
    ktx2.write(folder / "environment_diffuse.ktx2", environment.irradiance(seen))
    ktx2.write(folder / "environment_specular.ktx2", environment.specular(seen))
