use super::TalkMode;
use atrium_protocol::Micros;
use std::time::Duration;

/// Words end a little after the key is let go.
const RELEASE: Duration = Duration::from_millis(200);

/// Decides whether the microphone is heard.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gate {
    is_muted: bool,
    mode: TalkMode,
    is_held: bool,
    released_at: Option<Micros>,
}

impl Gate {
    pub(crate) fn mute(&mut self, is_muted: bool) {
        self.is_muted = is_muted;
    }

    pub(crate) fn set_mode(&mut self, mode: TalkMode) {
        self.mode = mode;
        self.released_at = None;
    }

    pub(crate) fn hold(&mut self, now: Micros, is_held: bool) {
        if self.is_held && !is_held {
            self.released_at = Some(now);
        }
        self.is_held = is_held;
    }

    pub(crate) fn is_open(&self, now: Micros) -> bool {
        let lingers = || self.released_at.is_some_and(|released| now.since(released) < RELEASE);
        !self.is_muted && (self.mode == TalkMode::OpenMicrophone || self.is_held || lingers())
    }
}
