//! Just enough of STUN (RFC 8489) to know whom a datagram is for. The ICE agent checks everything else.

/// What a STUN message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StunKind {
    /// A connectivity check.
    BindingRequest,
    /// The answer to one whose integrity was right.
    BindingSuccess,
    /// Anything else.
    Other,
}

/// The parts of a STUN message that routing needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StunSummary<'a> {
    /// What it is.
    pub kind: StunKind,
    /// Answers carry the same one as their request.
    pub transaction: [u8; 12],
    /// The receiver's half of USERNAME, before the colon.
    pub local_ufrag: Option<&'a str>,
    /// Whether the sender nominates this path.
    pub use_candidate: bool,
}

const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const ATTRIBUTE_USERNAME: u16 = 0x0006;
const ATTRIBUTE_USE_CANDIDATE: u16 = 0x0025;

/// True for a datagram that RFC 7983 assigns to STUN.
pub fn is_stun(datagram: &[u8]) -> bool {
    datagram.len() >= 20 && datagram[0] < 4 && datagram[4..8] == MAGIC_COOKIE
}

/// Reads the header and the attributes that routing needs; `None` if it is not STUN or is cut short.
pub fn summarise_stun(datagram: &[u8]) -> Option<StunSummary<'_>> {
    if !is_stun(datagram) {
        return None;
    }
    let kind = match u16::from_be_bytes([datagram[0], datagram[1]]) {
        0x0001 => StunKind::BindingRequest,
        0x0101 => StunKind::BindingSuccess,
        _ => StunKind::Other,
    };
    let transaction = datagram[8..20].try_into().ok()?;
    let mut summary = StunSummary { kind, transaction, local_ufrag: None, use_candidate: false };
    let length = usize::from(u16::from_be_bytes([datagram[2], datagram[3]]));
    let mut rest = datagram.get(20..20 + length)?;
    while rest.len() >= 4 {
        let attribute = u16::from_be_bytes([rest[0], rest[1]]);
        let size = usize::from(u16::from_be_bytes([rest[2], rest[3]]));
        let value = rest.get(4..4 + size)?;
        match attribute {
            ATTRIBUTE_USERNAME => {
                summary.local_ufrag = std::str::from_utf8(value).ok()?.split(':').next();
            }
            ATTRIBUTE_USE_CANDIDATE => summary.use_candidate = true,
            _ => {}
        }
        rest = rest.get(4 + size.next_multiple_of(4)..).unwrap_or(&[]);
    }
    Some(summary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn binding_request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (attribute, value) in attributes {
            body.extend(attribute.to_be_bytes());
            body.extend((value.len() as u16).to_be_bytes());
            body.extend(*value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        let mut datagram = vec![0, 1];
        datagram.extend((body.len() as u16).to_be_bytes());
        datagram.extend(MAGIC_COOKIE);
        datagram.extend([7; 12]);
        datagram.extend(body);
        datagram
    }

    #[test]
    fn finds_user_name_and_nomination() {
        let datagram = binding_request(&[(ATTRIBUTE_USERNAME, b"00abc:theirs"), (ATTRIBUTE_USE_CANDIDATE, b"")]);
        let summary = summarise_stun(&datagram).expect("a binding request");
        assert_eq!(summary.kind, StunKind::BindingRequest);
        assert_eq!(summary.local_ufrag, Some("00abc"));
        assert!(summary.use_candidate);
        assert_eq!(summary.transaction, [7; 12]);
    }

    #[test]
    fn refuses_cut_messages() {
        let datagram = binding_request(&[(ATTRIBUTE_USERNAME, b"00abc:theirs")]);
        for length in 0..datagram.len() {
            assert_eq!(summarise_stun(&datagram[..length]), None);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_safe(mut bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = summarise_stun(&bytes);
            if bytes.len() >= 20 {
                bytes[0] = 0;
                bytes[4..8].copy_from_slice(&MAGIC_COOKIE);
                let _ = summarise_stun(&bytes);
            }
        }
    }
}
