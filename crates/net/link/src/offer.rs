use atrium_protocol::{VIDEO_LINES, VOICE_SLOTS, limits};

/// Why an SDP offer is not one that the server can answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// Over a limit.
    #[error("the SDP offer has too many {0}")]
    TooMuch(&'static str),
    /// Not the lines that the protocol asks for.
    #[error("the SDP offer must have {expected}, but has {got}")]
    WrongLines {
        /// What the protocol asks for.
        expected: String,
        /// What the offer has.
        got: String,
    },
    /// A line that every offer needs is missing or twice.
    #[error("the SDP offer has no usable {0} line")]
    Missing(&'static str),
    /// The offer's text is not SDP.
    #[error("the SDP offer is not SDP: {0}")]
    NotSdp(&'static str),
}

/// An offer of the right shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedOffer {
    /// The offer without its candidates: the server is ICE-lite and learns addresses from checks.
    pub sdp: String,
    /// The SHA-256 DTLS fingerprint as the offer spells it.
    pub fingerprint: String,
    /// The client's ICE user name.
    pub ufrag: String,
}

/// Checks size and shape of a client's offer before anything expensive looks at it: one sending audio
/// line, eight receiving ones, two receiving video lines, one application line, in any order but the
/// sending audio line first among audio.
///
/// # Errors
/// [`OfferError`], a sentence for the client's author.
pub fn check_offer(sdp: &str) -> Result<CheckedOffer, OfferError> {
    if sdp.len() > limits::SDP_BYTES {
        return Err(OfferError::TooMuch("bytes"));
    }
    if !sdp.starts_with("v=0") {
        return Err(OfferError::NotSdp("it does not begin with v=0"));
    }
    let mut scan = Scan::default();
    let mut kept = String::with_capacity(sdp.len());
    for (index, line) in sdp.lines().enumerate() {
        if index >= limits::SDP_LINES {
            return Err(OfferError::TooMuch("lines"));
        }
        if scan.take(line)? {
            kept.push_str(line);
            kept.push_str("\r\n");
        }
    }
    scan.finish(kept)
}

#[derive(Default)]
struct Scan {
    sections: Vec<Section>,
    session_sends: Option<(bool, bool)>,
    candidates: usize,
    fingerprints: Vec<String>,
    ufrags: Vec<String>,
    passwords: usize,
}

struct Section {
    kind: String,
    sends: bool,
    receives: bool,
    has_mid: bool,
    is_rejected: bool,
}

impl Scan {
    fn take(&mut self, line: &str) -> Result<bool, OfferError> {
        if !line.is_empty() && line.as_bytes().get(1) != Some(&b'=') {
            return Err(OfferError::NotSdp("a line has no '=' after its first letter"));
        }
        if let Some(media) = line.strip_prefix("m=") {
            self.begin_section(media)?;
        } else if let Some(attribute) = line.strip_prefix("a=") {
            return self.take_attribute(attribute);
        }
        Ok(!line.is_empty())
    }

    fn begin_section(&mut self, media: &str) -> Result<(), OfferError> {
        if self.sections.len() >= 32 {
            return Err(OfferError::TooMuch("media lines"));
        }
        let mut words = media.split(' ');
        let kind = words.next().unwrap_or_default().to_owned();
        let port = words.next().unwrap_or_default();
        let (sends, receives) = self.session_sends.unwrap_or((true, true));
        self.sections.push(Section { kind, sends, receives, has_mid: false, is_rejected: port == "0" });
        Ok(())
    }

    fn take_attribute(&mut self, attribute: &str) -> Result<bool, OfferError> {
        let (name, value) = attribute.split_once(':').unwrap_or((attribute, ""));
        match name {
            "candidate" => {
                self.candidates += 1;
                if self.candidates > limits::SDP_CANDIDATES {
                    return Err(OfferError::TooMuch("candidates"));
                }
                return Ok(false);
            }
            "end-of-candidates" => return Ok(false),
            "sendrecv" => self.set_direction(true, true),
            "sendonly" => self.set_direction(true, false),
            "recvonly" => self.set_direction(false, true),
            "inactive" => self.set_direction(false, false),
            "mid" => {
                if let Some(section) = self.sections.last_mut() {
                    section.has_mid = !value.is_empty();
                }
            }
            "fingerprint" => {
                if let Some(hash) = strip_prefix_ignoring_case(value, "sha-256 ") {
                    push_new(&mut self.fingerprints, hash.trim());
                }
            }
            "ice-ufrag" => push_new(&mut self.ufrags, value.trim()),
            "ice-pwd" => self.passwords += 1,
            _ => {}
        }
        Ok(true)
    }

    fn set_direction(&mut self, sends: bool, receives: bool) {
        match self.sections.last_mut() {
            Some(section) => (section.sends, section.receives) = (sends, receives),
            None => self.session_sends = Some((sends, receives)),
        }
    }

    fn finish(self, sdp: String) -> Result<CheckedOffer, OfferError> {
        let expected = format!(
            "1 sending and {VOICE_SLOTS} receiving audio lines, {VIDEO_LINES} receiving video lines and 1 application line"
        );
        let audio: Vec<&Section> = self.sections.iter().filter(|section| section.kind == "audio").collect();
        let count = |kind: &str| self.sections.iter().filter(|section| section.kind == kind).count();
        let is_right = audio.len() == 1 + VOICE_SLOTS
            && audio[0].sends
            && audio[1..].iter().all(|section| section.receives && !section.sends)
            && count("video") == VIDEO_LINES
            && self.sections.iter().filter(|s| s.kind == "video").all(|s| s.receives && !s.sends)
            && count("application") == 1
            && self.sections.len() == 1 + VOICE_SLOTS + VIDEO_LINES + 1
            && self.sections.iter().all(|section| section.has_mid && !section.is_rejected);
        if !is_right {
            let sending = audio.iter().filter(|section| section.sends).count();
            let got = format!(
                "{sending} sending and {} other audio lines, {} video lines and {} application lines",
                audio.len() - sending,
                count("video"),
                count("application")
            );
            return Err(OfferError::WrongLines { expected, got });
        }
        let fingerprint =
            single(self.fingerprints).filter(|f| is_sha256(f)).ok_or(OfferError::Missing("a=fingerprint:sha-256"))?;
        let ufrag = single(self.ufrags)
            .filter(|ufrag| (4..=256).contains(&ufrag.len()))
            .ok_or(OfferError::Missing("a=ice-ufrag"))?;
        if self.passwords == 0 {
            return Err(OfferError::Missing("a=ice-pwd"));
        }
        Ok(CheckedOffer { sdp, fingerprint, ufrag })
    }
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

fn push_new(values: &mut Vec<String>, value: &str) {
    if values.len() < 4 && !values.iter().any(|known| known == value) {
        values.push(value.to_owned());
    }
}

fn single(mut values: Vec<String>) -> Option<String> {
    if values.len() == 1 { values.pop() } else { None }
}

fn is_sha256(fingerprint: &str) -> bool {
    let pairs: Vec<&str> = fingerprint.split(':').collect();
    pairs.len() == 32 && pairs.iter().all(|pair| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit()))
}
