use super::ducking::Ducking;
use super::missing::Missing;
use super::pace::Every;
use super::slot::Slot;
use super::{Mouth, SoundEvent, SoundScene, Talker};
use crate::block::{BLOCK, StereoBlock};
use atrium_protocol::{Micros, ParticipantId, VOICE_SLOTS};
use atrium_spatial::{Hrtf, Listener, OutputMode, Reach, Renderer, RoomSound, Voice};
use atrium_voice::{PacketInfo, VoiceError, VoicePacket};
use glam::Vec3;
use std::collections::HashMap;
use std::collections::VecDeque;
use std::time::Duration;

/// A voice without a place comes from so far ahead.
const AHEAD_M: f32 = 1.0;
/// Mouths and people whose volume is kept: as many as a room may have, and more than one sets by hand.
const PEOPLE: usize = 1_024;
/// In the renderer, nobody.
const NOBODY: u32 = 0;
/// In the renderer, oneself.
const ONESELF: u32 = u32::MAX;

/// The way from the network to both ears: received, placed, mixed.
pub(crate) struct Listen {
    slots: Vec<Slot>,
    /// One's own voice, while testing it.
    own: Slot,
    renderer: Renderer,
    scene: SoundScene,
    personal: HashMap<ParticipantId, Personal>,
    me: Option<ParticipantId>,
    ducking: Ducking,
    missing: Missing,
    talkers_every: Every,
    check_every: Every,
    are_talkers_told: bool,
}

/// What one has set for a person.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Personal {
    gain: f32,
    is_muted: bool,
}

impl Default for Personal {
    fn default() -> Self {
        Self { gain: 1.0, is_muted: false }
    }
}

impl Listen {
    /// # Errors
    /// [`VoiceError::Codec`] when memory is short.
    pub(crate) fn new(hrtf: Hrtf) -> Result<Self, VoiceError> {
        Ok(Self {
            slots: (0..VOICE_SLOTS).map(|_| Slot::new()).collect::<Result<_, _>>()?,
            own: Slot::new()?,
            renderer: Renderer::new(hrtf, &RoomSound::default()),
            scene: SoundScene::default(),
            personal: HashMap::new(),
            me: None,
            ducking: Ducking::default(),
            missing: Missing::default(),
            talkers_every: Every::new(Duration::from_millis(50)),
            check_every: Every::new(Duration::from_millis(250)),
            are_talkers_told: false,
        })
    }

    pub(crate) fn set_scene(&mut self, mut scene: SoundScene) {
        scene.mouths.truncate(PEOPLE);
        self.scene = scene;
    }

    pub(crate) fn set_me(&mut self, me: ParticipantId) {
        self.me = Some(me);
    }

    pub(crate) fn set_volume(&mut self, person: ParticipantId, gain: f32) {
        if gain.is_finite() {
            self.set_personal(person, |personal| personal.gain = gain.clamp(0.0, 4.0));
        }
    }

    pub(crate) fn mute_person(&mut self, person: ParticipantId, is_muted: bool) {
        self.set_personal(person, |personal| personal.is_muted = is_muted);
    }

    pub(crate) fn set_output(&mut self, mode: OutputMode) {
        self.renderer.set_output(mode);
    }

    pub(crate) fn set_room(&mut self, room: &RoomSound) {
        self.renderer.set_room(room);
    }

    /// Takes a packet of a slot; those of unknown slots, of nobody and of oneself are left out.
    pub(crate) fn push(&mut self, slot: u8, arrived: Micros, packet: VoicePacket, events: &mut VecDeque<SoundEvent>) {
        let Some(person) = packet.speaker.filter(|person| Some(*person) != self.me) else { return };
        let Some(slot) = self.slots.get_mut(usize::from(slot)) else { return };
        let news = match PacketInfo::parse(&packet.payload) {
            Ok(info) => self.missing.heard(arrived, person, info.is_dtx),
            Err(_) => self.missing.heard_nonsense(arrived, person),
        };
        events.extend(news);
        if let Some(before) = slot.push(arrived, packet) {
            self.missing.lost_slot(before);
        }
    }

