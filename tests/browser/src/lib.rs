//! Chromium in a room.
