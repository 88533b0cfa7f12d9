use std::time::Duration;

/// Samples a second of everything between the devices.
pub const SAMPLE_RATE_HZ: u32 = atrium_voice::SAMPLE_RATE_HZ;
/// Samples of one block, 10 ms.
pub const BLOCK_SAMPLES: usize = 480;
/// Time of one block.
pub const BLOCK: Duration = Duration::from_millis(10);

/// How long before it is played a block for the speaker is made: the rest of its period it waits for packets.
pub const MADE_AHEAD: Duration = Duration::from_millis(5);

/// 10 ms of one microphone, in −1…1.
pub type MonoBlock = [f32; BLOCK_SAMPLES];
/// 10 ms for two ears, left and right, in −1…1.
pub type StereoBlock = [[f32; 2]; BLOCK_SAMPLES];

/// What devices and files may give: never over full scale, never anything that is not a number.
pub(crate) fn harmless(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 }
}
