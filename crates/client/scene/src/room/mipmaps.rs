//! Mipmaps for the textures of a model: glTF carries none, and without them distant patterns crawl.

use bevy::asset::{AssetPath, RenderAssetUsages};
use bevy::image::{ImageFilterMode, ImageSampler, ImageSamplerDescriptor};
use bevy::prelude::*;
use bevy::render::render_resource::TextureFormat;
use bevy::tasks::futures_lite::future;
use bevy::tasks::{AsyncComputeTaskPool, Task, block_on};

/// How slanted a surface may be before its texture blurs.
const ANISOTROPY: u16 = 8;

/// Textures whose mipmaps are being made away from the main thread.
pub(super) struct Work {
    total: usize,
    tasks: Vec<(AssetId<Image>, Task<Option<Vec<u8>>>)>,
}

impl Work {
    /// Takes the pixels of every texture that the model at `model` brought.
    pub(super) fn begin(model: &AssetPath, images: &mut Assets<Image>, assets: &AssetServer) -> Self {
        let is_of_model = |id: &AssetId<Image>| {
            assets
                .get_path(*id)
                .is_some_and(|path| path.label().is_some() && path.without_label() == model.without_label())
        };
        let ids: Vec<_> = images.ids().filter(is_of_model).collect();
        let mut tasks = Vec::new();
        for id in ids {
            let Some(image) = images.get_mut_untracked(id) else { continue };
            let size = image.size();
            let is_srgb = image.texture_descriptor.format == TextureFormat::Rgba8UnormSrgb;
            let is_plain = is_srgb || image.texture_descriptor.format == TextureFormat::Rgba8Unorm;
            let has_mipmaps = image.texture_descriptor.mip_level_count > 1;
            let pixels = if is_plain && !has_mipmaps { image.data.take() } else { None };
            let task =
                AsyncComputeTaskPool::get().spawn(async move { pixels.map(|pixels| chain(pixels, size, is_srgb)) });
            tasks.push((id, task));
        }
        Self { total: tasks.len(), tasks }
    }

    /// Puts finished chains into their images, one a frame since each is megabytes to upload; the share that is done.
    pub(super) fn advance(&mut self, images: &mut Assets<Image>) -> f32 {
        let finished = self.tasks.iter().position(|(_, task)| task.is_finished());
        if let Some(index) = finished {
            let (id, mut task) = self.tasks.swap_remove(index);
            let data = block_on(future::poll_once(&mut task)).flatten();
            if let Some(mut image) = images.get_mut(id) {
                if let Some(data) = data {
                    image.texture_descriptor.mip_level_count = level_count(image.size());
                    image.data = Some(data);
                    image.sampler = filtered(&image.sampler, ANISOTROPY);
                }
                image.asset_usage = RenderAssetUsages::RENDER_WORLD;
            }
        }
        if self.tasks.is_empty() { 1.0 } else { 1.0 - self.tasks.len() as f32 / self.total as f32 }
    }
}

/// How many levels a texture of that size has, down to one pixel.
pub(crate) fn level_count(size: UVec2) -> u32 {
    size.max_element().max(1).ilog2() + 1
}

/// The sampler with smooth steps between levels, and sharp at a slant up to `anisotropy`.
pub(crate) fn filtered(sampler: &ImageSampler, anisotropy: u16) -> ImageSampler {
    let mut descriptor = match sampler {
        ImageSampler::Default => ImageSamplerDescriptor::linear(),
        ImageSampler::Descriptor(descriptor) => descriptor.clone(),
    };
    descriptor.mag_filter = ImageFilterMode::Linear;
    descriptor.min_filter = ImageFilterMode::Linear;
    descriptor.mipmap_filter = ImageFilterMode::Linear;
    descriptor.anisotropy_clamp = anisotropy;
    ImageSampler::Descriptor(descriptor)
}

/// A picture's pixels (RGBA, sRGB) followed by its smaller levels.
pub(crate) fn with_levels(pixels: Vec<u8>, size: UVec2) -> Vec<u8> {
    chain(pixels, size, true)
}

