"""Writes a room's glTF and says what it costs to draw."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path

import bpy

from .room import Built


@dataclass(frozen=True)
class Cost:
    """What a device must draw and load."""

    triangles: int
    draw_calls: int
    file_bytes: int

    def __str__(self) -> str:
        return f"{self.triangles:,} triangles, {self.draw_calls} draw calls, {self.file_bytes / 1e6:.1f} MB"


def write_glb(path: Path, built: Built, jpeg_quality: int = 82) -> Cost:
    """Exports every object of the room; raises ValueError when a baked mesh has no second UV set."""
    bpy.ops.object.select_all(action="DESELECT")
    for made in built.objects.values():
        made.select_set(True)
    bpy.ops.export_scene.gltf(
        filepath=str(path),
        export_format="GLB",
        use_selection=True,
        export_yup=True,
        export_apply=False,
        export_texcoords=True,
        export_normals=True,
        export_tangents=False,
        export_materials="EXPORT",
        export_vertex_color="NONE",
        export_image_format="JPEG",
        export_image_quality=jpeg_quality,
        export_jpeg_quality=jpeg_quality,
        export_animations=False,
        export_skins=False,
        export_morph=False,
        export_cameras=False,
        export_lights=False,
    )
    content = document(path)
    _check(content, built)
    return cost(path)


def document(path: Path) -> dict:
    """The JSON chunk of a GLB file."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + length])


def cost(path: Path) -> Cost:
    """Counts triangles and primitives of a GLB file."""
    content = document(path)
    primitives = [primitive for mesh in content["meshes"] for primitive in mesh["primitives"]]
    indices = sum(content["accessors"][primitive["indices"]]["count"] for primitive in primitives)
    return Cost(indices // 3, len(primitives), path.stat().st_size)


def _check(content: dict, built: Built) -> None:
    meshes = {mesh["name"]: mesh for mesh in content["meshes"]}
    for name in built.baked:
        if name not in meshes or any("TEXCOORD_1" not in part["attributes"] for part in meshes[name]["primitives"]):
            raise ValueError(f"`{name}` came out without its lightmap coordinates")
