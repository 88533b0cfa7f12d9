use crate::delay_estimate::DelayEstimate;
use crate::stream::{Position, Stream};
use crate::{Arrival, FRAME_SAMPLES, JitterSettings, JitterStats, PacketInfo, Playout, VoicePacket, frame_copy};
use atrium_protocol::{Micros, ParticipantId};
use bytes::Bytes;
use std::collections::VecDeque;
use std::time::Duration;

/// Most packets that a jitter buffer holds; over it the oldest go.
pub const JITTER_PACKETS: usize = 64;

/// Longest sound that is made up while nothing arrives; then it is a pause.
const STARVED_SAMPLES: i64 = 4_800;
/// Made-up sound comes in pieces of so many samples, 10 ms, the shortest that all modes of the codec can continue.
const STARVED_STEP_SAMPLES: i64 = 480;
/// Longest known gap that is bridged with made-up sound; over it, it is a pause.
const BRIDGED_SAMPLES: i64 = 9_600;
/// Sound over the target that may wait when a pause ends; older sound is skipped to catch up.
const CATCH_UP_SAMPLES: i64 = 2_880;
/// The unit of the codec, 2.5 ms; smaller gaps are none.
const STEP_SAMPLES: i64 = 120;
/// A packet that is this much earlier or later than its timestamp says has a timestamp of another stream.
const TIMESTAMP_JUMP_US: i64 = 5_000_000;

#[derive(Clone, Debug)]
struct Held {
    sequence: i64,
    timestamp: i64,
    info: PacketInfo,
    /// Capture time minus media time.
    capture_offset_us: Option<i64>,
    payload: Bytes,
    /// It came with the packet behind it.
    is_copy: bool,
}

/// Where playing stands.
#[derive(Clone, Copy, Debug)]
struct Playing {
    /// Timestamp of the sample that is played next.
    timestamp: i64,
    /// Samples made up since; they fill a gap, or, when the missing packet comes after all, add to the delay.
    made_up: i64,
    frame_samples: u32,
    is_dtx: bool,
}

/// Puts the packets of one voice slot in order and decides when each is played: as early as the jitter of late
/// allows. It knows packets and time; [`crate::VoiceReceiver`] makes sound of its decisions.
///
/// A delay is measured from the moment when the sound would be here if its packet were as fast as the fastest
/// of the last seconds.
#[derive(Clone, Debug)]
pub struct JitterBuffer {
    estimate: DelayEstimate,
    stream: Option<Stream>,
    /// In the order of their sequence, each once.
    held: VecDeque<Held>,
    /// Packets before it are late.
    next_sequence: Option<i64>,
    /// Which of the packets before it were played: the lowest bit stands for the last one.
    played: u64,
    playing: Option<Playing>,
    /// Of the packet that was played last.
    capture_offset_us: Option<i64>,
    stats: JitterStats,
}

impl Default for JitterBuffer {
    fn default() -> Self {
        Self::new(JitterSettings::default())
    }
}

impl JitterBuffer {
    /// An empty buffer.
    pub fn new(settings: JitterSettings) -> Self {
        Self {
            estimate: DelayEstimate::new(settings),
            stream: None,
            held: VecDeque::with_capacity(JITTER_PACKETS + 1),
            next_sequence: None,
            played: 0,
            playing: None,
            capture_offset_us: None,
            stats: JitterStats::default(),
        }
    }

    /// Takes a packet that arrived at `now`, on any steady clock.
    pub fn push(&mut self, now: Micros, packet: VoicePacket) -> Arrival {
        let arrival = self.accept(micros(now), packet);
        let count = match arrival {
            Arrival::Queued => return arrival,
            Arrival::Late => &mut self.stats.late,
            Arrival::Duplicate => &mut self.stats.duplicate,
            Arrival::Stray => &mut self.stats.stray,
            Arrival::Invalid => &mut self.stats.invalid,
        };
        *count += 1;
        arrival
    }

    /// Decides what is played next; `wanted` samples are needed at once. The caller plays it and asks again as soon as
    /// it needs more.
    pub fn pull(&mut self, now: Micros, wanted: usize) -> Playout {
        let now_us = micros(now);
        match self.playing {
            None => self.try_start(now_us, wanted),
            Some(playing) => self.go_on(now_us, wanted, playing),
        }
    }

