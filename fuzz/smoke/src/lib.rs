//! Runs the bodies of the fuzz targets on mutated input for a few seconds, on stable Rust and without a
//! fuzzing engine. It follows no coverage; `cargo fuzz` does that on the same bodies (see `fuzz/README.md`).

mod mutate;
mod random;
mod run;

pub use run::smoke;
