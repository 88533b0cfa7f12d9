"""Collects models into a room and turns it into Blender objects: one for each material."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from . import atlas, materials
from .mesh import Mesh, joined
from .model import Model, Part

TEXTURE_UV, LIGHT_UV = "UVMap", "Lightmap"
BLENDER_FROM_ROOM = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])


def blender_point(point) -> tuple[float, float, float]:
    """A point or direction of room space in Blender's axes (z up)."""
    x, y, z = point
    return (x, -z, y)


@dataclass(frozen=True)
class Built:
    """objects: by mesh name, as the glTF has it. baked: names that are in the lightmap."""

    objects: dict[str, bpy.types.Object]
    baked: list[str]
    texels_per_metre: float

    @property
    def triangles(self) -> int:
        """Of the whole room."""
        return sum(sum(len(face.vertices) - 2 for face in made.data.polygons) for made in self.objects.values())


class Room:
    """What stands in a room."""

    def __init__(self):
        self._parts: list[Part] = []

    def add(self, model: Model, at=(0.0, 0.0, 0.0), yaw_degrees: float = 0.0, light_detail: float = 1.0) -> None:
        """Puts a model at `at` in metres, turned about +y."""
        self._parts.extend(model.moved(at, yaw_degrees).lit(light_detail).parts)

    def add_mesh(
        self,
        mesh: Mesh,
        material: str,
        at=(0.0, 0.0, 0.0),
        yaw_degrees: float = 0.0,
        light_detail: float = 1.0,
        name: str | None = None,
    ) -> None:
        """Puts one mesh."""
        self._parts.append(Part(mesh.moved(at, yaw_degrees), material, name, light_detail))

    def build(self, lightmap_size: int) -> Built:
        """Empties Blender and makes one object for each material (and one for each named part) with both UV sets."""
        groups: dict[str, list[Part]] = {}
        for part in self._parts:
            groups.setdefault(part.name or part.material, []).append(part)
        light_uvs, density = _light_uvs(groups, lightmap_size)
        objects = {name: _blender_object(name, parts, light_uvs.get(name)) for name, parts in groups.items()}
        return Built(objects, sorted(light_uvs), density)


def clear() -> None:
    """An empty Blender."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    materials.blender.cache_clear()


def _light_uvs(groups, lightmap_size: int) -> tuple[dict[str, np.ndarray], float]:
    """Lightmap coordinates (C, 2) of each group with baked light, from 0 to 1 with v upwards."""
    charts, owners = [], []
    merged = {}
    for name, parts in groups.items():
        if not materials.PALETTE[parts[0].material].baked:
            continue
        mesh = merged[name] = joined(part.mesh for part in parts)
        detail = np.concatenate([np.full(int(part.mesh.charts.max()) + 1, part.light_detail) for part in parts])
        corner_charts = np.repeat(mesh.charts, np.diff(mesh.starts))
        low, high = _limits(mesh.uv, corner_charts, len(detail))
        used = np.isfinite(low[:, 0])
        for chart in np.flatnonzero(used):
            owners.append((name, chart, low[chart]))
            charts.append(atlas.Chart(tuple(high[chart] - low[chart]), float(detail[chart])))
    origins, sizes, turned, density = atlas.pack(charts, lightmap_size)
    uvs = {name: np.zeros_like(mesh.uv) for name, mesh in merged.items()}
    corners_of = {name: _corners_by_chart(mesh) for name, mesh in merged.items()}
    for (name, chart, low), given, origin, size, is_turned in zip(owners, charts, origins, sizes, turned):
        at = corners_of[name][chart]
        share = (merged[name].uv[at] - low) / np.maximum(given.size, 1e-9)
        share = share[:, ::-1] if is_turned else share
        uvs[name][at] = (origin + share * size) / lightmap_size
    return uvs, density


def _limits(uv, charts, count: int):
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    np.minimum.at(low, charts, uv)
    np.maximum.at(high, charts, uv)
    return low, high


def _corners_by_chart(mesh: Mesh):
    corner_charts = np.repeat(mesh.charts, np.diff(mesh.starts))
    order = np.argsort(corner_charts, kind="stable")
    return np.split(order, np.searchsorted(corner_charts[order], np.arange(1, int(mesh.charts.max()) + 1)))


def _blender_object(name: str, parts: list[Part], light_uv) -> bpy.types.Object:
    mesh = joined(part.mesh for part in parts)
    material = materials.PALETTE[parts[0].material]
    made = bpy.data.meshes.new(name)
    made.vertices.add(len(mesh.points))
    made.vertices.foreach_set("co", (mesh.points @ BLENDER_FROM_ROOM.T).astype(np.float32).ravel())
    made.loops.add(len(mesh.corners))
    made.loops.foreach_set("vertex_index", mesh.corners.astype(np.int32))
    made.polygons.add(len(mesh.starts) - 1)
    made.polygons.foreach_set("loop_start", mesh.starts[:-1].astype(np.int32))
    made.update(calc_edges=True)
    uv = mesh.uv / np.array(material.tile_m) if material.tile_m else mesh.uv
    made.uv_layers.new(name=TEXTURE_UV).uv.foreach_set("vector", uv.astype(np.float32).ravel())
    if light_uv is not None:
        made.uv_layers.new(name=LIGHT_UV).uv.foreach_set("vector", light_uv.astype(np.float32).ravel())
    made.normals_split_custom_set((mesh.normals @ BLENDER_FROM_ROOM.T).astype(np.float32))
    made.materials.append(materials.blender(parts[0].material))
    if made.validate(verbose=False):
        raise ValueError(f"`{name}` has a broken face: check its points")
    placed = bpy.data.objects.new(name, made)
    bpy.context.scene.collection.objects.link(placed)
    if not material.baked:
        # Glass and pictures of the outside neither shade nor shed light; lamps and sky do that.
        placed.visible_shadow = placed.visible_diffuse = placed.visible_transmission = False
    return placed
