"""Meshes with texture coordinates in metres, and the primitives that everything is made of.

A mesh is divided into charts: groups of faces whose texture coordinates do not overlap. The lightmap atlas packs
charts as they are, so a primitive unrolls itself without overlap and at true size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

SMOOTH_DEGREES = 60.0


@dataclass(frozen=True)
class Mesh:
    """Polygons in room space. P points, C corners, F faces.

    points: (P, 3) metres. corners: (C,) index of a point. starts: (F + 1,) first corner of each face.
    uv: (C, 2) metres. normals: (C, 3) of length 1. charts: (F,) group of faces that unroll together.
    """

    points: np.ndarray
    corners: np.ndarray
    starts: np.ndarray
    uv: np.ndarray
    normals: np.ndarray
    charts: np.ndarray

    def moved(self, at=(0.0, 0.0, 0.0), yaw_degrees: float = 0.0) -> Mesh:
        """Turned about +y, then shifted by `at`."""
        return self.turned("y", yaw_degrees).shifted(at)

    def shifted(self, by) -> Mesh:
        """Shifted by `by` in metres."""
        return replace(self, points=self.points + np.asarray(by, float))

    def turned(self, axis: str, degrees: float) -> Mesh:
        """Turned about an axis ("x", "y" or "z") through the origin, counter-clockwise seen from its tip."""
        turn = rotation(axis, degrees)
        return replace(self, points=self.points @ turn.T, normals=self.normals @ turn.T)

    def scaled(self, by) -> Mesh:
        """Stretched by (x, y, z), all positive, from the origin; texture coordinates stay."""
        normals = self.normals / np.asarray(by, float)
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        return replace(self, points=self.points * np.asarray(by, float), normals=normals)

    def mirrored_x(self) -> Mesh:
        """The mirror image across the plane x = 0."""
        flip = np.array([-1.0, 1.0, 1.0])
        order = np.concatenate([np.arange(a, b)[::-1] for a, b in zip(self.starts, self.starts[1:])])
        return replace(
            self,
            points=self.points * flip,
            corners=self.corners[order],
            uv=self.uv[order],
            normals=self.normals[order] * flip,
        )

    def uv_shifted(self, by) -> Mesh:
        """The same with another part of the texture."""
        return replace(self, uv=self.uv + np.asarray(by, float))

    def uv_turned(self) -> Mesh:
        """The same with the texture turned by 90 degrees, for grain that runs the other way."""
        return replace(self, uv=np.stack([self.uv[:, 1], -self.uv[:, 0]], axis=1))

    @property
    def triangles(self) -> int:
        """How many triangles it takes to draw."""
        return int((np.diff(self.starts) - 2).sum())


def rotation(axis: str, degrees: float) -> np.ndarray:
    """The 3 × 3 matrix of a turn about "x", "y" or "z"."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    turn = np.eye(3)
    turn[i, i], turn[i, j], turn[j, i], turn[j, j] = cos, -sin, sin, cos
    return turn


def joined(meshes) -> Mesh:
    """All `meshes` as one; charts stay apart."""
    meshes = list(meshes)
    points, corners, starts, charts = [], [], [np.zeros(1, int)], []
    point_count = corner_count = chart_count = 0
    for mesh in meshes:
        points.append(mesh.points)
        corners.append(mesh.corners + point_count)
        starts.append(mesh.starts[1:] + corner_count)
        charts.append(mesh.charts + chart_count)
        point_count += len(mesh.points)
        corner_count += len(mesh.corners)
        chart_count += int(mesh.charts.max(initial=-1)) + 1
    uv = np.concatenate([mesh.uv for mesh in meshes])
    normals = np.concatenate([mesh.normals for mesh in meshes])
    return Mesh(*map(np.concatenate, (points, corners, starts)), uv, normals, np.concatenate(charts))


