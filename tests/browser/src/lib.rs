//! Chromium in a room: see `tests/`.
