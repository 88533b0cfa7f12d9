//! Two people, each with an engine, and a network between them, on virtual time.

use atrium_audio::{
    BLOCK, BLOCK_SAMPLES, Listener, MonoBlock, Mouth, SoundCommand, SoundCore, SoundEvent, SoundScene, SpokenPacket,
    StereoBlock, UplinkSettings,
};
use atrium_protocol::{Micros, ParticipantId};
use atrium_spatial::Hrtf;
use atrium_voice::VoicePacket;
use glam::Vec3;
use std::collections::VecDeque;
use std::f32::consts::TAU;
use std::time::Duration;

pub(crate) const ANNA: ParticipantId = ParticipantId(7);
pub(crate) const BEN: ParticipantId = ParticipantId(9);
/// Where Ben's head is.
pub(crate) const HEAD: Vec3 = Vec3::new(0.0, 1.6, 0.0);

pub(crate) fn ears() -> Listener {
    Listener { position: HEAD, ..Listener::default() }
}

/// Anna speaks, Ben hears.
pub(crate) struct Meeting {
    pub(crate) anna: SoundCore,
    pub(crate) ben: SoundCore,
    pub(crate) now: Micros,
    pub(crate) network_delay: Duration,
    /// Which packets are lost.
    pub(crate) is_lost: fn(usize) -> bool,
    /// The server forwards nothing.
    pub(crate) is_cut: bool,
    /// What the network makes of a packet.
    pub(crate) spoil: fn(VoicePacket) -> VoicePacket,
    /// All that Anna sent, and when.
    pub(crate) sent: Vec<(Micros, SpokenPacket)>,
    pub(crate) heard: Vec<[f32; 2]>,
    pub(crate) annas_events: Vec<SoundEvent>,
    pub(crate) bens_events: Vec<SoundEvent>,
    on_the_way: VecDeque<(Micros, VoicePacket)>,
    samples_spoken: u64,
}

impl Meeting {
    /// Both in an office; Anna a metre ahead of Ben. Her voice is sent as it is.
    pub(crate) fn new() -> Self {
        let core = || SoundCore::new(Hrtf::mit_kemar()).unwrap();
        let mut meeting = Self {
            anna: core(),
            ben: core(),
            now: Micros(1_000_000),
            network_delay: Duration::from_millis(30),
            is_lost: |_| false,
            is_cut: false,
            spoil: |packet| packet,
            sent: Vec::new(),
            heard: Vec::new(),
            annas_events: Vec::new(),
            bens_events: Vec::new(),
            on_the_way: VecDeque::new(),
            samples_spoken: 0,
        };
        meeting.tell_anna(SoundCommand::Clean(UplinkSettings::headphones().for_music()));
        meeting.tell_ben(SoundCommand::IAm(BEN));
        meeting.place_anna(Vec3::NEG_Z);
        meeting
    }

    pub(crate) fn tell_anna(&mut self, command: SoundCommand) {
        self.anna.command(self.now, command).unwrap();
    }

    pub(crate) fn tell_ben(&mut self, command: SoundCommand) {
        self.ben.command(self.now, command).unwrap();
    }

    /// Where Anna is from Ben, who stands in the middle and looks along −z.
    pub(crate) fn place_anna(&mut self, from_ben: Vec3) {
        self.place(Mouth::new(ANNA, HEAD + from_ben));
    }

    pub(crate) fn place(&mut self, mouth: Mouth) {
        self.ben.place(SoundScene { ears: ears(), mouths: vec![mouth] });
    }

    /// Anna's microphone hears `voice` (a function of seconds) for so long.
    pub(crate) fn pass(&mut self, secs: f32, voice: impl Fn(f32) -> f32) {
        for _ in 0..(secs * 100.0).round() as usize {
            self.now = self.now + BLOCK;
            let mut spoken: MonoBlock = [0.0; BLOCK_SAMPLES];
            for sample in &mut spoken {
                *sample = voice(self.samples_spoken as f32 / 48_000.0);
                self.samples_spoken += 1;
            }
            let mut unheard: StereoBlock = [[0.0; 2]; BLOCK_SAMPLES];
            self.anna.render(self.now, BLOCK, &mut unheard);
            self.anna.capture(self.now, self.now - BLOCK, &mut spoken);
            self.send();
            self.hear();
        }
    }

    fn send(&mut self) {
        while let Some(packet) = self.anna.next_packet() {
            let sequence = self.sent.len() as u16;
            let is_lost = self.is_cut || (self.is_lost)(self.sent.len());
            let on_the_way = VoicePacket {
                sequence,
                timestamp: packet.timestamp,
                marker: false,
                speaker: Some(ANNA),
                captured: Some(self.now - packet.age),
                payload: packet.payload.clone(),
            };
            if !is_lost {
                self.on_the_way.push_back((self.now + self.network_delay, (self.spoil)(on_the_way)));
            }
            self.sent.push((self.now, packet));
        }
        self.annas_events.extend(std::iter::from_fn(|| self.anna.next_event()));
    }

    fn hear(&mut self) {
        while let Some((arrived, packet)) = self.on_the_way.pop_front_if(|(arrives, _)| *arrives <= self.now) {
            self.ben.hear(2, arrived, packet);
        }
        let mut heard: StereoBlock = [[0.0; 2]; BLOCK_SAMPLES];
        self.ben.render(self.now, BLOCK, &mut heard);
        self.heard.extend_from_slice(&heard);
        self.bens_events.extend(std::iter::from_fn(|| self.ben.next_event()));
    }

    /// Levels in dB of the left and right ear over the last `secs`.
    pub(crate) fn levels_db(&self, secs: f32) -> [f32; 2] {
        let last = &self.heard[self.heard.len() - (secs * 48_000.0) as usize..];
        [0, 1].map(|ear| {
            let power = last.iter().map(|frame| frame[ear] * frame[ear]).sum::<f32>() / last.len() as f32;
            10.0 * power.max(1e-12).log10()
        })
    }

    /// The louder ear.
    pub(crate) fn level_db(&self, secs: f32) -> f32 {
        self.levels_db(secs).into_iter().fold(f32::MIN, f32::max)
    }
}

pub(crate) fn tone(secs: f32) -> f32 {
    0.2 * (TAU * 440.0 * secs.fract()).sin()
}

/// A vowel with many overtones, whose direction is easy to hear.
pub(crate) fn bright(secs: f32) -> f32 {
    (1..20).map(|k| (TAU * 220.0 * k as f32 * secs.fract() + (k * k) as f32).sin()).sum::<f32>() * 0.03
}

/// Something like speech: words of 400 ms with harmonics, gaps of 200 ms.
pub(crate) fn words(secs: f32) -> f32 {
    let in_word = (secs % 0.6) / 0.4;
    let envelope = if in_word < 1.0 { (in_word * TAU / 2.0).sin() } else { 0.0 };
    let voice: f32 = (1..8).map(|k| (TAU * 130.0 * k as f32 * secs.fract()).sin() / k as f32).sum();
    0.2 * envelope * voice
}

pub(crate) fn silence(_: f32) -> f32 {
    0.0
}
