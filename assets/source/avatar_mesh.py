"""From fields and hand-made meshes to Blender objects: one object for each part and material, in glTF space."""

from dataclasses import dataclass

import bmesh
import bpy
import numpy as np

from avatar_field import normals, surface


@dataclass
class Mesh:
    """Triangles with one normal a vertex, in glTF space, metres. Shapes (V, 3), (V, 3), (T, 3)."""

    points: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray

    def moved(self, matrix):
        """The mesh under a 4x4 rigid matrix."""
        turn, shift = matrix[:3, :3], matrix[:3, 3]
        return Mesh(self.points @ turn.T + shift, self.normals @ turn.T, self.triangles)

    def scaled(self, factor):
        return Mesh(self.points * factor, self.normals, self.triangles)

    def flipped(self):
        """The mesh reflected in x, still facing outward."""
        mirror = np.array([-1.0, 1.0, 1.0])
        return Mesh(self.points * mirror, self.normals * mirror, self.triangles[:, ::-1])


def joined(meshes):
    starts = np.cumsum([0] + [len(m.points) for m in meshes[:-1]])
    return Mesh(
        np.concatenate([m.points for m in meshes]),
        np.concatenate([m.normals for m in meshes]),
        np.concatenate([m.triangles + start for m, start in zip(meshes, starts)]),
    )


def sculpt(field, low, high, step, triangles, symmetric=False, weight=None, normal_reach=None):
    """Meshes a field within a box with cells of `step` metres, then keeps about `triangles` of them.

    `weight` maps points to 0..1: where it is small, more triangles stay. Normals come from the field, so a coarse mesh
    still shades as the smooth form.
    """
    points, quads = surface(field, low, high, step)
    points, faces = reduced(points, quads, triangles, symmetric, weight)
    return Mesh(points, shading(field, points, faces, normal_reach or step), faces)


def shading(field, points, faces, reach):
    """The field's normals, leaning towards the coarse mesh's own, which win in creases where the two disagree."""
    smooth, own = normals(field, points, reach), vertex_normals(points, faces)
    agreement = (smooth * own).sum(axis=1, keepdims=True)
    mixed = np.where(agreement > 0.4, smooth + 0.35 * own, own)
    return mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9)


def reduced(points, faces, triangles, symmetric=False, weight=None):
    """Quadric edge collapse down to about `triangles`; returns points and triangles."""
    data = bpy.data.meshes.new("dense")
    data.from_pydata(points.tolist(), [], faces.tolist())
    holder = bpy.data.objects.new("dense", data)
    bpy.context.scene.collection.objects.link(holder)
    if weight is not None:
        group = holder.vertex_groups.new(name="reduce")
        for i, w in enumerate(np.round(weight(points), 2)):
            group.add([i], float(w), "REPLACE")
    collapse = holder.modifiers.new("collapse", "DECIMATE")
    collapse.ratio = min(1, triangles / sum(len(f) - 2 for f in faces))
    collapse.use_symmetry, collapse.symmetry_axis = symmetric, "X"
    if weight is not None:
        collapse.vertex_group, collapse.vertex_group_factor = "reduce", 1.0
    result = bpy.data.meshes.new_from_object(holder.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    kept = cleaned(result)
    bpy.data.objects.remove(holder)
    for used in (data, result):
        bpy.data.meshes.remove(used)
    return kept


def cleaned(data):
    """Points and triangles of a mesh without slivers, doubled faces or loose points."""
    work = bmesh.new()
    work.from_mesh(data)
    bmesh.ops.triangulate(work, faces=work.faces)
    bmesh.ops.dissolve_degenerate(work, edges=work.edges, dist=2e-4)
    bmesh.ops.triangulate(work, faces=work.faces)
    work.to_mesh(data)
    work.free()
    data.validate()
    faces = np.array([f.vertices[:] for f in data.polygons])
    used, faces = np.unique(faces, return_inverse=True)
    return np.array([data.vertices[i].co for i in used]), faces.reshape(-1, 3)


def to_blender(name, mesh, material):
    """A Blender object (z up) whose exported glTF mesh is `mesh`."""
    data = bpy.data.meshes.new(name)
    data.from_pydata(z_up(mesh.points).tolist(), [], mesh.triangles.tolist())
    data.materials.append(material)
    data.polygons.foreach_set("use_smooth", [True] * len(data.polygons))
    data.normals_split_custom_set_from_vertices(z_up(mesh.normals).tolist())
    data.update()
    shown = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(shown)
    return shown


def z_up(vectors):
    """From glTF's axes to Blender's."""
    return np.column_stack([vectors[:, 0], -vectors[:, 2], vectors[:, 1]])


def strip(rows, closed=False):
    """A smooth sheet through rows of points, shape (R, C, 3); `closed` joins the last column to the first.

    Faces look along (next row - row) x (next column - column).
    """
    rows = np.asarray(rows, float)
    count, width = rows.shape[:2]
    number = np.arange(count * width).reshape(count, width)
    if closed:
        number = np.column_stack([number, number[:, :1]])
    a, b, c, d = number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]
    faces = np.concatenate(
        [np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)]
    )
    points = rows.reshape(-1, 3)
    return tidied(points, faces)


