//! The client's network thread.
