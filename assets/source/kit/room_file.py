"""Reads what a room's script needs from room.ron, and writes the part of it that the script makes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .light import Sun

_MARK = "    // From here on made by assets/source/{script}; do not edit.\n"
_NUMBER = r"\s*(-?[\d.]+)\s*"


@dataclass(frozen=True)
class Place:
    """A seat, spawn, board or screen. position in metres; size is None where it has none."""

    name: str
    position: tuple[float, float, float]
    yaw_degrees: float
    size: tuple[float, float] | None = None


def read(path: Path, section: str) -> list[Place]:
    """The entries of `seats`, `spawns`, `boards` or `screens`, in the order of the file."""
    text = re.sub(r"//[^\n]*", "", path.read_text())
    block = re.search(rf"\b{section}:\s*\[(.*?)\n    \]", text, re.DOTALL)
    if block is None:
        return []
    places = []
    for entry in re.findall(r"\((?:[^()]|\([^()]*\))*\)", block.group(1)):
        name = re.search(r'name:\s*"([^"]*)"', entry)
        position = re.search(rf"position:\s*\({_NUMBER},{_NUMBER},{_NUMBER}\)", entry)
        yaw = re.search(rf"yaw_degrees:{_NUMBER}", entry)
        size = re.search(rf"size:\s*\({_NUMBER},{_NUMBER}\)", entry)
        places.append(
            Place(
                name.group(1) if name else "",
                tuple(float(part) for part in position.groups()),
                float(yaw.group(1)) if yaw else 0.0,
                tuple(float(part) for part in size.groups()) if size else None,
            )
        )
    return places


def write_made(path: Path, script: str, model: str, lightmapped: list[str], sun: Sun) -> None:
    """Replaces everything after the mark (or the closing bracket) with the model, its lightmaps and its light."""
    text = path.read_text()
    mark = _MARK.format(script=script)
    kept = text.split(mark)[0] if mark in text else text.rstrip().removesuffix(")").rstrip() + "\n\n"
    lightmaps = "\n".join(f'        (mesh: "{name}", image: "light.ktx2"),' for name in lightmapped)
    red, green, blue = (round(part, 3) for part in sun.color)
    made = f"""{mark}    model: "{model}",
    lightmaps: [
{lightmaps}
    ],
    light: (
        sun: (
            yaw_degrees: {sun.yaw_degrees:g}, elevation_degrees: {sun.elevation_degrees:g},
            color: ({red:g}, {green:g}, {blue:g}), irradiance: {sun.irradiance:g},
        ),
        environment: (diffuse: "environment_diffuse.ktx2", specular: "environment_specular.ktx2"),
    ),
)
"""
    path.write_text(kept + made)
