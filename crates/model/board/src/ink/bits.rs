//! Numbers in as few bits as they need: Rice codes whose parameter follows what came before.

/// Longest run of ones; a larger number follows as it is.
const LONGEST_RUN: u32 = 20;
/// Bits of a number that follows as it is.
const WHOLE_BITS: u32 = 40;
/// After so many numbers older ones count half.
const MEMORY: u32 = 16;

/// Writes bits, the highest of a byte first.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    waiting: u64,
    count: u32,
}

impl BitWriter {
    /// The lowest `count` bits of `value`, at most 32.
    fn put(&mut self, value: u64, count: u32) {
        self.waiting = self.waiting << count | (value & ((1 << count) - 1));
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.waiting >> self.count) as u8);
        }
    }

    /// What was written, filled up with zeros to a whole byte.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
        self.bytes
    }
}

/// Reads what [`BitWriter`] wrote; behind the end there are zeros, and [`Self::is_over`] says so.
#[derive(Clone, Debug)]
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    next: usize,
    waiting: u64,
    count: u32,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, next: 0, waiting: 0, count: 0 }
    }

    /// Whether more was read than there is.
    pub(super) fn is_over(&self) -> bool {
        self.used() > self.bytes.len()
    }

    /// Bytes that were read, a begun one included.
    pub(super) fn used(&self) -> usize {
        self.next - (self.count / 8) as usize
    }

    /// At least 57 bits wait after this.
    fn fill(&mut self) {
        while self.count <= 56 {
            let byte = self.bytes.get(self.next).copied().unwrap_or(0);
            self.waiting |= u64::from(byte) << (56 - self.count);
            self.next += 1;
            self.count += 8;
        }
    }

    fn take(&mut self, count: u32) -> u64 {
        if count == 0 {
            return 0;
        }
        self.fill();
        let value = self.waiting >> (64 - count);
        self.waiting <<= count;
        self.count -= count;
        value
    }

    /// Ones up to a zero, which is skipped, but at most [`LONGEST_RUN`] of them.
    fn take_run(&mut self) -> u32 {
        self.fill();
        let run = self.waiting.leading_ones().min(LONGEST_RUN);
        let taken = if run == LONGEST_RUN { run } else { run + 1 };
        self.waiting <<= taken;
        self.count -= taken;
        run
    }
}

/// What numbers of one kind are like: how large they were lately.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rice {
    sum: u64,
    count: u32,
}

impl Rice {
    /// Expects numbers of about `bits` bits.
    pub(super) fn new(bits: u32) -> Self {
        Self { sum: 1 << bits, count: 1 }
    }

    /// The smallest parameter under which the mean fits.
    fn parameter(self) -> u32 {
        let mean = self.sum / u64::from(self.count);
        (64 - mean.leading_zeros()).min(32)
    }

    fn learn(&mut self, number: u64) {
        self.sum += number;
        self.count += 1;
        if self.count == MEMORY {
            self.sum /= 2;
            self.count /= 2;
        }
    }

    /// Writes a number of at most 40 bits, its sign included.
    pub(super) fn write(&mut self, to: &mut BitWriter, number: i64) {
        let folded = ((number << 1) ^ (number >> 63)) as u64;
        let parameter = self.parameter().saturating_sub(1);
        let run = folded >> parameter;
        if run < u64::from(LONGEST_RUN) {
            to.put((1 << (run + 1)) - 2, run as u32 + 1);
            to.put(folded, parameter);
        } else {
            to.put((1 << LONGEST_RUN) - 1, LONGEST_RUN);
            to.put(folded >> 20, WHOLE_BITS - 20);
            to.put(folded, 20);
        }
        self.learn(folded);
    }

    /// Reads what [`Self::write`] wrote.
    pub(super) fn read(&mut self, from: &mut BitReader<'_>) -> i64 {
        let parameter = self.parameter().saturating_sub(1);
        let run = from.take_run();
        let folded =
            if run < LONGEST_RUN { u64::from(run) << parameter | from.take(parameter) } else { from.take(WHOLE_BITS) };
        self.learn(folded);
        (folded >> 1) as i64 ^ -((folded & 1) as i64)
    }
}
