"""Pictures of assembled people, to judge the parts by: python avatar_preview.py PARTS.glb FOLDER [picture]…

Pictures: faces, portrait, standing, seated, waving, crew, hair, hair_back, hands, back, far.
"""

import sys
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix, Vector

from avatar_field import rotation
from avatar_pose import SEATED, STANDING, WAVING, person, rigid, x, y

Y_UP = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], float)
PEOPLE = [
    {"skin": "#c58c6c", "hair": "#3a2418", "top": "#3f6f5c", "trousers": "#343a46", "shoes": "#d8d2c6", "iris": "#5b3a1e"},
    {"skin": "#8a5a3c", "hair": "#17110d", "top": "#c4694b", "trousers": "#4a4034", "shoes": "#3a3a3e", "iris": "#3a2412"},
    {"skin": "#e3b597", "hair": "#b98546", "top": "#3e5a8c", "trousers": "#8a8270", "shoes": "#6b4a34", "iris": "#4d7a8c"},
    {"skin": "#5b3a28", "hair": "#0f0c0b", "top": "#d9b24a", "trousers": "#2b3442", "shoes": "#ece7df", "iris": "#2a1a10"},
    {"skin": "#d9a07c", "hair": "#6c7f8f", "top": "#7c5a86", "trousers": "#2f3338", "shoes": "#c9c2b4", "iris": "#4b5a2a"},
]
ROUGHNESS = {"skin": 0.62, "hair": 0.72, "top": 0.92, "trousers": 0.92, "shoes": 0.7, "eye_white": 0.3, "iris": 0.25, "dark": 0.5}


def linear(code):
    s = np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)


def material(name, code):
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = made.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*linear(code), 1)
    shader.inputs["Roughness"].default_value = ROUGHNESS.get(name, 0.8)
    shader.inputs["Specular IOR Level"].default_value = 0.35
    return made


class Studio:
    """An empty scene with daylight, and the parts to fill it with."""

    def __init__(self, parts_path, samples):
        bpy.ops.wm.read_factory_settings(use_empty=True)
        bpy.ops.import_scene.gltf(filepath=str(parts_path))
        self.library = {}
        for loaded in [o for o in bpy.data.objects if o.type == "MESH"]:
            part, name = loaded.name.split(".", 1)
            self.library.setdefault(part, {})[name] = loaded.data
            bpy.data.objects.remove(loaded)
        self.light()
        scene = bpy.context.scene
        scene.render.engine = "CYCLES"
        scene.cycles.samples, scene.cycles.use_denoising = samples, True
        scene.cycles.max_bounces = 4
        scene.view_settings.view_transform = "AgX"
        scene.render.threads_mode, scene.render.threads = "FIXED", 2
        self.shown = []

    def light(self):
        world = bpy.data.worlds.new("sky")
        bpy.context.scene.world = world
        world.use_nodes = True
        world.node_tree.nodes["Background"].inputs[0].default_value = (0.72, 0.76, 0.82, 1)
        world.node_tree.nodes["Background"].inputs[1].default_value = 0.75
        sun = bpy.data.objects.new("sun", bpy.data.lights.new("sun", "SUN"))
        sun.data.energy, sun.data.angle, sun.data.color = 3.0, 0.08, (1, 0.93, 0.84)
        sun.rotation_euler = (np.radians(52), 0, np.radians(142))
        bpy.context.scene.collection.objects.link(sun)
        floor = bpy.data.meshes.new("floor")
        floor.from_pydata([(-9, -9, 0), (9, -9, 0), (9, 9, 0), (-9, 9, 0)], [], [(0, 1, 2, 3)])
        floor.materials.append(material("floor", "#c9b59a"))
        bpy.context.scene.collection.objects.link(bpy.data.objects.new("floor", floor))

    def add(self, placed, colors, at=(0, 0, 0), turn_degrees=0):
        palette = {name: material(name, code) for name, code in ({"eye_white": "#efeae2", "dark": "#1c1512"} | colors).items()}
        base = rigid(rotation((0, 1, 0), turn_degrees), at)
        for part, matrix in placed:
            for name, data in self.library[part].items():
                shown = bpy.data.objects.new("shown", data)
                bpy.context.scene.collection.objects.link(shown)
                shown.matrix_world = Matrix((Y_UP @ base @ matrix @ Y_UP.T).tolist())
                shown.material_slots[0].link = "OBJECT"
                shown.material_slots[0].material = palette[name]
                self.shown.append(shown)

    def box(self, low, high, code):
        data = bpy.data.meshes.new("box")
        corners = [(a, b, c) for a in (low[0], high[0]) for b in (low[1], high[1]) for c in (low[2], high[2])]
        points = [(cx, -cz, cy) for cx, cy, cz in corners]
        data.from_pydata(points, [], [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)])
        data.materials.append(material("box", code))
        shown = bpy.data.objects.new("box", data)
        bpy.context.scene.collection.objects.link(shown)
        self.shown.append(shown)

    def clear(self):
        for shown in self.shown:
            bpy.data.objects.remove(shown)
        self.shown = []

    def shoot(self, path, eye, target, degrees, size=(640, 640)):
        scene = bpy.context.scene
        camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
        camera.data.angle = np.radians(degrees)
        a, b = (Vector((p[0], -p[2], p[1])) for p in (eye, target))
        camera.location, camera.rotation_euler = a, (b - a).to_track_quat("-Z", "Y").to_euler()
        scene.collection.objects.link(camera)
        scene.camera = camera
        scene.render.resolution_x, scene.render.resolution_y = size
        scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        self.clear()


