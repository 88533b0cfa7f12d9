//! What the app carries inside, so that one file is the whole program.

use bevy::asset::io::memory::{Dir, MemoryAssetReader};
use bevy::asset::io::{AssetSourceBuilder, AssetSourceId};
use std::path::Path;

/// Avatars and the like, by the paths under which the scene asks for them. (Places come from their servers.)
const FILES: &[(&str, &[u8])] = &[("avatars/parts.glb", include_bytes!("../assets/avatars/parts.glb"))];

/// The asset source of [`FILES`], to be registered before Bevy's default plugins.
pub(crate) fn asset_source() -> (AssetSourceId<'static>, AssetSourceBuilder) {
    let root = Dir::default();
    for (path, content) in FILES {
        root.insert_asset(Path::new(path), *content);
    }
    let reader =
        move || -> Box<dyn bevy::asset::io::ErasedAssetReader> { Box::new(MemoryAssetReader { root: root.clone() }) };
    (AssetSourceId::Default, AssetSourceBuilder::new(reader))
}