    /// Forgets packets and stream; the next packet begins another one.
    pub fn reset(&mut self) {
        self.stats.skipped += self.held.len() as u64;
        self.held.clear();
        self.stream = None;
        self.next_sequence = None;
        self.played = 0;
        self.playing = None;
        self.capture_offset_us = None;
        self.estimate.restart_media_time();
    }

    /// Whose packets these are.
    pub fn speaker(&self) -> Option<ParticipantId> {
        self.stream.as_ref().and_then(Stream::speaker)
    }

    /// The delay that the jitter of late calls for.
    pub fn target_delay(&self) -> Duration {
        self.estimate.target()
    }

    /// The delay of the sample that [`Self::pull`] gives next, when `samples_before` are still to be heard before
    /// it; `None` while nothing plays.
    pub fn delay(&self, now: Micros, samples_before: usize) -> Option<Duration> {
        let playing = self.playing?;
        let timestamp = playing.timestamp.saturating_add(playing.made_up);
        let lateness_us = self.estimate.lateness_us(micros(now), media_us(timestamp))?;
        let before_us = media_us(i64::try_from(samples_before).unwrap_or(i64::MAX));
        Some(Duration::from_micros(u64::try_from(lateness_us.saturating_add(before_us)).unwrap_or(0)))
    }

    /// How much longer the packet that was just pulled has waited than the target asks for, in microseconds; `samples`
    /// is its length.
    pub(crate) fn spare_us(&self, now: Micros, samples: usize) -> Option<i64> {
        let timestamp = self.playing?.timestamp.saturating_sub(i64::try_from(samples).unwrap_or(i64::MAX));
        let waited_us = self.estimate.lateness_us(micros(now), media_us(timestamp))?;
        Some(waited_us.saturating_sub(self.estimate.target_us()))
    }

    /// When the sample was spoken that is heard next, on the server's clock, when `samples_before` are still to be
    /// heard before the one that [`Self::pull`] gives next. `None` while nothing plays, or when packets do not say.
    pub fn captured(&self, samples_before: usize) -> Option<Micros> {
        let playing = self.playing?;
        let samples_before = i64::try_from(samples_before).unwrap_or(i64::MAX);
        let timestamp = playing.timestamp.saturating_add(playing.made_up).saturating_sub(samples_before);
        let captured_us = self.capture_offset_us?.saturating_add(media_us(timestamp));
        u64::try_from(captured_us).ok().map(Micros)
    }

    /// Packets that wait, at most [`JITTER_PACKETS`].
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether no packet waits.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// The counts since the beginning.
    pub fn stats(&self) -> JitterStats {
        self.stats
    }

    fn accept(&mut self, now_us: i64, packet: VoicePacket) -> Arrival {
        let Ok(info) = PacketInfo::parse(&packet.payload) else { return Arrival::Invalid };
        self.stats.received += 1;
        let (sequence, timestamp) = match self.locate(now_us, &packet) {
            Position::At { sequence, timestamp } => (sequence, timestamp),
            Position::Stray => return Arrival::Stray,
            Position::OtherStream => {
                self.begin_stream(&packet);
                (i64::from(packet.sequence), i64::from(packet.timestamp))
            }
        };
        let index = self.held.partition_point(|held| held.sequence < sequence);
        let same = self.held.get(index).filter(|held| held.sequence == sequence);
        let is_known_as_copy = same.is_some_and(|held| held.is_copy);
        if same.is_some() && !is_known_as_copy || self.was_played(sequence) {
            return Arrival::Duplicate;
        }
        let copy = copy_before(&packet, sequence, timestamp);
        let has_copy = info.has_fec || copy.is_some();
        if has_copy && self.stream.as_ref().is_some_and(|stream| stream.is_behind_one_missing(sequence)) {
            // Where many are lost, it pays to wait for the copies.
            self.estimate.packet_arrived(now_us, media_us(timestamp - i64::from(info.samples)));
        }
        self.estimate.packet_arrived(now_us, media_us(timestamp));
        if self.next_sequence.is_some_and(|next| sequence < next) {
            return Arrival::Late;
        }
        if let Some(stream) = &mut self.stream {
            stream.advance(sequence, timestamp);
        }
        let held = Held::new(&packet, sequence, timestamp, info);
        match self.held.get_mut(index).filter(|_| is_known_as_copy) {
            Some(copy) => *copy = held,
            None => self.held.insert(index, held),
        }
        copy.into_iter().for_each(|copy| self.accept_copy(index, copy));
        while self.held.len() > JITTER_PACKETS {
            self.skip_front();
        }
        Arrival::Queued
    }

