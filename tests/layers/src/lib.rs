//! Enforces the layers of ARCHITECTURE.md on the manifests of this workspace. Everything is in `tests/`.
