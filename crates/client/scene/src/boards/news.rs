use super::export::Exported;
use super::inserting::PictureTold;
use super::sending::BoardTold;
use atrium_panels::BoardNews;
use bevy::ecs::system::SystemParam;
use bevy::prelude::*;

/// Hears everything about boards that a person should know.
#[derive(SystemParam)]
pub(crate) struct BoardNewsReaders<'w, 's> {
    told: MessageReader<'w, 's, BoardTold>,
    pictures: MessageReader<'w, 's, PictureTold>,
    exported: MessageReader<'w, 's, Exported>,
}

impl BoardNewsReaders<'_, '_> {
    /// What is new, in the words of the panels.
    pub(crate) fn read(&mut self) -> Vec<BoardNews> {
        let told = self.told.read().map(|told| BoardNews::Notice(told.notice.clone()));
        let pictures = self.pictures.read().map(|told| match told {
            PictureTold::NoneCopied => BoardNews::NothingToInsert,
            PictureTold::Failed(reason) => BoardNews::NoPicture { reason: reason.clone() },
            PictureTold::TooMany => BoardNews::TooManyPictures,
        });
        let exported = self.exported.read().map(|exported| match &exported.file {
            Ok(path) => BoardNews::Exported {
                file: path.display().to_string(),
                missing: exported.missing.clone(),
                missing_images: exported.missing_images,
            },
            Err(reason) => BoardNews::NotExported { reason: reason.clone() },
        });
        told.chain(pictures).chain(exported).collect()
    }
}
