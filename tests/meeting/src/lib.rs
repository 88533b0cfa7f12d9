//! Whole meetings on loopback.
