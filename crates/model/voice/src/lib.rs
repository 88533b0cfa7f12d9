//! Voice: codec and jitter buffer.
