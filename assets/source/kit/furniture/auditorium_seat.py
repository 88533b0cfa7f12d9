"""The Auditorium's seat: light enough for hundreds. Its origin is the floor below the sitter's hips."""

from __future__ import annotations

from ..mesh import Builder, Mesh
from ..model import Model
from ..shapes import box
from ..wrapped import GAP_M, wrapped

_WIDTH_M = 0.52
_CUSHION = [(0.172, 0.335), (-0.2, 0.345), (-0.256, 0.372), (-0.264, 0.412), (-0.238, 0.447), (-0.14, 0.456),
            (0.03, 0.447), (0.172, 0.436)]
_BACK = [(0.214, 0.43), (0.165, 0.43), (0.148, 0.50), (0.172, 0.70), (0.212, 0.858), (0.234, 0.886), (0.256, 0.866),
         (0.228, 0.66)]
_SHELL = [(0.248, 0.29), (0.226, 0.29), (0.236, 0.66), (0.264, 0.893), (0.276, 0.903), (0.284, 0.893), (0.256, 0.66)]
_SIDE = [(0.21, 0.0), (-0.1, 0.0), (-0.17, 0.605), (0.255, 0.605)]


def auditorium_seat(cloth: str = "felt green", wood: str = "oak", metal: str = "graphite") -> Model:
    """Cushion, back, wooden shell and the armrest on its left (-x)."""
    return Model().with_part(_upholstery(), cloth).with_part(_shell(), wood) + _side_with_arm(wood, metal).moved((-0.3, 0, 0))


def row_end(wood: str = "oak", metal: str = "graphite") -> Model:
    """The armrest that closes a row at +x; its origin is that of the row's last seat."""
    return _side_with_arm(wood, metal).moved((0.3, 0, 0))


def _rounded(width: float, inset: float):
    half = width / 2
    return [(-half, inset), (-half + inset, 0.0), (half - inset, 0.0), (half, inset)]


def _upholstery() -> Mesh:
    builder = Builder()
    chart = builder.chart()
    width, _ = wrapped(_CUSHION, _rounded(_WIDTH_M, 0.018), builder, chart)
    wrapped(_BACK, _rounded(_WIDTH_M, 0.016), builder, chart, (width + GAP_M, 0.0))
    return builder.finish(closed=True, smooth_degrees=75.0)


def _shell() -> Mesh:
    builder = Builder()
    wrapped(_SHELL, [(-_WIDTH_M / 2 - 0.004, 0.0), (_WIDTH_M / 2 + 0.004, 0.0)], builder, builder.chart())
    # The grain runs up the back.
    return builder.finish(closed=True, smooth_degrees=50.0).uv_turned()


def _side_with_arm(wood: str, metal: str) -> Model:
    builder = Builder()
    wrapped(_SIDE, _rounded(0.03, 0.005), builder, builder.chart())
    side = builder.finish(closed=True, smooth_degrees=20.0)
    arm = box((0.058, 0.03, 0.4), 0.009, without=("bottom",)).shifted((0, 0.62, 0.02))
    return Model().with_part(side, metal, light_detail=0.6).with_part(arm.uv_turned(), wood, light_detail=0.6)
