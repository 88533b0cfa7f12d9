//! A bad network that needs no privileges: everything between clients and a server goes through a [`Relay`], which
//! loses, delays and cuts. For tests and measurements.

mod relay;
mod weather;

pub use relay::Relay;
pub use weather::{Ways, Weather};