def tidied(points, faces):
    """Welds equal points, drops faces without area, and averages normals."""
    _, first, same = np.unique(np.round(points, 6), axis=0, return_index=True, return_inverse=True)
    points, faces = points[first], same.reshape(-1)[faces]
    flat = (faces[:, 0] == faces[:, 1]) | (faces[:, 1] == faces[:, 2]) | (faces[:, 2] == faces[:, 0])
    faces = faces[~flat]
    return Mesh(points, vertex_normals(points, faces), faces)


def vertex_normals(points, faces):
    """Averages of the faces around each point, weighted by area."""
    across = np.cross(points[faces[:, 1]] - points[faces[:, 0]], points[faces[:, 2]] - points[faces[:, 0]])
    total = np.zeros_like(points)
    for corner in range(3):
        np.add.at(total, faces[:, corner], across)
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def cap(center, radius, toward, opening_degrees, rings, segments):
    """Part of a sphere around `toward`, out to an opening angle."""
    toward = np.asarray(toward, float) / np.linalg.norm(toward)
    side = np.cross([0, 1, 0], toward)
    side /= np.linalg.norm(side)
    up = np.cross(toward, side)
    around = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    rows = []
    for angle in np.radians(opening_degrees) * np.linspace(1, 0, rings + 1):
        out = np.outer(np.cos(around), side) + np.outer(np.sin(around), up)
        rows.append(np.asarray(center) + radius * (np.cos(angle) * toward + np.sin(angle) * out))
    mesh = strip(np.array(rows)[::-1], closed=True)
    mesh.normals = (mesh.points - center) / radius
    return mesh


def wrap(field, rows, segments, axis_z=lambda y: 0.0, longest=0.3):
    """A tube of rings around the y axis that lies on a field.

    `rows` are (y, offset) from bottom to top: each ring lies `offset` metres outside the surface at that height. A row
    (y, None) is the point on the axis that closes an end.
    """
    around = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    out = np.column_stack([np.cos(around), np.zeros(segments), np.sin(around)])
    rings = []
    for y, offset in rows:
        center = np.array([0, y, axis_z(y)])
        near, far = np.zeros(segments), np.full(segments, longest)
        for _ in range(24):
            middle = (near + far) / 2
            inside = field(center + out * middle[:, None]) < 0
            near, far = np.where(inside, middle, near), np.where(inside, far, middle)
        radius = np.zeros(segments) if offset is None else np.maximum(near + offset, 0)
        rings.append(center + out * radius[:, None])
    return strip(np.array(rings), closed=True)


def tube(points, radii, segments):
    """An open tube of rings through points, shape (N, 3); each ring stands across the bend."""
    points = np.asarray(points, float)
    along = np.gradient(points, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.array([1.0, 0, 0]) - along * along[:, :1]
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    across = np.cross(side, along)
    around = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    rows = [
        p + r * (np.outer(np.cos(around), s) + np.outer(np.sin(around), c))
        for p, r, s, c in zip(points, radii, side, across)
    ]
    return strip(np.array(rows), closed=True)
