"""Whole people for the distance, at most 300 triangles each: the near parts' fields, very coarse, and tubes for limbs."""

from avatar_body import ELBOW_R, HIP_R, KNEE_R, PELVIS_Y, SHOULDER_R, standing, torso, trunk
from avatar_field import chain, ellipsoid, surface, union
from avatar_hair import SKULL, by_height, cap
from avatar_head import HEAD_SCALE, centimetres, nose
from avatar_mesh import Mesh, joined, reduced, shading, tube
from avatar_pose import SEATED, STANDING, person

SEATED_DROP = 0.40


def far_parts():
    """{part: {material: mesh}}"""
    shapes = far_shapes()
    return {
        "far_standing": assembled(shapes, person(STANDING)),
        "far_seated": assembled(shapes, person(SEATED, drop=SEATED_DROP)),
    }


def far_shapes():
    """Coarse meshes in the near parts' frames, {part: (material, mesh)}."""
    face = union(SKULL, nose(), k=1.0)
    hair = cap(by_height(1.3, 2.0))
    shoe = chain([(0, -0.035, 0.02), (0, -0.05, -0.13)], [0.05, 0.04])
    return {
        "head": ("skin", coarse(centimetres(face), (-0.09, -0.13, -0.05), (0.09, 0.12, 0.18), 0.014, 46).scaled(HEAD_SCALE)),
        "hair": ("hair", coarse(centimetres(hair), (-0.1, -0.08, -0.04), (0.1, 0.14, 0.19), 0.014, 36).scaled(HEAD_SCALE)),
        "neck": ("skin", tube([(0, -0.03, 0), (0, 0.1, 0)], [0.055, 0.05], 5)),
        "torso": ("top", coarse(standing(union(torso(), trunk()), PELVIS_Y), (-0.26, -0.13, -0.15), (0.26, 0.56, 0.15), 0.016, 68)),
        "hand": ("skin", coarse(ellipsoid((0, -0.08, 0), (0.018, 0.09, 0.04)), (-0.03, -0.18, -0.06), (0.03, 0.02, 0.06), 0.012, 10)),
        "foot": ("shoes", coarse(shoe, (-0.06, -0.09, -0.2), (0.06, 0.02, 0.08), 0.012, 14)),
    }


def coarse(field, low, high, step, triangles):
    points, quads = surface(field, low, high, step)
    points, faces = reduced(points, quads, triangles)
    return Mesh(points, shading(field, points, faces, step), faces)


def assembled(shapes, placed):
    """{material: mesh} of a posed person."""
    pieces = {}
    for name, matrix in placed:
        shape = shapes.get(name.split("_")[0])
        if shape:
            pieces.setdefault(shape[0], []).append(shape[1].moved(matrix))
    for material, limb in limbs(placed):
        pieces.setdefault(material, []).append(limb)
    return {material: joined(meshes) for material, meshes in pieces.items()}


def limbs(placed):
    """Arms and legs as tubes through their joints; parts come in the order left, right."""
    ends = {"upper_arm": [], "forearm": [], "hand": [], "thigh": [], "shin": [], "foot": []}
    for name, matrix in placed:
        key = "hand" if name.startswith("hand_") else name
        if key in ends:
            ends[key].append(matrix)
    for side in range(2):
        shoulder, elbow, wrist = (ends[k][side][:3, 3] for k in ("upper_arm", "forearm", "hand"))
        yield "top", tube([shoulder, elbow, wrist], [SHOULDER_R, ELBOW_R, 0.036], 5)
        hip, knee, ankle = (ends[k][side][:3, 3] for k in ("thigh", "shin", "foot"))
        yield "trousers", tube([hip, knee, ankle], [HIP_R, KNEE_R, 0.055], 6)
