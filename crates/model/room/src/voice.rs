//! Who hears whom: each listener has a few voice slots, and the people who are most audible to them get these.

use crate::VoiceRoute;
use atrium_protocol::{Micros, ParticipantId, VOICE_SLOTS, ZoneId};
use glam::Vec3;
use std::time::Duration;

/// Time between two assignments while somebody speaks.
const ASSIGN_EVERY: Duration = Duration::from_millis(50);
/// After so long without a packet somebody is silent, and may lose their slots to others.
const SILENT_AFTER: Duration = Duration::from_millis(500);
/// A newcomer takes the slot of somebody else only if so many decibels more audible.
const HYSTERESIS_DB: f32 = 6.0;
/// Smoothed levels up to this one (in −dBov, RFC 6464) are speech.
const SPEECH_LEVEL_MAX: f32 = 50.0;
/// Levels up to this one claim loud speech …
const LOUD_LEVEL_MAX: u8 = 40;
/// … which packets of so few bytes on average cannot hold.
const SILENCE_BYTES_MAX: f32 = 12.0;
/// So long may somebody claim that before they lose priority.
const CLAIM_MAX: Duration = Duration::from_secs(30);
/// The time that one packet stands for at most, when claims are added up.
const CLAIM_STEP_MAX: Duration = Duration::from_millis(60);
/// How much presenting or a stage counts in decibels: more than any level or distance.
const FEATURED_DB: f32 = 1_000.0;
/// How much priority a false claim costs, in decibels.
const CLAIM_DB: f32 = 500.0;
/// Smoothing of levels that rise and fall, for each packet.
const ATTACK: f32 = 0.5;
const RELEASE: f32 = 0.1;

/// What decides who hears somebody and whom they hear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Standing {
    pub(crate) position: Vec3,
    /// The private zone that they are in.
    pub(crate) zone: Option<ZoneId>,
    pub(crate) is_presenting: bool,
    pub(crate) is_on_stage: bool,
    pub(crate) may_speak: bool,
    pub(crate) may_listen: bool,
}

#[derive(Clone, Debug)]
struct Voice {
    id: ParticipantId,
    standing: Standing,
    /// Whose voice is in which slot, by index.
    slots: [Option<usize>; VOICE_SLOTS],
    routes: Vec<VoiceRoute>,
    speech: Speech,
}

/// What the packets of somebody say.
#[derive(Clone, Copy, Debug, Default)]
struct Speech {
    last_packet: Option<Micros>,
    /// Smoothed, in −dBov: 0 is loudest, 127 silence.
    level: f32,
    bytes: f32,
    /// How long they have claimed loud speech in packets that are too small for it.
    claimed: Duration,
}

impl Speech {
    fn is_active(&self, now: Micros) -> bool {
        self.last_packet.is_some_and(|last| now.since(last) < SILENT_AFTER)
    }

    fn is_false_claim(&self) -> bool {
        self.claimed >= CLAIM_MAX
    }

    fn heard(&mut self, now: Micros, level: u8, payload_bytes: usize) {
        let loudness = f32::from(level.min(127));
        let bytes = payload_bytes.min(2_000) as f32;
        let pause = self.last_packet.map(|last| now.since(last));
        if !self.is_active(now) {
            self.level = loudness;
        }
        let factor = if loudness < self.level { ATTACK } else { RELEASE };
        self.level += (loudness - self.level) * factor;
        self.last_packet = Some(now);
        if level > LOUD_LEVEL_MAX {
            return;
        }
        self.bytes += (bytes - self.bytes) * RELEASE;
        if self.bytes > SILENCE_BYTES_MAX {
            self.claimed = Duration::ZERO;
        } else {
            self.claimed = self.claimed.saturating_add(pause.unwrap_or_default().min(CLAIM_STEP_MAX));
        }
    }
}

/// Everyone's voice slots and, the other way round, where each voice goes.
#[derive(Debug, Default)]
pub(crate) struct Voices {
    voices: Vec<Option<Voice>>,
    /// Those with packets in the last moments.
    active: Vec<usize>,
    next_assignment: Option<Micros>,
}

