/// Why bytes are not a set of head-related responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HrtfError {
    /// The first bytes are others.
    #[error("this is not a file of head-related responses: make one with assets/source/hrtf/make_hrtf.py")]
    NotHrtf,
    /// Made for another sample rate.
    #[error("these head-related responses are for {got_hz} Hz; {} Hz are needed", crate::SAMPLE_RATE_HZ)]
    SampleRate {
        /// The rate that the file says.
        got_hz: u32,
    },
    /// Sizes that no such file has, or another length than they say.
    #[error("this file of head-related responses is damaged: its length does not fit its sizes")]
    Size,
    /// A number that cannot be.
    #[error("direction {index} of these head-related responses is damaged")]
    Direction {
        /// Which of the directions, counted from 0.
        index: usize,
    },
}
