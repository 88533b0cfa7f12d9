//! Rendering takes no memory: it runs between two blocks of a sound card.

use crate::support::{noise, towards, voice};
use assert_no_alloc::{AllocDisabler, assert_no_alloc};
use atrium_spatial::{BLOCK_SAMPLES, Hrtf, Listener, OutputMode, Reach, Renderer, RoomSound, Voice};
use glam::{Quat, Vec3};

#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

#[test]
fn rendering_takes_no_memory() {
    let input = noise(0.3, 0.01);
    let silent = [0.0; BLOCK_SAMPLES];
    let mut renderer = Renderer::new(Hrtf::mit_kemar(), &RoomSound::default());
    let mut output = [[0.0; 2]; BLOCK_SAMPLES];
    for block in 0..120 {
        let samples = if block < 60 { &input[..] } else { &silent };
        let voices: [Voice<'_>; 8] = std::array::from_fn(|n| Voice {
            speaker: (block / 20 + n) as u32,
            facing: Vec3::X,
            occlusion: 0.3,
            reach: if n == 0 { Reach::Everyone } else { Reach::Near },
            ..voice(samples, towards(n as f32 * 45.0 + block as f32, 10.0) * 2.0)
        });
        let listener = Listener { position: Vec3::Y, room_from_head: Quat::from_rotation_y(block as f32 * 0.1) };
        assert_no_alloc(|| {
            renderer.set_output([OutputMode::Headphones, OutputMode::Stereo, OutputMode::Mono][block % 3]);
            if block % 40 == 0 {
                renderer.set_room(&RoomSound { reverb_secs: 0.1 + block as f32 / 100.0, ..RoomSound::default() });
            }
            renderer.render(&listener, &voices[..8 - block % 3], &mut output);
        });
    }
}