impl Voices {
    pub(crate) fn add(&mut self, index: usize, id: ParticipantId, standing: Standing) {
        if index >= self.voices.len() {
            self.voices.resize(index + 1, None);
        }
        let voice = Voice { id, standing, slots: [None; VOICE_SLOTS], routes: Vec::new(), speech: Speech::default() };
        self.voices[index] = Some(voice);
    }

    pub(crate) fn remove(&mut self, index: usize) {
        if let Some(voice) = self.voices.get_mut(index) {
            *voice = None;
            self.active.retain(|active| *active != index);
            self.drop_inaudible();
        }
    }

    /// Where somebody stands and what they may do. What is no longer audible is cut off at once.
    pub(crate) fn set_standing(&mut self, now: Micros, index: usize, standing: Standing) {
        let Some(voice) = self.voices.get_mut(index).and_then(Option::as_mut) else { return };
        let old = std::mem::replace(&mut voice.standing, standing);
        if (Standing { position: old.position, ..standing }) != old {
            self.drop_inaudible();
            if !self.active.is_empty() {
                self.next_assignment = Some(now);
            }
        }
    }

    /// A packet of somebody who sends within their limits: where it goes.
    pub(crate) fn route(&mut self, now: Micros, index: usize, level: u8, payload_bytes: usize) -> &[VoiceRoute] {
        let Some(voice) = self.voices.get_mut(index).and_then(Option::as_mut) else { return &[] };
        if !voice.standing.may_speak {
            return &[];
        }
        let is_start = !voice.speech.is_active(now);
        voice.speech.heard(now, level, payload_bytes);
        if is_start {
            self.start(now, index);
        }
        self.voices.get(index).and_then(Option::as_ref).map_or(&[], |voice| &voice.routes)
    }

    pub(crate) fn next_assignment(&self) -> Option<Micros> {
        self.next_assignment
    }

    /// Assigns every listener's slots anew.
    pub(crate) fn assign(&mut self, now: Micros) {
        let voices = &self.voices;
        let is_active = |index: &usize| voices[*index].as_ref().is_some_and(|voice| voice.speech.is_active(now));
        self.active.retain(is_active);
        self.next_assignment = (!self.active.is_empty()).then(|| now + ASSIGN_EVERY);
        for listener in 0..self.voices.len() {
            let best = self.best_for(listener, &self.active);
            for (_, speaker) in best.into_iter().flatten() {
                self.offer(now, listener, speaker);
            }
        }
        self.make_routes();
    }

    /// How much more than a silent person they matter to others.
    pub(crate) fn emphasis(&self, now: Micros, index: usize) -> f32 {
        let Some(voice) = self.voices.get(index).and_then(Option::as_ref) else { return 1.0 };
        let speech = if self.is_speaking(now, index) { 2.5 } else { 1.0 };
        let is_featured = voice.standing.is_presenting || voice.standing.is_on_stage;
        if is_featured { speech * 2.0 } else { speech }
    }

    pub(crate) fn is_speaking(&self, now: Micros, index: usize) -> bool {
        self.voices.get(index).and_then(Option::as_ref).is_some_and(|voice| {
            let speech = &voice.speech;
            speech.is_active(now) && speech.level <= SPEECH_LEVEL_MAX && !speech.is_false_claim()
        })
    }

    /// Who is in a listener's slots.
    pub(crate) fn slots(&self, index: usize) -> Option<[Option<ParticipantId>; VOICE_SLOTS]> {
        let voice = self.voices.get(index)?.as_ref()?;
        Some(voice.slots.map(|speaker| Some(self.voices.get(speaker?)?.as_ref()?.id)))
    }

    /// Somebody begins to speak: they must be heard from this packet on.
    fn start(&mut self, now: Micros, index: usize) {
        if !self.active.contains(&index) {
            self.active.push(index);
        }
        if self.next_assignment.is_none() {
            self.next_assignment = Some(now + ASSIGN_EVERY);
        }
        for listener in 0..self.voices.len() {
            self.offer(now, listener, index);
        }
        self.make_routes();
    }

