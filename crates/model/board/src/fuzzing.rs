//! What must hold for any bytes, as functions that panic where it does not.
