use crate::late_tail::LateTail;
use crate::limiter::Limiter;
use crate::voice_path::{Buses, Surroundings, VoicePath};
use crate::{BLOCK_SAMPLES, Hrtf, LIMITER_DELAY_SAMPLES, Listener, OutputMode, RoomSound, VOICES_MAX, Voice};

/// Turns voices with places into two ears.
///
/// Memory is taken once, in [`Renderer::new`]. A place in `voices` is a slot: it carries one speaker from block to
/// block.
pub struct Renderer {
    hrtf: Hrtf,
    mode: OutputMode,
    room: RoomSound,
    listener: Listener,
    paths: Vec<VoicePath>,
    tail: LateTail,
    limiter: Limiter,
    buses: Box<Buses>,
    mixed: Box<[[f32; 2]; BLOCK_SAMPLES]>,
}

impl Renderer {
    /// By how much the direct sound comes later than it was put in, in samples: 1.5 ms, and up to 0.7 ms more with
    /// headphones, by direction.
    pub const DELAY_SAMPLES: usize = LIMITER_DELAY_SAMPLES + 7;

    /// A renderer for headphones.
    pub fn new(hrtf: Hrtf, room: &RoomSound) -> Self {
        let room = room.checked();
        Self {
            hrtf,
            mode: OutputMode::default(),
            room,
            listener: Listener::default(),
            paths: vec![VoicePath::new(); VOICES_MAX],
            tail: LateTail::new(&room),
            limiter: Limiter::new(),
            buses: Box::new(Buses { ears: [[0.0; BLOCK_SAMPLES]; 2], tail: [0.0; BLOCK_SAMPLES] }),
            mixed: Box::new([[0.0; 2]; BLOCK_SAMPLES]),
        }
    }

    /// For what the output is, from the next block on.
    pub fn set_output(&mut self, mode: OutputMode) {
        self.mode = mode;
    }

    /// Another room, from the next block on. Numbers that cannot be become usual ones. Where its walls or its
    /// reverberation differ, the tail starts anew.
    pub fn set_room(&mut self, room: &RoomSound) {
        let room = room.checked();
        if room != self.room {
            self.room = room;
            self.tail.set_room(&room);
        }
    }

    /// Renders the next block of [`BLOCK_SAMPLES`] (left, right) into `output`; what is longer becomes silent.
    ///
    /// `voices[i]` carries on slot `i`; missing voices are silent, and those from [`VOICES_MAX`] on are not heard.
    pub fn render(&mut self, listener: &Listener, voices: &[Voice<'_>], output: &mut [[f32; 2]]) {
        self.listener = listener.or_before(self.listener);
        let around = Surroundings { hrtf: &self.hrtf, mode: self.mode, room: &self.room, listener: self.listener };
        self.buses.ears.iter_mut().for_each(|ear| ear.fill(0.0));
        self.buses.tail.fill(0.0);
        for (slot, path) in self.paths.iter_mut().enumerate() {
            path.add(voices.get(slot), around, &mut self.buses);
        }
        self.tail.add(&self.buses.tail, self.mode == OutputMode::Mono, &mut self.buses.ears);

        let [left, right] = &self.buses.ears;
        for (frame, (left, right)) in self.mixed.iter_mut().zip(left.iter().zip(right)) {
            *frame = [*left, *right];
        }
        self.limiter.run(&mut self.mixed);
        output.fill([0.0; 2]);
        output.iter_mut().zip(self.mixed.iter()).for_each(|(output, frame)| *output = *frame);
    }
}
