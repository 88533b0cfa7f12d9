//! Tests of the app. Everything is in `tests/`.
