//! Binaural rendering: where voices sound from, and how the room answers.
