use bytes::Bytes;
use std::time::Duration;

/// How long a jitter buffer waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JitterSettings {
    /// Least delay after the fastest packet's arrival.
    pub min_delay: Duration,
    /// Most delay.
    pub max_delay: Duration,
    /// Share of packets that must come in time, 0…1.
    pub quantile: f32,
}

impl Default for JitterSettings {
    /// 2…200 ms, for 98.5 % of packets. Within 2 ms threads are woken on any machine; where the server gathers for a
    /// crowd, or the network has jitter, packets have been seen to be later, and are waited for longer by that.
    fn default() -> Self {
        Self { min_delay: Duration::from_micros(2_000), max_delay: Duration::from_millis(200), quantile: 0.985 }
    }
}

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It waits to be played.
    Queued,
    /// Its time is over.
    Late,
    /// It was here before.
    Duplicate,
    /// It is of another stream than the one that plays: a straggler, or alone after a jump.
    Stray,
    /// It is not Opus.
    Invalid,
}

/// What to play next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Playout {
    /// Decode this packet.
    Decode(Bytes),
    /// A packet is lost: decode the coarse copy of so many samples that stands in its successor.
    DecodeFec {
        /// The successor, which comes again to be decoded itself.
        next: Bytes,
        /// Samples that are missing, a multiple of 2.5 ms.
        samples: u32,
    },
    /// Make up so many samples (a multiple of 2.5 ms) from what was heard before.
    Conceal {
        /// Samples that are missing.
        samples: u32,
    },
    /// Nobody speaks, or what was said must wait a little. Ask again with the next block.
    Silence,
}

/// What a jitter buffer counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JitterStats {
    /// Packets that were Opus.
    pub received: u64,
    /// Packets that were not.
    pub invalid: u64,
    /// Packets that came after their time.
    pub late: u64,
    /// Packets that came twice.
    pub duplicate: u64,
    /// Packets of another stream.
    pub stray: u64,
    /// Packets that did not come in time (late ones among them).
    pub lost: u64,
    /// Lost packets whose copy came with the next one.
    pub copied: u64,
    /// Packets skipped to catch up, or for lack of room, or at the start of another stream.
    pub skipped: u64,
    /// Streams that began: changes of speaker and jumps.
    pub streams: u64,
}
