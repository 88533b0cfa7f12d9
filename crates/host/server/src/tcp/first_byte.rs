/// What a TCP connection turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A TLS handshake record (RFC 8446 §5.1).
    Tls,
    /// Frames of RFC 4571: the first byte is the high half of a length, which is at most 2 KiB here.
    Framed,
    /// HTTP without TLS: somebody typed `http://`.
    PlainHttp,
    /// Nothing that is spoken here.
    Unknown,
}

/// Tells the protocols apart by the first byte of the connection; they cannot overlap.
pub(super) fn kind_of(first_byte: u8) -> Kind {
    match first_byte {
        0x16 => Kind::Tls,
        0x00..=0x08 => Kind::Framed,
        b'A'..=b'Z' => Kind::PlainHttp,
        _ => Kind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tcp::ice::MAX_FRAME_BYTES;

    #[test]
    fn protocols_differ_in_their_first_byte() {
        assert_eq!(kind_of(0x16), Kind::Tls);
        assert_eq!(kind_of(b"GET / HTTP/1.1"[0]), Kind::PlainHttp);
        assert_eq!(kind_of(0x80), Kind::Unknown);
        for length in 0..=u16::try_from(MAX_FRAME_BYTES).unwrap() {
            assert_eq!(kind_of(length.to_be_bytes()[0]), Kind::Framed);
        }
    }
}
