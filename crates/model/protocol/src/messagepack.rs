use crate::{DecodeError, limits};

/// Checks that `bytes` are one whole MessagePack value and nothing more, nested at most
/// [`limits::MESSAGE_DEPTH`] deep.
///
/// Deserialisers reserve memory for what a length announces; after this check every announced length is
/// covered by bytes that are really there.
pub(crate) fn check_shape(bytes: &[u8]) -> Result<(), DecodeError> {
    let mut rest = bytes;
    skip_value(&mut rest, limits::MESSAGE_DEPTH)?;
    if rest.is_empty() { Ok(()) } else { Err(DecodeError::Trailing) }
}

fn skip_value(rest: &mut &[u8], depth_left: usize) -> Result<(), DecodeError> {
    let marker = take_number(rest, 1)? as u8;
    match marker {
        0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => Ok(()),
        0x80..=0x8f => skip_items(rest, 2 * u64::from(marker & 0x0f), depth_left),
        0x90..=0x9f => skip_items(rest, u64::from(marker & 0x0f), depth_left),
        0xa0..=0xbf => skip_bytes(rest, u64::from(marker & 0x1f)),
        0xc4..=0xc6 => skip_announced(rest, 1 << (marker - 0xc4), 0),
        0xc7..=0xc9 => skip_announced(rest, 1 << (marker - 0xc7), 1),
        0xca => skip_bytes(rest, 4),
        0xcb => skip_bytes(rest, 8),
        0xcc..=0xcf => skip_bytes(rest, 1 << (marker - 0xcc)),
        0xd0..=0xd3 => skip_bytes(rest, 1 << (marker - 0xd0)),
        0xd4..=0xd8 => skip_bytes(rest, 1 + (1 << (marker - 0xd4))),
        0xd9..=0xdb => skip_announced(rest, 1 << (marker - 0xd9), 0),
        0xdc | 0xdd => {
            let items = take_number(rest, if marker == 0xdc { 2 } else { 4 })?;
            skip_items(rest, items, depth_left)
        }
        0xde | 0xdf => {
            let entries = take_number(rest, if marker == 0xde { 2 } else { 4 })?;
            skip_items(rest, 2 * entries, depth_left)
        }
        0xc1 => Err(malformed("0xc1 is no MessagePack value")),
    }
}

fn skip_items(rest: &mut &[u8], count: u64, depth_left: usize) -> Result<(), DecodeError> {
    let Some(depth_left) = depth_left.checked_sub(1) else {
        return Err(malformed("nested too deep"));
    };
    (0..count).try_for_each(|_| skip_value(rest, depth_left))
}

/// Skips a length of `length_bytes`, the bytes that it announces, and `more` bytes.
fn skip_announced(rest: &mut &[u8], length_bytes: usize, more: u64) -> Result<(), DecodeError> {
    let length = take_number(rest, length_bytes)?;
    skip_bytes(rest, length + more)
}

fn skip_bytes(rest: &mut &[u8], count: u64) -> Result<(), DecodeError> {
    let after = usize::try_from(count).ok().and_then(|count| rest.get(count..));
    *rest = after.ok_or_else(|| malformed("it ends too early"))?;
    Ok(())
}

/// A big-endian number of at most 4 bytes.
fn take_number(rest: &mut &[u8], bytes: usize) -> Result<u64, DecodeError> {
    let (head, tail) = rest.split_at_checked(bytes).ok_or_else(|| malformed("it ends too early"))?;
    *rest = tail;
    Ok(head.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn malformed(why: &str) -> DecodeError {
    DecodeError::Malformed(why.to_owned())
}
