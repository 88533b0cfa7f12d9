"""The command line of a room's script: pictures while one works on it, or the files that ship."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from . import bake, export, ktx2, preview, room_file
from .light import Sun
from .room import Room, clear

LIGHTMAP_SIZE, SAMPLES = 2048, 24
DRAFT_SIZE, DRAFT_SAMPLES = 512, 16
# Steps of about 1 %, less than one step of a screen after tone mapping, for two thirds of the bytes.
LIGHT_BITS = 7


def main(script: str, folder: Path, model: Callable[[], Room], light_up: Callable[[], None], sun: Sun, views: dict,
         middle=(0.0, 1.5, 0.0)) -> None:
    """Does what the arguments ask for. `views`: name to (eye, target) in room space; `middle`: of the panorama."""
    options = _options(list(views))
    name = Path(script).stem
    options.pictures.mkdir(parents=True, exist_ok=True)
    size, samples = (DRAFT_SIZE, DRAFT_SAMPLES) if options.draft else (LIGHTMAP_SIZE, SAMPLES)
    size, samples = options.size or size, options.samples or samples
    started = time.monotonic()
    if options.look:
        preview.show_files(folder, name)
        for view in options.views:
            _picture(options, f"{name}-baked", view, views)
        return
    clear()
    built = model().build(size)
    print(f"{name}: {built.triangles:,} triangles, {len(built.objects)} meshes, {built.texels_per_metre:.1f} texels/m, "
          f"{time.monotonic() - started:.0f} s")
    light_up()
    if options.preview:
        for view in options.views:
            _picture(options, name, view, views)
        return
    baked = bake.lightmap(built, size, samples)
    print(f"{name}: baked after {time.monotonic() - started:.0f} s; light {_spread(baked)}")
    folder.mkdir(parents=True, exist_ok=True)
    ktx2.write(folder / "light.ktx2", [baked], LIGHT_BITS)
    bake.write_environment(folder, bake.panorama(middle, samples=max(32, samples)))
    print(f"{name}: {export.write_glb(folder / f'{name}.glb', built)}")
    room_file.write_made(folder / "room.ron", Path(script).name, f"{name}.glb", built.baked, sun)
    total = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{name}: {total / 1e6:.1f} MB in all, {time.monotonic() - started:.0f} s")
    preview.show_baked(baked)
    for view in options.views:
        _picture(options, f"{name}-baked", view, views)


def _options(views: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Makes a room's files, or pictures of it.")
    parser.add_argument("--preview", action="store_true", help="only trace pictures of the model")
    parser.add_argument("--look", action="store_true", help="only draw pictures of the finished files")
    parser.add_argument("--draft", action="store_true", help="a small lightmap with few samples")
    parser.add_argument("--views", nargs="*", default=views, choices=views, help="which pictures")
    parser.add_argument("--pictures", type=Path, default=Path("pictures"), help="folder for pictures")
    parser.add_argument("--picture-size", nargs=2, type=int, default=(640, 360))
    parser.add_argument("--picture-samples", type=int, default=24)
    parser.add_argument("--size", type=int, help="of the lightmap, in texels")
    parser.add_argument("--samples", type=int, help="of the bake, for each texel")
    return parser.parse_args()


def _picture(options, name: str, view: str, views: dict) -> None:
    path = options.pictures.resolve() / f"{name}-{view}.png"
    preview.render(path, *views[view], size=tuple(options.picture_size), samples=options.picture_samples)


def _spread(light: np.ndarray) -> str:
    level = light.mean(axis=2)
    return ", ".join(f"{share} % under {np.percentile(level, share):.3f}" for share in (1, 10, 50, 90, 99))
