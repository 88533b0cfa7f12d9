"""Pictures of a room while it is made: traced from the model, or from the baked files as the app shows them."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector

from . import cycles, ktx2
from .room import blender_point, clear

LOWEST_CEILING_M = 2.7


def camera(at, look_at, fov_degrees: float = 65.0) -> None:
    """Places the scene's camera; `fov_degrees` is vertical."""
    data = bpy.data.cameras.new("preview")
    placed = bpy.data.objects.new("preview", data)
    bpy.context.scene.collection.objects.link(placed)
    data.sensor_fit, data.angle = "VERTICAL", np.radians(fov_degrees)
    # From above one looks through the ceiling.
    data.clip_start, data.clip_end = max(0.02, at[1] - LOWEST_CEILING_M), 2000.0
    eye, target = Vector(blender_point(at)), Vector(blender_point(look_at))
    placed.location = eye
    placed.rotation_euler = (target - eye).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.camera = placed


def render(path: Path, at, look_at, fov_degrees: float = 65.0, size=(640, 360), samples: int = 24) -> None:
    """A traced picture (PNG) from `at` towards `look_at`, in room space."""
    scene = cycles.prepare(samples)
    camera(at, look_at, fov_degrees)
    scene.render.resolution_x, scene.render.resolution_y = size
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)


def show_files(folder: Path, name: str) -> None:
    """Opens NAME.glb and its lightmap in place of the scene, shown as colour × lightmap, as the app does."""
    clear()
    bpy.ops.import_scene.gltf(filepath=str(folder / f"{name}.glb"))
    (light,) = ktx2.read(folder / "light.ktx2")
    show_baked(light)


def show_baked(light: np.ndarray) -> None:
    """Changes the scene so that everything with a second UV set shows colour × lightmap, and nothing else shines."""
    picture = cycles.float_image("baked light", np.concatenate([light, np.ones((*light.shape[:2], 1))], axis=2))
    bpy.context.scene.world = None
    for made in bpy.data.objects:
        if made.type == "LIGHT":
            made.hide_render = True
        if made.type == "MESH" and len(made.data.uv_layers) == 2:
            for slot in made.material_slots:
                _show_light(slot.material, picture, *(layer.name for layer in made.data.uv_layers))


def _show_light(material, picture, texture_uv: str, light_uv: str) -> None:
    nodes, links = material.node_tree.nodes, material.node_tree.links
    shader = nodes.get("Principled BSDF")
    if shader is None:
        return
    light, product, glow = (nodes.new(f"ShaderNode{kind}") for kind in ("TexImage", "Mix", "Emission"))
    light.image = picture
    links.new(_uv(nodes, light_uv), light.inputs["Vector"])
    product.data_type, product.blend_type, product.clamp_result = "RGBA", "MULTIPLY", False
    product.inputs["Factor"].default_value = 1.0
    color = shader.inputs["Base Color"]
    if color.links:
        links.new(_uv(nodes, texture_uv), color.links[0].from_node.inputs["Vector"])
        links.new(color.links[0].from_socket, product.inputs[6])
    else:
        product.inputs[6].default_value = color.default_value
    links.new(light.outputs["Color"], product.inputs[7])
    links.new(product.outputs[2], glow.inputs["Color"])
    total, lamp = nodes.new("ShaderNodeAddShader"), nodes.new("ShaderNodeEmission")
    lamp.inputs["Color"].default_value = shader.inputs["Emission Color"].default_value
    lamp.inputs["Strength"].default_value = shader.inputs["Emission Strength"].default_value
    links.new(glow.outputs[0], total.inputs[0])
    links.new(lamp.outputs[0], total.inputs[1])
    links.new(total.outputs[0], nodes["Material Output"].inputs["Surface"])


def _uv(nodes, name: str):
    node = nodes.new("ShaderNodeUVMap")
    node.uv_map = name
    return node.outputs[0]
