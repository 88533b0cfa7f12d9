//! Pictures on boards: fetched by their content hash, decoded away from the frame, and kept as textures.

use super::paint::{Change, PaintOrders};
use crate::receive::PictureArrived;
use crate::room::{RenderQuality, filtered, level_count, with_levels};
use crate::wire::{RoomWire, ToRoom};
use atrium_board::limits::IMAGE_PIXELS;
use atrium_protocol::ContentHash;
use bevy::asset::RenderAssetUsages;
use bevy::image::ImageSampler;
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};
use bevy::tasks::{AsyncComputeTaskPool, Task, block_on, poll_once};
use image::{DynamicImage, ImageReader, Limits};
use std::collections::HashMap;
use std::io::Cursor;

/// Pictures that are on their way at a time.
const AT_A_TIME: usize = 8;
/// A picture that did not come is asked for again after this time.
const AGAIN_SECS: f64 = 15.0;
/// Pictures that a scene knows of.
const MOST: usize = 1_024;
/// What decoding may take, in bytes: more than the largest picture.
const DECODING_BYTES: u64 = 4 * (IMAGE_PIXELS as u64) * (IMAGE_PIXELS as u64) + (16 << 20);
/// How slanted a picture may be seen before it blurs.
const ANISOTROPY: u16 = 8;

/// The pictures of this room.
#[derive(Resource, Default)]
pub(super) struct Pictures {
    known: HashMap<ContentHash, State>,
}

enum State {
    /// To be asked for.
    Wanted,
    /// On its way.
    Asked,
    /// Being decoded.
    Decoding(Task<Result<Decoded, String>>),
    /// Painted from now on.
    Here,
    /// It did not come, and is asked for again then.
    Later { at_secs: f64 },
    /// It is no picture.
    Failed,
}

struct Decoded {
    size: UVec2,
    /// With its levels.
    texels: Vec<u8>,
}

impl Pictures {
    /// A picture is to be seen.
    pub(super) fn want(&mut self, hash: ContentHash) {
        if self.known.len() < MOST {
            self.known.entry(hash).or_insert(State::Wanted);
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }
}

/// Asks for what is wanted, and decodes what comes. Gives the pictures that can be painted from now on.
pub(super) fn come(
    pictures: &mut Pictures,
    arrived: &mut MessageReader<PictureArrived>,
    wire: &RoomWire,
    (quality, now_secs): (RenderQuality, f64),
    images: &mut Assets<Image>,
    orders: &mut PaintOrders,
) -> Vec<ContentHash> {
    for PictureArrived { hash, file } in arrived.read() {
        let Some(state) = pictures.known.get_mut(hash) else { continue };
        *state = match file {
            Ok(file) => State::Decoding(decode(file.clone(), quality)),
            Err(why) => {
                warn!("a picture on a board is not here: {why}");
                State::Later { at_secs: now_secs + AGAIN_SECS }
            }
        };
    }
    let mut come = Vec::new();
    let mut underway = pictures.known.values().filter(|state| matches!(state, State::Asked)).count();
    for (hash, state) in &mut pictures.known {
        match state {
            State::Later { at_secs } if *at_secs <= now_secs => *state = State::Wanted,
            State::Wanted if underway < AT_A_TIME => {
                underway += 1;
                wire.say(ToRoom::FetchPicture(*hash));
                *state = State::Asked;
            }
            State::Decoding(task) => match block_on(poll_once(task)) {
                None => {}
                Some(Ok(decoded)) => {
                    orders.changes.push(Change::Picture(*hash, images.add(texture(decoded))));
                    come.push(*hash);
                    *state = State::Here;
                }
                Some(Err(why)) => {
                    warn!("a picture on a board cannot be shown: {why}");
                    *state = State::Failed;
                }
            },
            _ => {}
        }
    }
    come
}

/// Reads a picture that somebody else made: whatever it claims, it takes no more than a picture may.
pub(super) fn read(file: &[u8]) -> Result<DynamicImage, String> {
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|error| error.to_string())?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(IMAGE_PIXELS), Some(IMAGE_PIXELS));
    limits.max_alloc = Some(DECODING_BYTES);
    reader.limits(limits);
    reader.decode().map_err(|error| error.to_string())
}

fn decode(file: Vec<u8>, quality: RenderQuality) -> Task<Result<Decoded, String>> {
    let most = if quality == RenderQuality::Low { 1_024 } else { 2_048 };
    AsyncComputeTaskPool::get().spawn(async move {
        let picture = smaller(read(&file)?, most).into_rgba8();
        let size = UVec2::new(picture.width(), picture.height());
        Ok(Decoded { size, texels: with_levels(picture.into_raw(), size) })
    })
}

/// The picture, or one that is no larger than `most` pixels in each direction.
pub(super) fn smaller(picture: DynamicImage, most: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= most {
        picture
    } else {
        picture.resize(most, most, image::imageops::FilterType::CatmullRom)
    }
}

fn texture(Decoded { size, texels }: Decoded) -> Image {
    let extent = Extent3d { width: size.x, height: size.y, depth_or_array_layers: 1 };
    let (dimension, format) = (TextureDimension::D2, TextureFormat::Rgba8UnormSrgb);
    let mut image = Image::new_uninit(extent, dimension, format, RenderAssetUsages::RENDER_WORLD);
    image.texture_descriptor.mip_level_count = level_count(size);
    image.data = Some(texels);
    image.sampler = filtered(&ImageSampler::Default, ANISOTROPY);
    image
}
