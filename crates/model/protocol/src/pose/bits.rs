use super::PoseError;

/// Appends bits to a byte buffer, 64 at a time.
#[derive(Debug)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits that do not fill a word yet; those above `pending_bits` are zero.
    pending: u64,
    /// Always under 64.
    pending_bits: u32,
}

impl BitWriter {
    /// Goes on after the whole bytes in `bytes`.
    pub(super) fn after(bytes: Vec<u8>) -> Self {
        Self { bytes, pending: 0, pending_bits: 0 }
    }

    /// Appends the low `bits` (at most 64) of `value`, whose other bits must be zero.
    pub(super) fn put(&mut self, value: u64, bits: u32) {
        debug_assert!(bits == 64 || value >> bits == 0);
        self.pending |= value << self.pending_bits;
        let filled = self.pending_bits + bits;
        if filled < 64 {
            self.pending_bits = filled;
            return;
        }
        self.bytes.extend_from_slice(&self.pending.to_le_bytes());
        self.pending = value.checked_shr(64 - self.pending_bits).unwrap_or(0);
        self.pending_bits = filled - 64;
    }

    pub(super) fn bit_len(&self) -> usize {
        self.bytes.len() * 8 + self.pending_bits as usize
    }

    /// The bytes, the last one padded with zeros.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let tail = self.pending.to_le_bytes();
        self.bytes.extend(tail.iter().take(self.pending_bits.div_ceil(8) as usize));
        self.bytes
    }
}

/// Takes bits off a byte slice.
#[derive(Clone, Copy, Debug)]
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn remaining(&self) -> usize {
        self.bytes.len() * 8 - self.at
    }

    /// The next `bits` (at most 64).
    pub(super) fn take(&mut self, bits: u32) -> Result<u64, PoseError> {
        if self.remaining() < bits as usize {
            return Err(PoseError::Truncated);
        }
        let mut window = [0; 16];
        let rest = self.bytes.get(self.at / 8..).unwrap_or_default();
        window.iter_mut().zip(rest).take(9).for_each(|(to, from)| *to = *from);
        let shifted = (u128::from_le_bytes(window) >> (self.at % 8)) as u64;
        self.at += bits as usize;
        Ok(shifted & low_bits(bits))
    }

    /// Checks that nothing but the zero padding of the last byte is left.
    pub(super) fn finish(mut self) -> Result<(), PoseError> {
        match self.remaining() {
            padding @ 0..8 if self.take(padding as u32)? == 0 => Ok(()),
            _ => Err(PoseError::Trailing),
        }
    }
}

/// A word whose low `bits` are ones.
pub(super) fn low_bits(bits: u32) -> u64 {
    u64::MAX.checked_shr(64 - bits.min(64)).unwrap_or(0)
}
