"""Makes assets/avatars/parts.glb: the parts from which the app builds people.

Run: python avatar.py [OUTPUT.glb]   (Python with bpy 4.5)

One glTF node and mesh for each part and material, named `<part>.<material>`. Each part's origin is its proximal joint:
-z forward, +y up, limbs along -y, palms towards the body, metres. `head` and `hair_*` have their origin midway between
the eyes, `eyelids` on the line through the eyes' centres (closed as they are; +60 degrees around x opens them), `torso`
and `pelvis` at the pelvis' centre (0.95 m when standing). `far_*` are whole people for the distance; their origin is on
the floor under the pelvis.
"""

import sys
from pathlib import Path

import bpy

from avatar_body import body_parts
from avatar_far import far_parts
from avatar_hair import hair_parts
from avatar_hands import SHAPES, hand_parts
from avatar_head import HEAD_SCALE, eyelid_parts, head_parts
from avatar_mesh import to_blender

BODY_TRIANGLES = {"torso": 510, "pelvis": 190, "foot": 150}
HEAD_TRIANGLES, HAND_TRIANGLES = 1200, 480
HAIR_TRIANGLES = [540, 660, 760, 640, 700, 720, 500, 740]
COLORS = {
    "skin": (0.62, 0.36, 0.25), "hair": (0.05, 0.03, 0.02), "top": (0.12, 0.22, 0.17), "trousers": (0.05, 0.055, 0.07),
    "shoes": (0.5, 0.47, 0.42), "eye_white": (0.86, 0.84, 0.8), "iris": (0.16, 0.09, 0.05), "dark": (0.02, 0.015, 0.013),
}
ROUGHNESS = {"skin": 0.6, "hair": 0.7, "top": 0.9, "trousers": 0.9, "shoes": 0.65, "eye_white": 0.25, "iris": 0.2, "dark": 0.35}


def all_parts():
    """{part: {material: mesh}} for everything that is shown near by."""
    parts = {"head": head_parts(HEAD_TRIANGLES), "eyelids": eyelid_parts()}
    parts |= hair_parts(HAIR_TRIANGLES)
    parts = {name: {m: mesh.scaled(HEAD_SCALE) for m, mesh in meshes.items()} for name, meshes in parts.items()}
    parts |= body_parts(BODY_TRIANGLES)
    for shape in SHAPES:
        right, left = hand_parts(shape, HAND_TRIANGLES)
        parts[f"hand_{shape}_right"], parts[f"hand_{shape}_left"] = {"skin": right}, {"skin": left}
    return parts


def check(parts):
    """Stops when a person would cost more than the app's budget allows."""
    cost = {name: sum(len(mesh.triangles) for mesh in meshes.values()) for name, meshes in parts.items()}
    pairs = sum(cost[name] for name in ("upper_arm", "forearm", "thigh", "shin", "foot"))
    hair = max(count for name, count in cost.items() if name.startswith("hair_"))
    hand = max(count for name, count in cost.items() if name.startswith("hand_"))
    near = hair + 2 * (pairs + hand) + sum(cost[name] for name in ("head", "eyelids", "neck", "torso", "pelvis"))
    far = max(count for name, count in cost.items() if name.startswith("far_"))
    for name, count in cost.items():
        print(f"{name:20} {count:5} triangles")
    print(f"a person near by: at most {near} triangles, far away {far}")
    if near > 6500 or far > 300:
        sys.exit("too many triangles: at most 6500 near by and 300 far away")


def materials():
    made = {}
    for name, color in COLORS.items():
        material = bpy.data.materials.new(name)
        material.use_nodes = True
        shader = material.node_tree.nodes["Principled BSDF"]
        shader.inputs["Base Color"].default_value = (*color, 1)
        shader.inputs["Roughness"].default_value = ROUGHNESS[name]
        made[name] = material
    return made


def main():
    output = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1] / "avatars" / "parts.glb")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    parts = all_parts()
    parts |= far_parts()
    check(parts)
    palette = materials()
    for part, meshes in parts.items():
        for material, mesh in meshes.items():
            to_blender(f"{part}.{material}", mesh, palette[material])
    output.parent.mkdir(parents=True, exist_ok=True)
    bpy.ops.export_scene.gltf(
        filepath=str(output), export_format="GLB", export_yup=True, export_normals=True, export_texcoords=False,
        export_animations=False, export_materials="EXPORT",
    )


if __name__ == "__main__":
    main()
