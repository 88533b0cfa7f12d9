//! What the sound of a microphone goes through before it is encoded.
