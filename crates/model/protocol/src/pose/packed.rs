use super::bits::{BitReader, BitWriter, low_bits};
use super::rotation::{pack_rotation, rotation_bits, unpack_rotation};
use super::{HandPose, HeadPose, Pose, PoseError};
use crate::PoseEpoch;
use glam::Vec3;

const STEPS_PER_METRE: f32 = 512.0;
const EPOCH_BITS: u32 = 6;
const MASK_BITS: u32 = 3;
const HEADER_BITS: u32 = EPOCH_BITS + MASK_BITS;
const HAS_HEAD: u32 = 1;
const HAS_LEFT: u32 = 2;
const HAS_RIGHT: u32 = 4;

/// Bits of x, y and z, and the coordinate that the lowest number of each stands for.
struct Box3 {
    bits: [u32; 3],
    lowest: Vec3,
}
const ROOM: Box3 = Box3 { bits: [17, 14, 17], lowest: Vec3::new(-128.0, -8.0, -128.0) };
const REACH: Box3 = Box3 { bits: [11, 11, 11], lowest: Vec3::splat(-2.0) };

const HEAD_ROTATION_BITS: u32 = 9;
const HAND_ROTATION_BITS: u32 = 8;
const CURL_BITS: u32 = 4;
const CURL_STEPS: f32 = 15.0;
const HEAD_BITS: u32 = 17 + 14 + 17 + rotation_bits(HEAD_ROTATION_BITS);
const HAND_BITS: u32 = 3 * 11 + rotation_bits(HAND_ROTATION_BITS) + 5 * CURL_BITS;
const WORDS: usize = 4;
const _: () = assert!(HEADER_BITS + HEAD_BITS + 2 * HAND_BITS <= 64 * WORDS as u32);

/// Fewest bits of a record: nothing but epoch and mask.
pub(super) const MIN_RECORD_BITS: u32 = HEADER_BITS;

/// A pose as the bits of its record: quantised once, copied into any number of datagrams.
///
/// A position is at most 1 mm per axis off; a head's rotation at most 0.6°, a hand's 1.2°, a curl 1/30.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedPose {
    words: [u64; WORDS],
    bits: u32,
}

impl PackedPose {
    /// Quantises any pose. What is out of range goes to the nearest end of the range; a coordinate or
    /// curl that is not finite becomes 0, a rotation that is not finite or has no length the identity.
    pub fn new(pose: &Pose) -> Self {
        let mut packed = Self { words: [0; WORDS], bits: 0 };
        let flag = |present: bool, flag: u32| if present { flag } else { 0 };
        let mask = flag(pose.head.is_some(), HAS_HEAD)
            | flag(pose.left.is_some(), HAS_LEFT)
            | flag(pose.right.is_some(), HAS_RIGHT);
        packed.put(u32::from(pose.epoch.0) & low_bits(EPOCH_BITS) as u32, EPOCH_BITS);
        packed.put(mask, MASK_BITS);
        if let Some(head) = &pose.head {
            packed.put_position(head.position, &ROOM);
            packed.put(pack_rotation(head.rotation, HEAD_ROTATION_BITS), rotation_bits(HEAD_ROTATION_BITS));
        }
        for hand in [&pose.left, &pose.right].into_iter().flatten() {
            packed.put_position(hand.offset, &REACH);
            packed.put(pack_rotation(hand.rotation, HAND_ROTATION_BITS), rotation_bits(HAND_ROTATION_BITS));
            for curl in hand.curls {
                packed.put(quantise(curl, CURL_STEPS, 0.0, CURL_BITS), CURL_BITS);
            }
        }
        packed
    }

    /// Length of the record in bits: 9, with a head 77 more, with each hand 79 more.
    pub fn bit_len(&self) -> u32 {
        self.bits
    }

    /// The pose, as every receiver sees it.
    pub fn unpack(&self) -> Pose {
        let mut from = Cursor { words: &self.words, at: 0 };
        let epoch = PoseEpoch(from.take(EPOCH_BITS) as u8);
        let mask = from.take(MASK_BITS);
        let head = (mask & HAS_HEAD != 0).then(|| HeadPose {
            position: from.take_position(&ROOM),
            rotation: unpack_rotation(from.take(rotation_bits(HEAD_ROTATION_BITS)), HEAD_ROTATION_BITS),
        });
        let left = (mask & HAS_LEFT != 0).then(|| from.take_hand());
        let right = (mask & HAS_RIGHT != 0).then(|| from.take_hand());
        Pose { epoch, head, left, right }
    }

    pub(super) fn read(from: &mut BitReader<'_>) -> Result<Self, PoseError> {
        let mut peek = *from;
        peek.take(EPOCH_BITS)?;
        let mask = peek.take(MASK_BITS)? as u32;
        let head_bits = if mask & HAS_HEAD != 0 { HEAD_BITS } else { 0 };
        let hand_bits = (mask & (HAS_LEFT | HAS_RIGHT)).count_ones() * HAND_BITS;
        let bits = HEADER_BITS + head_bits + hand_bits;
        let mut words = [0; WORDS];
        for (index, word) in words.iter_mut().enumerate() {
            *word = from.take(bits.saturating_sub(64 * index as u32).min(64))?;
        }
        Ok(Self { words, bits })
    }

    pub(super) fn write(&self, to: &mut BitWriter) {
        let mut left = self.bits;
        for word in self.words {
            let bits = left.min(64);
            to.put(word, bits);
            left -= bits;
        }
    }

    fn put(&mut self, value: u32, bits: u32) {
        let (index, shift) = ((self.bits / 64) as usize, self.bits % 64);
        self.words[index] |= u64::from(value) << shift;
        if shift + bits > 64 {
            self.words[index + 1] |= u64::from(value) >> (64 - shift);
        }
        self.bits += bits;
    }

    fn put_position(&mut self, position: Vec3, range: &Box3) {
        for axis in 0..3 {
            let bits = range.bits[axis];
            self.put(quantise(position[axis], STEPS_PER_METRE, range.lowest[axis], bits), bits);
        }
    }
}

/// The number of the step nearest to `value` when 0 stands for `lowest`.
fn quantise(value: f32, steps_per_unit: f32, lowest: f32, bits: u32) -> u32 {
    let finite = if value.is_finite() { value } else { 0.0 };
    let highest = low_bits(bits) as f32;
    (finite * steps_per_unit - lowest * steps_per_unit).round().clamp(0.0, highest) as u32
}

/// Takes bits off a record that is known to be complete.
struct Cursor<'a> {
    words: &'a [u64; WORDS],
    at: u32,
}

impl Cursor<'_> {
    fn take(&mut self, bits: u32) -> u32 {
        let (index, shift) = ((self.at / 64) as usize, self.at % 64);
        let word = |index: usize| self.words.get(index).copied().unwrap_or(0);
        let low = word(index) >> shift;
        let high = word(index + 1).checked_shl(64 - shift).unwrap_or(0);
        self.at += bits;
        ((low | high) & low_bits(bits)) as u32
    }

    fn take_position(&mut self, range: &Box3) -> Vec3 {
        let steps = range.bits.map(|bits| self.take(bits) as f32);
        Vec3::from_array(steps) / STEPS_PER_METRE + range.lowest
    }

    fn take_hand(&mut self) -> HandPose {
        HandPose {
            offset: self.take_position(&REACH),
            rotation: unpack_rotation(self.take(rotation_bits(HAND_ROTATION_BITS)), HAND_ROTATION_BITS),
            curls: [CURL_BITS; 5].map(|bits| self.take(bits) as f32 / CURL_STEPS),
        }
    }
}
