"""Modelling kit for the rooms: numpy makes meshes and textures, Blender's Cycles bakes the light.

Everything is in room space, as in room.ron: metres, y up, right-handed; yaw 0 looks along -z and turns
counter-clockwise as seen from above. `kit.room` turns it into Blender's axes, in one place.
"""
