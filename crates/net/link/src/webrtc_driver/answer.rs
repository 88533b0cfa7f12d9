//! What the driver reads from, and changes in, the descriptions.

use super::settings::Transport;

/// An answer with only the candidates of `transport` in it, and those candidates once more on their own.
///
/// The driver opens TCP connections only for candidates that it is given one by one.
pub(super) fn keep_candidates_of(transport: Transport, sdp: &str) -> (String, Vec<String>) {
    let mut kept = String::with_capacity(sdp.len());
    let mut candidates: Vec<String> = Vec::new();
    for line in sdp.lines().map(str::trim_end) {
        if let Some(candidate) = line.strip_prefix("a=")
            && candidate.starts_with("candidate:")
        {
            if is_candidate_of(transport, candidate) && !candidates.iter().any(|known| known == candidate) {
                candidates.push(candidate.to_owned());
            }
            if transport == Transport::Tcp || !is_candidate_of(transport, candidate) {
                continue;
            }
        }
        kept.push_str(line);
        kept.push_str("\r\n");
    }
    (kept, candidates)
}

fn is_candidate_of(transport: Transport, candidate: &str) -> bool {
    let protocol = candidate.split(' ').nth(2).unwrap_or_default();
    match transport {
        Transport::Udp => protocol.eq_ignore_ascii_case("udp"),
        Transport::Tcp => protocol.eq_ignore_ascii_case("tcp") && candidate.contains("tcptype passive"),
    }
}

/// The offer with its fingerprints in upper case (RFC 8122 §5), as the join request's signature covers them.
pub(super) fn with_upper_case_fingerprints(sdp: &str) -> String {
    let mut out = String::with_capacity(sdp.len());
    for line in sdp.lines().map(str::trim_end) {
        match line.strip_prefix("a=fingerprint:").and_then(|value| value.split_once(' ')) {
            Some((algorithm, hash)) => {
                out.push_str(&format!("a=fingerprint:{algorithm} {}", hash.to_ascii_uppercase()));
            }
            None => out.push_str(line),
        }
        out.push_str("\r\n");
    }
    out
}

/// The SHA-256 fingerprint of an offer's certificate.
pub(super) fn sha256_fingerprint(sdp: &str) -> Option<&str> {
    sdp.lines().find_map(|line| line.strip_prefix("a=fingerprint:sha-256 ")).map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n\
        a=candidate:1 1 udp 2130706431 127.0.0.1 7000 typ host\r\n\
        a=candidate:2 1 tcp 1671430143 127.0.0.1 7000 typ host tcptype passive\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n\
        a=candidate:1 1 udp 2130706431 127.0.0.1 7000 typ host\r\n";

    #[test]
    fn udp_leaves_tcp_candidates_out() {
        let (kept, candidates) = keep_candidates_of(Transport::Udp, ANSWER);
        assert!(!kept.contains("tcptype"));
        assert_eq!(kept.matches("a=candidate:").count(), 2);
        assert_eq!(candidates.len(), 1);
    }

    #[test]
    fn tcp_hands_its_candidates_over_one_by_one() {
        let (kept, candidates) = keep_candidates_of(Transport::Tcp, ANSWER);
        assert!(!kept.contains("a=candidate:"));
        assert_eq!(candidates, ["candidate:2 1 tcp 1671430143 127.0.0.1 7000 typ host tcptype passive"]);
    }

    #[test]
    fn fingerprints_are_spelled_as_they_are_signed() {
        let offer = with_upper_case_fingerprints("v=0\r\na=fingerprint:sha-256 ab:0c\r\ns=-\r\n");
        assert_eq!(sha256_fingerprint(&offer), Some("AB:0C"));
        assert!(offer.ends_with("s=-\r\n"));
    }
}