    /// Takes the copy that came with the packet at `index` in place of the packet before it, unless that is here or over.
    fn accept_copy(&mut self, index: usize, copy: Held) {
        let before = index.checked_sub(1).and_then(|before| self.held.get(before));
        let is_here = before.is_some_and(|before| before.sequence == copy.sequence);
        let is_over = self.next_sequence.is_some_and(|next| copy.sequence < next);
        let is_of_stream = self.stream.as_ref().is_some_and(|stream| stream.includes(copy.sequence));
        if is_of_stream && !is_here && !is_over {
            self.held.insert(index, copy);
        }
    }

    fn locate(&mut self, now_us: i64, packet: &VoicePacket) -> Position {
        let Some(stream) = &mut self.stream else { return Position::OtherStream };
        let position = stream.position(packet);
        if let Position::At { sequence, timestamp } = position {
            let lateness_us = self.estimate.lateness_us(now_us, media_us(timestamp)).unwrap_or(0);
            if !(-TIMESTAMP_JUMP_US..=TIMESTAMP_JUMP_US).contains(&lateness_us) {
                let is_past = self.held.back().is_some_and(|newest| sequence <= newest.sequence)
                    || self.next_sequence.is_some_and(|next| sequence < next);
                return if is_past { Position::Stray } else { Position::OtherStream };
            }
        }
        position
    }

    fn begin_stream(&mut self, packet: &VoicePacket) {
        self.reset();
        self.stream = Some(Stream::starting_with(packet));
        self.stats.streams += 1;
    }

    /// Starts after a pause when the first packet is due.
    fn try_start(&mut self, now_us: i64, wanted: usize) -> Playout {
        let due_us = self.held.front().and_then(|front| self.estimate.due_us(media_us(front.timestamp)));
        if due_us.is_none_or(|due_us| now_us < due_us) {
            return Playout::Silence;
        }
        let target_samples = self.estimate.target_us() * 48 / 1_000;
        while self.held.len() > 1 && self.waiting_samples() > target_samples + CATCH_UP_SAMPLES {
            self.skip_front();
        }
        let Some(front) = self.held.front() else { return Playout::Silence };
        if let Some(next) = self.next_sequence {
            self.stats.lost += front.sequence.abs_diff(next);
        }
        let playing =
            Playing { timestamp: front.timestamp, made_up: 0, frame_samples: FRAME_SAMPLES as u32, is_dtx: false };
        let first_sequence = front.sequence;
        self.expect_next(first_sequence);
        self.go_on(now_us, wanted, playing)
    }

    fn go_on(&mut self, now_us: i64, wanted: usize, playing: Playing) -> Playout {
        self.playing = Some(playing);
        let Some(front) = self.held.front() else { return self.starve(wanted, playing) };
        let lost = self.next_sequence.map_or(0, |next| front.sequence.saturating_sub(next).max(0));
        let gap = front.timestamp.saturating_sub(playing.timestamp);
        if lost == 0 {
            return if gap < STEP_SAMPLES { self.decode_front() } else { self.pause(now_us, wanted) };
        }
        let missing = gap.saturating_sub(playing.made_up) / STEP_SAMPLES * STEP_SAMPLES;
        if missing > BRIDGED_SAMPLES {
            return self.pause(now_us, wanted);
        }
        let is_one_frame = (STEP_SAMPLES..=i64::from(front.info.samples)).contains(&gap);
        if front.info.has_fec && is_one_frame && (missing > 0 || self.is_early(now_us, front)) {
            // The whole copy, even behind made-up sound: what that adds to the delay is taken out again.
            let (next, samples) = (front.payload.clone(), (gap / STEP_SAMPLES * STEP_SAMPLES) as u32);
            self.stats.lost += lost.unsigned_abs();
            self.playing = Some(Playing { timestamp: front.timestamp, made_up: 0, ..playing });
            let sequence = front.sequence;
            self.expect_next(sequence);
            return Playout::DecodeFec { next, samples };
        }
        if missing <= 0 {
            self.stats.lost += lost.unsigned_abs();
            return self.decode_front();
        }
        self.make_up(playing, missing.min(i64::from(playing.frame_samples)))
    }

    /// Whether playing is ahead of the target. Then the copy of a lost packet is played even after sound was made up in
    /// its place: that adds to the delay, so that the next copy comes in time.
    fn is_early(&self, now_us: i64, front: &Held) -> bool {
        let delay_us = self.estimate.lateness_us(now_us, media_us(front.timestamp)).unwrap_or(0);
        delay_us < self.estimate.target_us()
    }