    /// The most audible of `speakers` who have no slot yet, the best first.
    fn best_for(&self, listener: usize, speakers: &[usize]) -> [Option<(f32, usize)>; VOICE_SLOTS] {
        let mut best: [Option<(f32, usize)>; VOICE_SLOTS] = [None; VOICE_SLOTS];
        let Some(slots) = self.voices[listener].as_ref().map(|voice| voice.slots) else { return best };
        for speaker in speakers {
            if slots.contains(&Some(*speaker)) {
                continue;
            }
            let Some(score) = self.audibility(*speaker, listener) else { continue };
            let Some(rank) = best.iter().position(|other| other.is_none_or(|(other, _)| score > other)) else {
                continue;
            };
            best[rank..].rotate_right(1);
            best[rank] = Some((score, *speaker));
        }
        best
    }

    /// Gives `speaker` a slot of `listener` if one is free, or is held by somebody silent or clearly less audible.
    fn offer(&mut self, now: Micros, listener: usize, speaker: usize) {
        let Some(score) = self.audibility(speaker, listener) else { return };
        let Some(slots) = self.voices[listener].as_ref().map(|voice| voice.slots) else { return };
        if slots.contains(&Some(speaker)) {
            return;
        }
        let worth = |holder: &Option<usize>| {
            let voice = holder.and_then(|holder| self.voices[holder].as_ref());
            let is_active = voice.is_some_and(|voice| voice.speech.is_active(now));
            match holder {
                // Free ones first, then those of silent people.
                None => f32::NEG_INFINITY,
                Some(_) if !is_active => f32::MIN,
                Some(holder) => self.audibility(*holder, listener).unwrap_or(f32::MIN) + HYSTERESIS_DB,
            }
        };
        let weakest = slots.iter().map(worth).enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((slot, worth)) = weakest
            && score > worth
            && let Some(voice) = self.voices[listener].as_mut()
        {
            voice.slots[slot] = Some(speaker);
        }
    }

    /// How well a speaker is heard by a listener, in decibels; `None`: not at all.
    fn audibility(&self, speaker: usize, listener: usize) -> Option<f32> {
        let (from, to) = (self.voices.get(speaker)?.as_ref()?, self.voices.get(listener)?.as_ref()?);
        if speaker == listener || !is_audible(&from.standing, &to.standing) {
            return None;
        }
        let squared_m = from.standing.position.distance_squared(to.standing.position).max(1.0);
        let distance_db = std::f32::consts::LOG10_2 * 10.0 * squared_m.log2();
        let is_featured = from.standing.is_presenting || from.standing.is_on_stage;
        let featured_db = if is_featured { FEATURED_DB } else { 0.0 };
        let claim_db = if from.speech.is_false_claim() { CLAIM_DB } else { 0.0 };
        Some(featured_db - claim_db - from.speech.level - distance_db)
    }

    fn drop_inaudible(&mut self) {
        for listener in 0..self.voices.len() {
            let Some(slots) = self.voices[listener].as_ref().map(|voice| voice.slots) else { continue };
            let kept = slots.map(|speaker| speaker.filter(|speaker| self.audibility(*speaker, listener).is_some()));
            if let Some(voice) = self.voices[listener].as_mut() {
                voice.slots = kept;
            }
        }
        self.make_routes();
    }

    fn make_routes(&mut self) {
        self.voices.iter_mut().flatten().for_each(|voice| voice.routes.clear());
        for listener in 0..self.voices.len() {
            let Some((to, slots)) = self.voices[listener].as_ref().map(|voice| (voice.id, voice.slots)) else {
                continue;
            };
            for (slot, speaker) in slots.into_iter().enumerate() {
                let speaker = speaker.and_then(|speaker| self.voices.get_mut(speaker)?.as_mut());
                if let Some(speaker) = speaker {
                    speaker.routes.push(VoiceRoute { to, slot: slot as u8 });
                }
            }
        }
    }
}

/// A private zone is silent both ways, except for whoever presents to everyone.
fn is_audible(from: &Standing, to: &Standing) -> bool {
    from.may_speak && to.may_listen && (from.is_presenting || from.zone == to.zone)
}
