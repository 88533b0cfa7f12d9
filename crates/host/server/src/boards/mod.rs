//! What the server does with boards beside its shards: reading them from the store, writing them down now and then, and
//! looking at the pictures that people put on them.

mod keeper;
mod load;
mod picture;
#[cfg(test)]
pub(crate) mod test_boards;

pub(crate) use keeper::{BoardKeeper, KeptSnapshot, SNAPSHOT_EVERY};
pub(crate) use load::load_board;
pub(crate) use picture::{PictureError, check_picture};
