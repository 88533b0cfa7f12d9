//! One receiver's datagram: who goes in, and which parts of them.

use super::{GROUPS, Interest, Row};
use atrium_protocol::{Micros, PackedPose, Pose, PoseDownWriter, Tick, limits};
use bytes::Bytes;

/// A part goes along for so long after it changed, because datagrams are lost.
const REPEAT_SECS: f32 = 0.3;
/// From this age on, being overdue outweighs everything else.
const OVERDUE_SECS: f32 = 0.52;
/// Ages beyond this count the same.
const AGE_MAX_SECS: f32 = 4.0;
/// A receiver's weights are computed anew every so many ticks.
const WEIGH_EVERY_TICKS: u32 = 8;
/// Distance in metres at which nearness counts half.
const NEAR_M: f32 = 4.0;
/// Bits of a full record: id (steps up to 63), age, head and two hands.
const RECORD_BITS_MAX: usize = 8 + AGE_BITS + 244;
const AGE_BITS: usize = 7;
const ID_BITS: usize = 8;
/// A datagram with less room than this is not worth its headers.
const DATAGRAM_BYTES_MIN: u32 = 64;
const HEADER_BYTES: usize = 8;

/// Memory that is kept between datagrams.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    priorities: Vec<f32>,
    /// Priority in the upper half, index in the lower.
    candidates: Vec<u64>,
    /// Id in the upper half, index in the lower.
    chosen: Vec<u64>,
    datagram: Vec<u8>,
}

