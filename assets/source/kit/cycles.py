"""Settings of Cycles, Blender's path tracer, and pictures in and out of it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import bpy
import numpy as np


def prepare(samples: int, bounces: int = 6, denoise: bool = True) -> bpy.types.Scene:
    """The scene, set to trace on the CPU."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.use_denoising = "CPU", samples, denoise
    cycles.use_adaptive_sampling = False
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = bounces, bounces, 3
    cycles.transparent_max_bounces = 12
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4.0
    cycles.blur_glossy = 1.0
    scene.render.resolution_percentage = 100
    scene.view_settings.view_transform = "AgX"
    scene.display_settings.display_device = "sRGB"
    scene.render.image_settings.file_format = "PNG"
    return scene


def read_image(path: Path) -> np.ndarray:
    """(h, w, 4) linear floats, rows from top to bottom."""
    picture = bpy.data.images.load(str(path))
    pixels = pixels_of(picture)
    bpy.data.images.remove(picture)
    return pixels


def pixels_of(picture) -> np.ndarray:
    """(h, w, 4) floats of a Blender image, rows from top to bottom."""
    width, height = picture.size
    pixels = np.empty(width * height * 4, np.float32)
    picture.pixels.foreach_get(pixels)
    return pixels.reshape(height, width, 4)[::-1].copy()


def float_image(name: str, pixels: np.ndarray):
    """A Blender image with linear floats from (h, w, 4), rows from top to bottom."""
    height, width = pixels.shape[:2]
    made = bpy.data.images.new(name, width, height, float_buffer=True, is_data=True)
    made.pixels.foreach_set(np.ascontiguousarray(pixels[::-1], np.float32).ravel())
    made.update()
    return made


def denoised(pixels: np.ndarray) -> np.ndarray:
    """(h, w, 3) linear light without noise (Open Image Denoise)."""
    height, width = pixels.shape[:2]
    scene = bpy.data.scenes.new("denoise")
    scene.use_nodes = True
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = width, height, 100
    nodes, links = scene.node_tree.nodes, scene.node_tree.links
    nodes.clear()
    source, clean, out, composite = (
        nodes.new(f"CompositorNode{kind}") for kind in ("Image", "Denoise", "OutputFile", "Composite")
    )
    rgba = np.concatenate([pixels[..., :3], np.ones((height, width, 1))], axis=2)
    source.image = float_image("noisy", rgba)
    clean.use_hdr = True
    with tempfile.TemporaryDirectory() as folder:
        out.base_path = folder
        out.file_slots[0].path = "clean"
        out.format.file_format, out.format.color_depth = "OPEN_EXR", "32"
        links.new(source.outputs["Image"], clean.inputs["Image"])
        links.new(clean.outputs["Image"], out.inputs[0])
        links.new(clean.outputs["Image"], composite.inputs["Image"])
        bpy.ops.render.render(scene=scene.name)
        result = read_image(next(Path(folder).glob("clean*.exr")))[..., :3]
    bpy.data.images.remove(source.image)
    bpy.data.scenes.remove(scene)
    return result
