use atrium_protocol::Micros;

/// Seconds from 1900 (NTP) to 1970 (Unix).
const NTP_UNIX_OFFSET_SECS: u64 = 2_208_988_800;

/// Writes a moment of the server's clock as the 8 bytes of the abs-capture-time header extension:
/// 32.32 fixed point seconds since 1900 (the NTP format of RFC 5905).
pub fn encode_capture_time(captured: Micros) -> [u8; 8] {
    let secs = captured.0 / 1_000_000 + NTP_UNIX_OFFSET_SECS;
    let fraction = ((captured.0 % 1_000_000) << 32) / 1_000_000;
    (secs << 32 | fraction).to_be_bytes()
}

/// Reads abs-capture-time; an estimated clock offset behind the 8 bytes is ignored. `None` for other lengths
/// and for moments before 1970.
pub fn decode_capture_time(bytes: &[u8]) -> Option<Micros> {
    if bytes.len() != 8 && bytes.len() != 16 {
        return None;
    }
    let ntp = u64::from_be_bytes(bytes.get(..8)?.try_into().ok()?);
    let secs = (ntp >> 32).checked_sub(NTP_UNIX_OFFSET_SECS)?;
    let micros = ((ntp & 0xffff_ffff) * 1_000_000 + (1 << 31)) >> 32;
    Some(Micros(secs * 1_000_000 + micros))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn survives_a_round_trip(micros in 0u64..4_000_000_000_000_000 / 2) {
            prop_assume!(micros / 1_000_000 + NTP_UNIX_OFFSET_SECS < 1 << 32);
            let back = decode_capture_time(&encode_capture_time(Micros(micros)));
            prop_assert!(back.is_some_and(|back| back.0.abs_diff(micros) <= 1));
        }

        #[test]
        fn any_bytes_are_safe(bytes in proptest::collection::vec(any::<u8>(), 0..20)) {
            let _ = decode_capture_time(&bytes);
        }
    }
}
