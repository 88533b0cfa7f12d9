use crate::limits::ORDER_KEY_BYTES;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// Keys of so many bytes need no allocation; nearly all are shorter.
const SHORT_BYTES: usize = 14;
/// The first byte of a key that has no number; above it follow numbers upwards of it, below it those downwards.
const MIDDLE: u8 = 0x80;
/// Most bytes of the number at the beginning of a key.
const NUMBER_BYTES: u8 = 8;

/// A place in an order in which there is always room between two: bytes, compared as such, without a zero at their
/// end.
///
/// Keys that this crate makes begin with a number (a byte that says how long it is and on which side of the middle,
/// then its bytes, of which the last is never zero), so that a hundred thousand elements, each on top of the one
/// before, have keys of four bytes. What goes between two keys has a fraction after it.
#[derive(Clone)]
pub struct OrderKey(Repr);

#[derive(Clone)]
enum Repr {
    Short { length: u8, bytes: [u8; SHORT_BYTES] },
    Long(Box<LongKey>),
}

#[derive(Clone)]
struct LongKey {
    length: u8,
    bytes: [u8; ORDER_KEY_BYTES],
}

impl OrderKey {
    /// A key over `below` and under `above`; `None` is the end of everything on that side.
    ///
    /// Where there is no room (they are equal or in the wrong order, or the key would be too long) it is `below` or
    /// close to it; what has the same key is ordered by id.
    pub fn between(below: Option<&Self>, above: Option<&Self>) -> Self {
        let bytes = match (below, above) {
            (None, None) => vec![MIDDLE],
            (Some(below), None) => {
                let below = below.as_bytes();
                next_number(below).unwrap_or_else(|| middle(below, None))
            }
            (None, Some(above)) => {
                let above = above.as_bytes();
                previous_number(above).unwrap_or_else(|| middle(&[], Some(above)))
            }
            (Some(below), Some(above)) if below < above => middle(below.as_bytes(), Some(above.as_bytes())),
            (Some(below), Some(_)) => return below.clone(),
        };
        Self::from_bytes(&bytes).unwrap_or_else(|| below.or(above).cloned().unwrap_or_else(Self::first))
    }

    /// A key from its bytes: 1 to 32, the last not zero.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let is_possible = bytes.len() <= ORDER_KEY_BYTES && bytes.last().is_some_and(|last| *last != 0);
        is_possible.then(|| Self::of(bytes))
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Short { length, bytes } => &bytes[..usize::from(*length)],
            Repr::Long(key) => &key.bytes[..usize::from(key.length)],
        }
    }

    fn first() -> Self {
        Self::of(&[MIDDLE])
    }

    /// `bytes` are possible.
    fn of(bytes: &[u8]) -> Self {
        fn filled<const N: usize>(from: &[u8]) -> [u8; N] {
            let mut bytes = [0; N];
            bytes[..from.len()].copy_from_slice(from);
            bytes
        }
        let length = bytes.len() as u8;
        if bytes.len() <= SHORT_BYTES {
            Self(Repr::Short { length, bytes: filled(bytes) })
        } else {
            Self(Repr::Long(Box::new(LongKey { length, bytes: filled(bytes) })))
        }
    }

    /// Bytes that it takes besides its own size.
    pub(crate) fn heap_bytes(&self) -> usize {
        match &self.0 {
            Repr::Short { .. } => 0,
            Repr::Long(_) => size_of::<LongKey>(),
        }
    }
}

/// The next key that is only a number; `None` when `key` does not begin with one, or with the largest.
fn next_number(key: &[u8]) -> Option<Vec<u8>> {
    let mut number = number_of(key)?.to_vec();
    for byte in number[1..].iter_mut().rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            return Some(without_zero_at_end(number, 1));
        }
    }
    // Every byte went over: one more byte above the middle, one less below it.
    longer_number(number[0].checked_add(1)?, 0)
}

/// The previous key that is only a number.
fn previous_number(key: &[u8]) -> Option<Vec<u8>> {
    let number = number_of(key)?;
    if number.len() < key.len() {
        // What follows the number put it above it.
        return Some(number.to_vec());
    }
    let mut number = number.to_vec();
    if let Some(last) = number[1..].last_mut()
        && *last > 1
    {
        *last -= 1;
        return Some(number);
    }
    let before_last = number.len().saturating_sub(1);
    for at in (1..before_last).rev() {
        let (byte, has_borrowed) = number[at].overflowing_sub(1);
        number[at] = byte;
        if !has_borrowed {
            return Some(without_zero_at_end(number, 0xff));
        }
    }
    longer_number(number[0].checked_sub(1)?, 0xff)
}

/// The lowest (`fill` 0) or highest (`fill` 255) number under the header.
fn longer_number(header: u8, fill: u8) -> Option<Vec<u8>> {
    let length = header.abs_diff(MIDDLE);
    if length > NUMBER_BYTES {
        return None;
    }
    let mut number = vec![fill; 1 + usize::from(length)];
    number[0] = header;
    if length > 0 && fill == 0 { Some(without_zero_at_end(number, 1)) } else { Some(number) }
}

fn without_zero_at_end(mut number: Vec<u8>, instead: u8) -> Vec<u8> {
    if let Some(last) = number.last_mut()
        && (*last == 0 || instead == 0xff)
    {
        *last = instead;
    }
    number
}

/// The number at the beginning of a key, its header included; it does not end in zero.
fn number_of(key: &[u8]) -> Option<&[u8]> {
    let length = key.first()?.abs_diff(MIDDLE);
    let number = key.get(..1 + usize::from(length))?;
    (length <= NUMBER_BYTES && number.last() != Some(&0)).then_some(number)
}

/// Between two keys read as fractions; `below < above`, `None` is one.
fn middle(below: &[u8], above: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(below.len() + 1);
    let mut above = above;
    for at in 0.. {
        let low = below.get(at).copied().map_or(0, u16::from);
        let high = above.map_or(256, |above| above.get(at).copied().map_or(0, u16::from));
        if high > low + 1 {
            bytes.push((low + (high - low) / 2) as u8);
            break;
        }
        bytes.push(low as u8);
        if high > low {
            // The upper end no longer bounds what follows.
            above = None;
        }
    }
    bytes
}

impl PartialEq for OrderKey {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for OrderKey {}

impl PartialOrd for OrderKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OrderKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for OrderKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl fmt::Debug for OrderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for OrderKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.as_bytes())
    }
}

impl<'de> Deserialize<'de> for OrderKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = serde_bytes::ByteBuf::deserialize(deserializer)?;
        Self::from_bytes(&bytes).ok_or_else(|| D::Error::custom("an order key has 1 to 32 bytes, the last not zero"))
    }
}