    /// Takes a packet of one's own voice.
    pub(crate) fn push_own(&mut self, arrived: Micros, packet: VoicePacket) {
        self.own.push(arrived, packet);
    }

    /// Makes the next 10 ms for both ears; `ahead` is how long they take to the ear.
    pub(crate) fn render(
        &mut self,
        now: Micros,
        ahead: Duration,
        output: &mut StereoBlock,
        events: &mut VecDeque<SoundEvent>,
    ) {
        for slot in &mut self.slots {
            slot.pull(now);
        }
        self.own.pull(now);
        for slot in &self.slots {
            if slot.person().and_then(|person| self.mouth(person)).is_some_and(|mouth| mouth.is_presenter) {
                self.ducking.hear_presenter(now, slot.level_dbov());
            }
        }
        let ducked = self.ducking.next_gain(now);
        let mut voices = [silent(); VOICE_SLOTS + 1];
        for (voice, slot) in voices.iter_mut().zip(&self.slots) {
            *voice = slot.person().map_or(silent(), |person| self.voice(person, slot.samples(), ducked));
        }
        if let Some(last) = voices.last_mut() {
            *last = Voice { speaker: ONESELF, ..self.voice_ahead(self.own.samples()) };
        }
        let ears = self.scene.ears;
        self.renderer.render(&ears, &voices, output);
        self.tell(now, ahead, events);
    }

    fn voice<'a>(&self, person: ParticipantId, samples: &'a [f32], ducked: f32) -> Voice<'a> {
        let Personal { gain, is_muted } = self.personal.get(&person).copied().unwrap_or_default();
        let gain = if is_muted { 0.0 } else { gain };
        let Some(mouth) = self.mouth(person) else {
            return Voice { speaker: person.0, gain: gain * ducked, ..self.voice_ahead(samples) };
        };
        Voice {
            speaker: person.0,
            samples,
            position: mouth.position,
            facing: mouth.facing,
            gain: if mouth.is_presenter { gain } else { gain * ducked },
            occlusion: mouth.occlusion,
            reach: mouth.reach,
        }
    }

    fn voice_ahead<'a>(&self, samples: &'a [f32]) -> Voice<'a> {
        let Listener { position, room_from_head } = self.scene.ears;
        Voice { samples, position: position + room_from_head * (Vec3::NEG_Z * AHEAD_M), gain: 1.0, ..silent() }
    }

    fn mouth(&self, person: ParticipantId) -> Option<&Mouth> {
        self.scene.mouths.iter().find(|mouth| mouth.person == person)
    }

    fn set_personal(&mut self, person: ParticipantId, set: impl FnOnce(&mut Personal)) {
        if self.personal.len() < PEOPLE || self.personal.contains_key(&person) {
            set(self.personal.entry(person).or_default());
        }
        self.personal.retain(|_, personal| *personal != Personal::default());
    }

    fn tell(&mut self, now: Micros, ahead: Duration, events: &mut VecDeque<SoundEvent>) {
        if self.talkers_every.is_due(now) {
            let talkers: Vec<Talker> = self.slots.iter().filter_map(|slot| slot.talker(now)).collect();
            if !talkers.is_empty() || self.are_talkers_told {
                self.are_talkers_told = !talkers.is_empty();
                events.push_back(SoundEvent::Talkers(talkers));
            }
        }
        for slot in &mut self.slots {
            events.extend(slot.playout(now, ahead));
            events.extend(slot.loss(now));
        }
        if self.check_every.is_due(now) {
            let has_free_slot = self.slots.iter().any(|slot| slot.is_free(now));
            events.extend(self.missing.check(now, &self.scene.mouths, has_free_slot));
        }
    }
}

/// The renderer's own delay is part of the way to the ear.
pub(crate) fn render_delay() -> Duration {
    BLOCK.mul_f64(Renderer::DELAY_SAMPLES as f64 / crate::block::BLOCK_SAMPLES as f64)
}

fn silent<'a>() -> Voice<'a> {
    Voice {
        speaker: NOBODY,
        samples: &[],
        position: Vec3::ZERO,
        facing: Vec3::ZERO,
        gain: 0.0,
        occlusion: 0.0,
        reach: Reach::Everyone,
    }
}