class Builder:
    """Collects faces; `finish` computes normals and, for closed forms, turns the faces outward."""

    def __init__(self):
        self._points: list = []
        self._uv: list = []
        self._sizes: list[int] = []
        self._charts: list[int] = []
        self._next_chart = 0

    def chart(self) -> int:
        """A new chart."""
        self._next_chart += 1
        return self._next_chart - 1

    def face(self, points, uv, chart: int) -> None:
        """One polygon, counter-clockwise as seen from outside."""
        self._points.extend(np.asarray(points, float))
        self._uv.extend(np.asarray(uv, float))
        self._sizes.append(len(points))
        self._charts.append(chart)

    def grid(self, points, uv=None, chart: int | None = None) -> int:
        """Quads between `points` (m, n, 3), as one chart; outside is where du × dv points.

        Repeat the first row or column at the end to close a ring. Without `uv` (m, n, 2), lengths along the grid.
        Quads that shrink to a triangle become one; quads without area are left out.
        """
        points = np.asarray(points, float)
        chart = self.chart() if chart is None else chart
        uv = _lengths(points) if uv is None else np.asarray(uv, float)
        for i in range(points.shape[0] - 1):
            for j in range(points.shape[1] - 1):
                ring = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
                kept = [at for k, at in enumerate(ring) if not np.allclose(points[at], points[ring[k - 1]], atol=1e-7)]
                if len(kept) > 2:
                    self.face([points[at] for at in kept], [uv[at] for at in kept], chart)
        return chart

    def finish(self, closed: bool = False, smooth_degrees: float = SMOOTH_DEGREES) -> Mesh:
        """The mesh. `closed`: a solid, whose faces are turned to look outward."""
        points, uv = np.array(self._points), np.array(self._uv)
        starts = np.concatenate([[0], np.cumsum(self._sizes)])
        if closed and _volume(points, starts) < 0.0:
            order = np.concatenate([np.arange(a, b)[::-1] for a, b in zip(starts, starts[1:])])
            points, uv = points[order], uv[order]
        _, corners = np.unique(np.round(points, 6), axis=0, return_inverse=True)
        corners = corners.reshape(-1)
        unique = np.zeros((corners.max() + 1, 3))
        unique[corners] = points
        normals = _normals(points, corners, starts, smooth_degrees)
        return Mesh(unique, corners, starts, uv, normals, np.array(self._charts))


def _lengths(points: np.ndarray) -> np.ndarray:
    """Texture coordinates of a grid: the longest way along each direction."""
    along = np.linalg.norm(np.diff(points, axis=0), axis=2).max(axis=1)
    across = np.linalg.norm(np.diff(points, axis=1), axis=2).max(axis=0)
    u, v = np.concatenate([[0], np.cumsum(along)]), np.concatenate([[0], np.cumsum(across)])
    return np.stack(np.meshgrid(u, v, indexing="ij"), axis=2)


def _face_normals(points, starts) -> np.ndarray:
    """(F, 3), as long as twice the area of the face (Newell)."""
    following = np.arange(len(points)) + 1
    following[starts[1:] - 1] = starts[:-1]
    return np.add.reduceat(np.cross(points, points[following]), starts[:-1], axis=0)


def _volume(points, starts) -> float:
    middles = np.add.reduceat(points, starts[:-1], axis=0) / np.diff(starts)[:, None]
    middles = middles - points.mean(axis=0)
    return float((middles * _face_normals(points, starts)).sum())


def _normals(points, corners, starts, smooth_degrees: float) -> np.ndarray:
    """Corner normals: the mean of the faces round a point, by area, over edges blunter than `smooth_degrees`.

    By area, so that a wide face stays flat and its narrow bevel takes the whole bend.
    """
    weighted = _face_normals(points, starts)
    lengths = np.linalg.norm(weighted, axis=1, keepdims=True)
    unit = weighted / np.maximum(lengths, 1e-12)
    face_of = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    by_point = np.argsort(corners, kind="stable")
    limits = np.searchsorted(corners[by_point], np.arange(corners.max() + 2))
    least_cos = np.cos(np.radians(smooth_degrees))
    normals = np.zeros((len(corners), 3))
    for first, last in zip(limits, limits[1:]):
        here = by_point[first:last]
        faces = face_of[here]
        near = (unit[faces] @ unit[faces].T) >= least_cos - 1e-6
        normals[here] = near @ weighted[faces]
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.where(lengths > 1e-12, normals / np.maximum(lengths, 1e-12), unit[face_of])
