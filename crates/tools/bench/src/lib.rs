//! Atrium's measurements.
