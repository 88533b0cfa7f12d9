//! The one TCP port: HTTPS and ICE-TCP, told apart by their first byte.

mod first_byte;
mod https;
mod ice;
mod listener;

pub(crate) use listener::Listener;
