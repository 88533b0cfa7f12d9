//! Pictures that a person pastes or drops: made small enough, written anew, and given to the room.

use super::pictures::{read, smaller};
use atrium_board::limits::IMAGE_BYTES;
use bevy::prelude::*;
use bevy::tasks::{AsyncComputeTaskPool, Task};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, RgbaImage};
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

/// Pixels of a picture on a board, in each direction.
const MOST_PIXELS: u32 = 2_048;
/// Up to this size a picture stays as exact as it is.
const EXACT_BYTES: usize = 384 * 1024;
/// How well JPEG keeps pictures.
const JPEG_QUALITY: u8 = 85;
/// Files that are larger are not even read.
const FILE_BYTES: u64 = 64 * 1024 * 1024;

/// A picture that the room can have.
#[derive(Debug)]
pub(super) struct Prepared {
    /// PNG or JPEG, small enough.
    pub(super) file: Vec<u8>,
    /// Width and height.
    pub(super) pixels: UVec2,
}

/// Prepares a dropped file.
pub(super) fn from_file(path: PathBuf) -> Task<Result<Prepared, String>> {
    AsyncComputeTaskPool::get().spawn(async move { prepare(read(&read_file(&path)?)?) })
}

/// Prepares what the clipboard has. `None`: there is no picture in it.
pub(super) fn from_clipboard() -> Task<Result<Prepared, String>> {
    AsyncComputeTaskPool::get().spawn(async move {
        let mut clipboard = arboard::Clipboard::new().map_err(|error| error.to_string())?;
        let picture = clipboard.get_image().map_err(|error| error.to_string())?;
        let (width, height) = (picture.width as u32, picture.height as u32);
        let pixels = RgbaImage::from_raw(width, height, picture.bytes.into_owned());
        prepare(pixels.ok_or("the clipboard has half a picture")?.into())
    })
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// Written anew: what a camera hid in its file stays here.
fn prepare(picture: DynamicImage) -> Result<Prepared, String> {
    let mut most = MOST_PIXELS;
    loop {
        let picture = smaller(picture.clone(), most);
        let file = encode(&picture)?;
        if file.len() <= IMAGE_BYTES {
            return Ok(Prepared { file, pixels: UVec2::new(picture.width(), picture.height()) });
        }
        // Noise with transparency may need a second round.
        most = picture.width().max(picture.height()) * 3 / 4;
        if most < 16 {
            return Err("it cannot be made small enough".to_owned());
        }
    }
}

fn encode(picture: &DynamicImage) -> Result<Vec<u8>, String> {
    let is_see_through = picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255);
    let mut png = Cursor::new(Vec::new());
    let exact = if is_see_through { picture.to_rgba8().into() } else { DynamicImage::from(picture.to_rgb8()) };
    exact.write_to(&mut png, ImageFormat::Png).map_err(|error| error.to_string())?;
    let png = png.into_inner();
    if is_see_through || png.len() <= EXACT_BYTES {
        return Ok(png);
    }
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY);
    exact.write_with_encoder(encoder).map_err(|error| error.to_string())?;
    Ok(if jpeg.len() < png.len() { jpeg } else { png })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, Rgba};

    fn noise(width: u32, height: u32) -> RgbImage {
        let mut random = 1_u32;
        RgbImage::from_fn(width, height, |_, _| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Rgb([(random >> 8) as u8, (random >> 16) as u8, (random >> 24) as u8])
        })
    }

    fn format(prepared: &Prepared) -> ImageFormat {
        image::guess_format(&prepared.file).unwrap()
    }

    #[test]
    fn small_and_see_through_pictures_stay_exact() {
        let flat = prepare(RgbImage::from_pixel(900, 600, Rgb([200, 100, 50])).into()).unwrap();
        assert_eq!((format(&flat), flat.pixels), (ImageFormat::Png, UVec2::new(900, 600)));
        let glass = RgbaImage::from_fn(600, 600, |x, _| Rgba([x as u8, 90, 200, if x < 300 { 255 } else { 90 }]));
        assert_eq!(format(&prepare(glass.into()).unwrap()), ImageFormat::Png);
    }

    #[test]
    fn large_pictures_become_small_enough() {
        let photo = prepare(noise(3_000, 1_500).into()).unwrap();
        assert_eq!(format(&photo), ImageFormat::Jpeg);
        assert!(photo.file.len() <= IMAGE_BYTES && photo.pixels.x <= MOST_PIXELS, "{:?}", photo.pixels);
        assert_eq!(photo.pixels.x, 2 * photo.pixels.y);
        let noise = noise(1_500, 1_500);
        let veil = RgbaImage::from_fn(1_500, 1_500, |x, y| {
            let Rgb([red, green, blue]) = *noise.get_pixel(x, y);
            Rgba([red, green, blue, red])
        });
        let veil = prepare(veil.into()).unwrap();
        assert!(veil.file.len() <= IMAGE_BYTES && format(&veil) == ImageFormat::Png);
    }

    #[test]
    fn what_is_no_picture_is_refused_and_bombs_do_not_burst() {
        assert!(read(b"not a picture").is_err());
        assert!(read(&[]).is_err());
        let mut small = Vec::new();
        let pixel = RgbaImage::from_pixel(1, 1, Rgba([9; 4]));
        pixel.write_to(&mut Cursor::new(&mut small), ImageFormat::Png).unwrap();
        assert!(read(&small).is_ok());
        // The same claims to be 60,000 pixels wide and high, and its header is sound.
        let mut bomb = small;
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let sum = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&sum.to_be_bytes());
        assert!(read(&bomb).unwrap_err().contains("limit"), "{:?}", read(&bomb));
    }

    /// Of PNG (ISO 3309).
    fn crc32(bytes: &[u8]) -> u32 {
        let step = |crc: u32, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
        !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
    }
}
