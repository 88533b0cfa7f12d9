use atrium_protocol::limits;

/// Why a packet or a setting is refused.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// The bytes are not an Opus packet (RFC 6716, section 3.4).
    #[error("this is not an Opus packet: the sender must send Opus, as the session description says")]
    NotOpus,
    /// The payload is over the limit.
    #[error("this voice packet has {got} bytes; at most {} are possible", limits::VOICE_PAYLOAD_BYTES)]
    TooLarge {
        /// Bytes received.
        got: usize,
    },
    /// A frame of another length than the codec has.
    #[error("this frame has {got} samples, the codec works on {expected}")]
    FrameSize {
        /// Samples given.
        got: usize,
        /// Samples needed.
        expected: usize,
    },
    /// The codec itself refuses.
    #[error("the Opus codec refuses: {0}")]
    Codec(#[from] opus::Error),
}