/// `pixels` (RGBA, 8 bits each) followed by its smaller levels, each the mean of 2 × 2 pixels in linear light.
fn chain(mut pixels: Vec<u8>, size: UVec2, is_srgb: bool) -> Vec<u8> {
    let curve = Curve::new(is_srgb);
    let mut start = 0;
    let mut size = size;
    for _ in 1..level_count(size) {
        let smaller = (size / 2).max(UVec2::ONE);
        let level = halved(pixels.get(start..).unwrap_or_default(), size, smaller, &curve);
        start = pixels.len();
        pixels.extend(level);
        size = smaller;
    }
    pixels
}

fn halved(level: &[u8], size: UVec2, smaller: UVec2, curve: &Curve) -> Vec<u8> {
    let stride = size.x as usize * 4;
    let mut out = Vec::with_capacity((smaller.x * smaller.y * 4) as usize);
    for y in 0..smaller.y {
        let rows = [2 * y, (2 * y + 1).min(size.y - 1)].map(|row| row as usize * stride);
        for x in 0..smaller.x {
            let columns = [2 * x, (2 * x + 1).min(size.x - 1)].map(|column| column as usize * 4);
            for channel in 0..4 {
                let at = |row: usize, column: usize| level.get(row + column + channel).copied().unwrap_or(0);
                let four = [
                    at(rows[0], columns[0]),
                    at(rows[0], columns[1]),
                    at(rows[1], columns[0]),
                    at(rows[1], columns[1]),
                ];
                // Alpha is linear in every format.
                out.push(if channel < 3 { curve.mean(four) } else { plain_mean(four) });
            }
        }
    }
    out
}

// Millions of means are taken while a room loads: written out, they take a third of the time in builds that hardly optimise.
fn plain_mean([a, b, c, d]: [u8; 4]) -> u8 {
    let sum = u16::from(a) + u16::from(b) + u16::from(c) + u16::from(d);
    // Never over 255, since it is a mean.
    ((sum + 2) / 4) as u8
}

/// From a byte to linear light and back.
struct Curve {
    /// Linear light × 4095 of each byte.
    linear: [u16; 256],
    /// The byte of each linear light × 4095.
    byte: Vec<u8>,
}

impl Curve {
    fn new(is_srgb: bool) -> Self {
        let to_linear = |byte: usize| {
            let value = byte as f32 / 255.0;
            if is_srgb { Srgba::gamma_function(value) } else { value }
        };
        let to_byte = |light: usize| {
            let value = light as f32 / 4095.0;
            let value = if is_srgb { Srgba::gamma_function_inverse(value) } else { value };
            (value * 255.0).round() as u8
        };
        let linear = std::array::from_fn(|byte| (to_linear(byte) * 4095.0).round() as u16);
        Self { linear, byte: (0..4096).map(to_byte).collect() }
    }

    fn mean(&self, [a, b, c, d]: [u8; 4]) -> u8 {
        let linear = |byte: u8| usize::from(self.linear[usize::from(byte)]);
        let sum = linear(a) + linear(b) + linear(c) + linear(d);
        self.byte.get((sum + 2) / 4).copied().unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_ends_at_one_pixel() {
        let size = UVec2::new(8, 2);
        let data = chain(vec![100; 8 * 2 * 4], size, true);
        assert_eq!(level_count(size), 4);
        assert_eq!(data.len(), 4 * (16 + 4 + 2 + 1));
        assert!(data.iter().all(|byte| byte.abs_diff(100) <= 1), "an even colour stays");
    }

    #[test]
    fn black_and_white_meet_in_linear_light() {
        let pixels = [[0, 0, 0, 255], [255, 255, 255, 255]].concat();
        assert_eq!(chain(pixels.clone(), UVec2::new(2, 1), true)[8..], [188, 188, 188, 255]);
        assert_eq!(chain(pixels, UVec2::new(2, 1), false)[8..], [128, 128, 128, 255]);
    }
}