def faces(studio, path):
    for i, (turn, blink, hair) in enumerate([(0, 60, 1), (40, 58, 2), (88, 60, 6), (-28, 0, 4)]):
        studio.add(person(STANDING, hair=hair, blink=blink), PEOPLE[i], (0.36 * (i - 1.5), 0, 0), turn)
    studio.shoot(path, (0, 1.63, -2.6), (0, 1.6, 0), 33, (1280, 640))


def portrait(studio, path):
    studio.add(person(STANDING, hair=2, blink=60), PEOPLE[0], (0, 0, 0), 20)
    studio.shoot(path, (0, 1.66, -1.1), (0, 1.615, 0), 24)


def standing(studio, path):
    studio.add(person(STANDING, hair=2), PEOPLE[0], (-0.4, 0, 0), -25)
    studio.add(person(STANDING, hair=4), PEOPLE[2], (0.4, 0, 0), 150)
    studio.shoot(path, (0.0, 1.35, -4.2), (0, 0.9, 0), 29)


def seated(studio, path):
    for i, (at, turn) in enumerate([((0, 0, 0.62), 0), ((0.95, 0, -0.1), 82)]):
        studio.add(person(SEATED, hair=(5, 3)[i], drop=0.40), PEOPLE[i + 1], at, turn)
        studio.box((at[0] - 0.22, 0.39, at[2] - 0.2), (at[0] + 0.22, 0.45, at[2] + 0.24), "#5E7A68")
    studio.box((-0.6, 0.71, -0.75), (0.6, 0.74, 0.28), "#C8A27A")
    studio.shoot(path, (-1.35, 1.6, -2.1), (0.25, 0.85, 0.2), 42)


def waving(studio, path):
    studio.add(person(WAVING, hair=6, hands=("relaxed", "open")), PEOPLE[4])
    studio.shoot(path, (0.5, 1.5, -2.6), (0.1, 1.4, 0), 32)


def crew(studio, path):
    for i, hair in enumerate((1, 5, 7, 8)):
        studio.add(person((STANDING, WAVING)[i == 2], hair=hair, hands=(("relaxed", "open"), ("fist", "point"))[i == 3]),
                   PEOPLE[(0, 2, 3, 4)[i]], (0.62 * (i - 1.5), 0, 0), 12 - 8 * i)
    studio.shoot(path, (0.0, 1.5, -5.2), (0, 0.92, 0), 27)


def hair(studio, path):
    for i in range(8):
        at = (0.42 * (i % 4 - 1.5), -0.46 * (i // 4), 0)
        studio.add([q for q in person(STANDING, hair=i + 1) if q[0] in ("head", "eyelids", "neck", f"hair_{i + 1}")],
                   PEOPLE[i % 5], at, (-35, 30, 35, -30)[i % 4])
    studio.shoot(path, (0, 1.5, -4.5), (0, 1.39, 0), 22, (1280, 720))


def hair_back(studio, path):
    for i in range(8):
        at = (0.42 * (i % 4 - 1.5), -0.46 * (i // 4), 0)
        studio.add([q for q in person(STANDING, hair=i + 1) if q[0] in ("head", "eyelids", "neck", f"hair_{i + 1}")],
                   PEOPLE[i % 5], at, (145, 210, 90, 170)[i % 4])
    studio.shoot(path, (0, 1.5, -4.5), (0, 1.39, 0), 22, (1280, 720))


def hands(studio, path):
    for row in range(3):
        for i, name in enumerate(("open", "relaxed", "fist", "point")):
            lift = rigid(x(180), (0.24 * (i - 1.5), 1.55 - 0.27 * row, 0))
            turned = lift @ rigid(y((90, -90, 20)[row]))
            side = ("right", "right", "left")[row]
            studio.add([(f"hand_{name}_{side}", turned)], PEOPLE[(0, 0, 3)[row]])
    studio.shoot(path, (0, 1.5, -2.6), (0, 1.42, 0), 21, (900, 820))


def back(studio, path):
    studio.add(person(WAVING, hair=1), PEOPLE[1], (-0.4, 0, 0), 160)
    studio.add(person(SEATED, hair=5, drop=0.4), PEOPLE[2], (0.45, 0, 0), 100)
    studio.shoot(path, (0, 1.4, -3.6), (0, 0.95, 0), 31)


def far(studio, path):
    studio.add([("far_standing", rigid())], PEOPLE[0], (-0.8, 0, 0), 20)
    studio.add(person(STANDING, hair=1), PEOPLE[0], (-0.2, 0, 0), 20)
    studio.add([("far_seated", rigid())], PEOPLE[2], (0.5, 0, 0), 20)
    studio.add([("far_standing", rigid())], PEOPLE[4], (1.0, 0, 0), 160)
    studio.shoot(path, (0, 1.3, -5.0), (0, 0.9, 0), 29)


PICTURES = {f.__name__: f for f in (faces, portrait, standing, seated, waving, crew, hair, hair_back, hands, back, far)}


def main():
    if len(sys.argv) < 3:
        print(__doc__)
        return
    studio = Studio(Path(sys.argv[1]), samples=24)
    folder = Path(sys.argv[2])
    for name in sys.argv[3:] or PICTURES:
        PICTURES[name](studio, folder / f"{name}.png")


if __name__ == "__main__":
    main()
