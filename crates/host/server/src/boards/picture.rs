use atrium_protocol::limits;
use image::{ImageDecoder as _, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// Memory that a decoded picture may take: every pixel in four bytes.
const DECODED_BYTES: u64 = limits::IMAGE_PIXELS as u64 * limits::IMAGE_PIXELS as u64 * 4;

/// Why bytes are not a picture for a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PictureError {
    #[error("this is neither a PNG nor a JPEG picture, or it is damaged: save it anew as one of them")]
    NotAPicture,
    #[error(
        "a picture on a board has at most {bytes} bytes and {pixels} pixels a side, in 8 bits a colour: make it smaller",
        bytes = limits::IMAGE_BYTES,
        pixels = limits::IMAGE_PIXELS
    )]
    TooLarge,
}

/// The media type of a PNG or JPEG picture that can be shown. What its header announces is checked before anything is
/// unpacked; then all of it is, so that nobody meets a damaged one later.
pub(crate) fn check_picture(bytes: &[u8]) -> Result<&'static str, PictureError> {
    if bytes.len() > limits::IMAGE_BYTES {
        return Err(PictureError::TooLarge);
    }
    let (format, media_type) = match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => (ImageFormat::Png, "image/png"),
        Ok(ImageFormat::Jpeg) => (ImageFormat::Jpeg, "image/jpeg"),
        _ => return Err(PictureError::NotAPicture),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut allowed = Limits::default();
    allowed.max_alloc = Some(DECODED_BYTES + DECODED_BYTES / 4);
    reader.limits(allowed);
    let decoder = reader.into_decoder().map_err(|_| PictureError::NotAPicture)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(PictureError::NotAPicture);
    }
    if width > limits::IMAGE_PIXELS || height > limits::IMAGE_PIXELS || decoder.total_bytes() > DECODED_BYTES {
        return Err(PictureError::TooLarge);
    }
    let mut pixels = vec![0; usize::try_from(decoder.total_bytes()).map_err(|_| PictureError::TooLarge)?];
    decoder.read_image(&mut pixels).map_err(|_| PictureError::NotAPicture)?;
    Ok(media_type)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ColorType, ExtendedColorType, ImageEncoder as _, codecs};

    fn png(width: u32, height: u32, color: ExtendedColorType, bytes_a_pixel: usize) -> Vec<u8> {
        let mut file = Vec::new();
        let pixels = vec![9; width as usize * height as usize * bytes_a_pixel];
        codecs::png::PngEncoder::new(&mut file).write_image(&pixels, width, height, color).unwrap();
        file
    }

    fn jpeg() -> Vec<u8> {
        let mut file = Vec::new();
        let pixels = vec![90; 64 * 48 * 3];
        codecs::jpeg::JpegEncoder::new(&mut file).write_image(&pixels, 64, 48, ColorType::Rgb8.into()).unwrap();
        file
    }

    #[test]
    fn pictures_are_known_by_what_is_in_them() {
        assert_eq!(check_picture(&png(64, 48, ExtendedColorType::Rgba8, 4)), Ok("image/png"));
        assert_eq!(check_picture(&png(4_096, 1, ExtendedColorType::L8, 1)), Ok("image/png"));
        assert_eq!(check_picture(&jpeg()), Ok("image/jpeg"));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let whole = png(64, 48, ExtendedColorType::Rgba8, 4);
        let mut damaged = whole.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 0xff;
        let gif = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec();
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec();
        for bytes in
            [Vec::new(), vec![7; 500], gif, svg, damaged, whole[..whole.len() / 2].to_vec(), whole[..20].to_vec()]
        {
            assert_eq!(check_picture(&bytes), Err(PictureError::NotAPicture));
        }
        assert_eq!(check_picture(&jpeg()[..100]), Err(PictureError::NotAPicture));
    }

    #[test]
    fn bombs_are_refused_by_their_header() {
        // 60000 × 60000 pixels, in a few bytes.
        let mut bomb = png(1, 1, ExtendedColorType::L8, 1);
        bomb.splice(16..24, [0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let crc = crc32(&bomb[12..29]);
        bomb.splice(29..33, crc.to_be_bytes());
        assert_eq!(check_picture(&bomb), Err(PictureError::TooLarge));
        assert_eq!(check_picture(&png(4_097, 1, ExtendedColorType::L8, 1)), Err(PictureError::TooLarge));
        assert_eq!(check_picture(&vec![0; limits::IMAGE_BYTES + 1]), Err(PictureError::TooLarge));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
        })
    }
}
