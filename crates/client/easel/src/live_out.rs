use atrium_board::{Pointing, View};

/// Words on the live lane a second, at most.
const HZ: f64 = 30.0;
/// A pointer that rests, or a view that is followed, is said again so often: others forget what they do not hear.
const AGAIN_SECS: f64 = 1.0;

/// Says what one does at this moment, not too often and not in vain.
#[derive(Clone, Debug, Default)]
pub(crate) struct LiveOut {
    sent_secs: Option<f64>,
    pointing: Option<Pointing>,
    view: Option<View>,
    ink_version: Option<u64>,
}

impl LiveOut {
    /// Whether it is time to say something; then it counts as said.
    pub(crate) fn is_due(
        &mut self,
        now_secs: f64,
        pointing: Option<Pointing>,
        view: Option<View>,
        ink: Option<u64>,
    ) -> bool {
        let since_secs = self.sent_secs.map_or(f64::INFINITY, |sent_secs| now_secs - sent_secs);
        if since_secs < 1.0 / HZ - 1e-4 {
            return false;
        }
        let is_news = pointing != self.pointing || view != self.view || ink != self.ink_version;
        let is_again = (pointing.is_some() || view.is_some() || ink.is_some()) && since_secs >= AGAIN_SECS;
        if !is_news && !is_again {
            return false;
        }
        *self = Self { sent_secs: Some(now_secs), pointing, view, ink_version: ink };
        true
    }
}
