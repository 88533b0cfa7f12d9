"""Furniture as functions that return a `Model`: front to -z (yaw 0), origin on the floor unless said otherwise."""

from .boards import wall_screen, whiteboard
from .lamps import dome_pendant, downlight, floor_lamp, linear_pendant, table_lamp
from .openings import DOOR_HEIGHT_M, DOOR_WIDTH_M, curtain_rail, curtains, door, reveal, skirting, window
from .plants import fiddle_leaf, leaf, round_pot, spray, trailing
from .seating import SEAT_HEIGHT_M, bench, sofa, stool, swivel_chair
from .small_things import (
    ballpoint,
    book_stack,
    books,
    bowl,
    carafe,
    coat_hooks,
    cup,
    light_switch,
    marker,
    notebook,
    picture,
    pot,
    socket,
    speakerphone,
    storage_box,
    tray,
    tumbler,
)
from .surfaces import RUG_HEIGHT_M, ceiling_raft, rug, slat_wall, wainscot
from .tables import TABLE_HEIGHT_M, bookshelf, cable_tray, round_table, sideboard, standing_table, table

__all__ = [name for name in dir() if not name.startswith("_")]
