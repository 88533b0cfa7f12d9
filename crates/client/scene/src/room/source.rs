use bevy::asset::io::{AssetSourceBuilder, AssetSourceId};
use std::path::Path;

/// The asset source of places: `place://FOLDER/room.ron`. Nothing outside of its folder can be read through it, whatever
/// a place's files refer to.
pub const PLACE_SOURCE: &str = "place";

/// The asset source of places, to be registered before Bevy's default plugins.
pub fn place_source(places_dir: &Path) -> (AssetSourceId<'static>, AssetSourceBuilder) {
    let builder = AssetSourceBuilder::platform_default(&places_dir.to_string_lossy(), None);
    (AssetSourceId::from(PLACE_SOURCE), builder)
}