    /// Nothing waits: whatever comes next is lost, on its way, or not there because nobody speaks.
    fn starve(&mut self, wanted: usize, playing: Playing) -> Playout {
        if playing.is_dtx || playing.made_up >= STARVED_SAMPLES {
            self.playing = None;
            return Playout::Silence;
        }
        // As little as possible: the packet may come any moment.
        let pieces = wanted.div_ceil(STARVED_STEP_SAMPLES as usize).max(1);
        let wanted = i64::try_from(pieces).unwrap_or(i64::MAX).saturating_mul(STARVED_STEP_SAMPLES);
        self.make_up(playing, wanted.min(i64::from(playing.frame_samples)).max(STARVED_STEP_SAMPLES))
    }

    /// What waits belongs behind a pause.
    fn pause(&mut self, now_us: i64, wanted: usize) -> Playout {
        self.playing = None;
        self.try_start(now_us, wanted)
    }

    fn make_up(&mut self, playing: Playing, samples: i64) -> Playout {
        self.playing = Some(Playing { made_up: playing.made_up + samples, ..playing });
        Playout::Conceal { samples: samples as u32 }
    }

    fn decode_front(&mut self) -> Playout {
        let Some(front) = self.held.pop_front() else { return Playout::Silence };
        self.expect_next(front.sequence + 1);
        if front.is_copy {
            self.stats.lost += 1;
            self.stats.copied += 1;
        } else {
            self.played |= 1;
        }
        self.capture_offset_us = front.capture_offset_us.or(self.capture_offset_us);
        self.playing = Some(Playing {
            timestamp: front.timestamp + i64::from(front.info.samples),
            made_up: 0,
            frame_samples: front.info.samples,
            is_dtx: front.info.is_dtx,
        });
        Playout::Decode(front.payload)
    }

    /// Gives the oldest packet up and goes on with the one after it.
    fn skip_front(&mut self) {
        self.held.pop_front();
        self.stats.skipped += 1;
        if let Some(front) = self.held.front() {
            if let Some(playing) = &mut self.playing {
                *playing = Playing { timestamp: front.timestamp, made_up: 0, ..*playing };
            }
            let sequence = front.sequence;
            self.expect_next(sequence);
        }
    }

    fn expect_next(&mut self, sequence: i64) {
        let ahead = sequence.saturating_sub(self.next_sequence.unwrap_or(sequence));
        self.played = u32::try_from(ahead).ok().and_then(|ahead| self.played.checked_shl(ahead)).unwrap_or(0);
        self.next_sequence = Some(sequence);
    }

    /// Whether this packet came before, and in time.
    fn was_played(&self, sequence: i64) -> bool {
        let behind = self.next_sequence.and_then(|next| next.checked_sub(sequence)?.checked_sub(1));
        let mask = behind.and_then(|behind| 1_u64.checked_shl(u32::try_from(behind).ok()?));
        mask.is_some_and(|mask| self.played & mask != 0)
    }

    fn waiting_samples(&self) -> i64 {
        match (self.held.front(), self.held.back()) {
            (Some(front), Some(back)) => back.timestamp.saturating_sub(front.timestamp),
            _ => 0,
        }
    }
}

impl Held {
    fn new(packet: &VoicePacket, sequence: i64, timestamp: i64, info: PacketInfo) -> Self {
        let capture_offset_us = packet.captured.map(|captured| micros(captured).saturating_sub(media_us(timestamp)));
        Self { sequence, timestamp, info, capture_offset_us, payload: packet.payload.clone(), is_copy: false }
    }
}

/// The copy of the packet before, if `packet` has one.
fn copy_before(packet: &VoicePacket, sequence: i64, timestamp: i64) -> Option<Held> {
    let payload = frame_copy::find(&packet.payload).filter(|_| !packet.marker)?;
    let info = PacketInfo::parse(&payload).ok()?;
    let copy = Held::new(packet, sequence - 1, timestamp, info);
    Some(Held { timestamp: timestamp - i64::from(info.samples), payload, is_copy: true, ..copy })
}

fn micros(now: Micros) -> i64 {
    i64::try_from(now.0).unwrap_or(i64::MAX)
}

/// Microseconds of an RTP timestamp.
fn media_us(timestamp: i64) -> i64 {
    timestamp.saturating_mul(125) / 6
}