impl Interest {
    pub(super) fn fill(&mut self, now: Micros, receiver: usize, row: &mut Row) -> Option<Bytes> {
        let max_bytes = row.budget.available(now).min(limits::POSE_DATAGRAM_BYTES as u32);
        if max_bytes < DATAGRAM_BYTES_MIN {
            return None;
        }
        if row.weighed_at == 0 || self.stamp - row.weighed_at >= WEIGH_EVERY_TICKS * GROUPS {
            self.weigh(receiver, row);
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        self.find_candidates(receiver, row, &mut scratch);
        self.choose(row, &mut scratch, (max_bytes as usize - HEADER_BYTES) * 8);
        let datagram = self.write(now, row, &mut scratch, max_bytes as usize);
        self.scratch = scratch;
        row.budget.take(now, datagram.as_ref().map_or(0, |datagram| datagram.len() as u32));
        datagram
    }

    /// How much each sender matters to a receiver: by nearness, view direction and emphasis.
    fn weigh(&self, receiver: usize, row: &mut Row) {
        let (from, forward) = (self.positions[receiver], self.forwards[receiver]);
        let others = self.positions.iter().zip(&self.emphasis);
        for (weight, (position, emphasis)) in row.weight.iter_mut().zip(others) {
            let offset = *position - from;
            let squared = offset.length_squared();
            let near = 1.0 / (1.0 + squared / (NEAR_M * NEAR_M));
            let ahead = offset.dot(forward);
            let is_in_view = ahead > 0.0 && ahead * ahead > 0.2 * squared;
            *weight = (0.02 + near * if is_in_view { 1.0 } else { 0.4 }) * emphasis;
        }
        row.weighed_at = self.stamp;
    }

    /// Everyone who has something new for the receiver, with a priority that grows with their weight and with the
    /// time since they were last sent, at first slowly, and steeply once they are overdue.
    fn find_candidates(&self, receiver: usize, row: &Row, scratch: &mut Scratch) {
        let age_max = (AGE_MAX_SECS * self.stamps_per_sec) as u32;
        let per_overdue = 1.0 / (OVERDUE_SECS * self.stamps_per_sec);
        scratch.priorities.clear();
        let pairs = self.changed.iter().zip(&row.sent).zip(&row.weight);
        scratch.priorities.extend(pairs.map(|((changed, sent), weight)| {
            let age = self.stamp.wrapping_sub(*sent).min(age_max) as i32 as f32;
            let overdue = age * per_overdue;
            let squared = overdue * overdue;
            let fourth = squared * squared;
            if changed > sent { age * weight + fourth * fourth } else { 0.0 }
        }));
        scratch.candidates.clear();
        for (index, priority) in scratch.priorities.iter().enumerate() {
            if *priority > 0.0 && index != receiver {
                scratch.candidates.push(u64::from(priority.to_bits()) << 32 | index as u64);
            }
        }
    }

    /// Takes the most urgent candidates until their records fill `bits`.
    fn choose(&mut self, row: &Row, scratch: &mut Scratch, mut bits: usize) {
        scratch.chosen.clear();
        let mut rest = scratch.candidates.as_mut_slice();
        while !rest.is_empty() {
            // So many fit in any case, so their order among themselves does not matter.
            let sure = (bits / RECORD_BITS_MAX).max(1);
            if sure < rest.len() {
                rest.select_nth_unstable_by(sure - 1, |a, b| b.cmp(a));
            }
            let (first, others) = rest.split_at_mut(sure.min(rest.len()));
            for candidate in first {
                let index = *candidate as u32 as usize;
                let Some(needed) = self.record_bits(row, index) else { continue };
                if needed > bits {
                    return;
                }
                bits -= needed;
                let id = self.senders[index].as_ref().map_or(0, |sender| sender.id.0);
                scratch.chosen.push(u64::from(id) << 32 | index as u64);
            }
            rest = others;
        }
    }

    fn record_bits(&mut self, row: &Row, index: usize) -> Option<usize> {
        let mask = self.parts_for(row, index)?;
        Some(ID_BITS + AGE_BITS + self.packed(index, mask)?.bit_len() as usize)
    }

    fn write(&mut self, now: Micros, row: &mut Row, scratch: &mut Scratch, max_bytes: usize) -> Option<Bytes> {
        scratch.chosen.sort_unstable();
        let tick = Tick((self.stamp / GROUPS) as u16);
        let buffer = std::mem::take(&mut scratch.datagram);
        let mut writer = PoseDownWriter::with_buffer(buffer, tick, now.wrapped_millis(), max_bytes);
        for chosen in &scratch.chosen {
            let index = *chosen as u32 as usize;
            let Some(mask) = self.parts_for(row, index) else { continue };
            let Some(packed) = self.packed(index, mask) else { continue };
            let Some(sender) = &self.senders[index] else { continue };
            let age_ms = u16::try_from(now.since(sender.captured).as_millis()).unwrap_or(u16::MAX);
            if writer.push(sender.id, age_ms, &packed) {
                row.sent[index] = self.stamp;
            }
        }
        let records = writer.count();
        self.counts.records += records as u64;
        scratch.datagram = writer.finish();
        (records > 0).then(|| Bytes::copy_from_slice(&scratch.datagram))
    }

    /// The parts of a sender that go to a receiver: new ones, and recent ones in case they were lost.
    fn parts_for(&self, row: &Row, index: usize) -> Option<usize> {
        let sender = self.senders.get(index)?.as_ref()?;
        let sent = *row.sent.get(index)?;
        let repeat = (REPEAT_SECS * self.stamps_per_sec) as u32;
        let is_keyframe = sender.keyframe > sent;
        let has = [sender.pose.head.is_some(), sender.pose.left.is_some(), sender.pose.right.is_some()];
        let mut mask = 0;
        for (part, (changed, has)) in sender.part_changed.iter().zip(has).enumerate() {
            let is_due = is_keyframe || *changed > sent || changed.saturating_add(repeat) >= self.stamp;
            mask |= usize::from(has && is_due) << part;
        }
        Some(mask)
    }

    fn packed(&mut self, index: usize, mask: usize) -> Option<PackedPose> {
        let sender = self.senders.get_mut(index)?.as_mut()?;
        let pose = &sender.pose;
        let packed = sender.packed.get_mut(mask)?.get_or_insert_with(|| {
            PackedPose::new(&Pose {
                epoch: pose.epoch,
                head: pose.head.filter(|_| mask & 1 != 0),
                left: pose.left.filter(|_| mask & 2 != 0),
                right: pose.right.filter(|_| mask & 4 != 0),
            })
        });
        Some(*packed)
    }
}
