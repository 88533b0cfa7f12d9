"""A piece of furniture or building: meshes, each with the name of its material."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from .mesh import Mesh


@dataclass(frozen=True)
class Part:
    """mesh: in the model's space. material: a name of the palette. name: set for what becomes an object of its own.

    light_detail: resolution in the lightmap, 1 is the room's usual.
    """

    mesh: Mesh
    material: str
    name: str | None = None
    light_detail: float = 1.0


@dataclass(frozen=True)
class Model:
    """Parts round an origin on the floor; its front looks to -z (yaw 0)."""

    parts: tuple[Part, ...] = field(default=())

    def with_part(self, mesh: Mesh, material: str, name: str | None = None, light_detail: float = 1.0) -> Model:
        """This model and one mesh more."""
        return Model((*self.parts, Part(mesh, material, name, light_detail)))

    def __add__(self, other: Model) -> Model:
        return Model(self.parts + other.parts)

    def moved(self, at=(0.0, 0.0, 0.0), yaw_degrees: float = 0.0) -> Model:
        """Turned about +y, then shifted by `at`, in metres."""
        return self.changed(lambda mesh: mesh.moved(at, yaw_degrees))

    def changed(self, change: Callable[[Mesh], Mesh]) -> Model:
        """Every mesh put through `change`."""
        return Model(tuple(replace(part, mesh=change(part.mesh)) for part in self.parts))

    def lit(self, light_detail: float) -> Model:
        """The same with another resolution in the lightmap, as a factor."""
        return Model(tuple(replace(part, light_detail=part.light_detail * light_detail) for part in self.parts))

    @property
    def triangles(self) -> int:
        """How many triangles it takes to draw."""
        return sum(part.mesh.triangles for part in self.parts)

    @property
    def size(self) -> np.ndarray:
        """(x, y, z) of the box round it, in metres."""
        points = np.concatenate([part.mesh.points for part in self.parts])
        return points.max(axis=0) - points.min(axis=0)
