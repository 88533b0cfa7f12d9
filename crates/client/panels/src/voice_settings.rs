use atrium_protocol::PersonId;
use serde::{Deserialize, Serialize};

/// How one speaks and hears.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VoiceSettings {
    /// When others hear one.
    pub talk: Talk,
    /// What plays the sound.
    pub output: SoundOutput,
    /// What one says.
    pub kind: VoiceKind,
    /// Noise is taken out of one's voice.
    pub suppresses_noise: bool,
    /// What the speakers play is taken out of one's voice.
    pub cancels_echo: bool,
    /// A quiet or loud voice is brought to the usual level.
    pub gains: bool,
    /// How loud each person is to oneself.
    pub volumes: PersonVolumes,
}

impl Default for VoiceSettings {
    fn default() -> Self {
        Self {
            talk: Talk::default(),
            output: SoundOutput::default(),
            kind: VoiceKind::default(),
            suppresses_noise: true,
            cancels_echo: true,
            gains: true,
            volumes: PersonVolumes::default(),
        }
    }
}

/// When others hear one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Talk {
    /// Whenever one speaks and is not muted.
    #[default]
    Open,
    /// While a key is held, and not muted.
    PushToTalk,
}

/// What plays the sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SoundOutput {
    /// One sound for each ear: people are heard where they are.
    #[default]
    Headphones,
    /// Two loudspeakers: people are heard left and right.
    Stereo,
    /// The same sound for both ears.
    Mono,
}

/// What one says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoiceKind {
    /// Words, over any network.
    #[default]
    Speech,
    /// Words, sooner, over networks that lose little.
    LowDelay,
    /// Music: neither noise suppression nor gain control.
    Music,
}

/// How loud one person is to oneself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonVolume {
    /// Who, over all meetings.
    pub person: PersonId,
    /// A factor of 0 to [`PersonVolume::MOST`]; 1 as they are.
    pub volume: f32,
    /// One does not hear them at all.
    pub is_muted: bool,
}

impl PersonVolume {
    /// The largest factor.
    pub const MOST: f32 = 2.0;

    /// As everybody is at first.
    pub fn usual(person: PersonId) -> Self {
        Self { person, volume: 1.0, is_muted: false }
    }

    fn within_bounds(self) -> Self {
        let volume = if self.volume.is_finite() { self.volume.clamp(0.0, Self::MOST) } else { 1.0 };
        Self { volume, ..self }
    }
}

/// The people who are louder or quieter than usual, the last change last. At most 500: the oldest are forgotten.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonVolumes(Vec<PersonVolume>);

impl PersonVolumes {
    /// Most people that are remembered.
    pub const KEPT: usize = 500;

    /// How loud somebody is.
    pub fn of(&self, person: PersonId) -> PersonVolume {
        let kept = self.0.iter().find(|kept| kept.person == person);
        kept.copied().unwrap_or(PersonVolume::usual(person))
    }

    /// Everybody who is not as usual, the last change last.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &PersonVolume> {
        self.0.iter()
    }

    pub(crate) fn set_volume(&mut self, person: PersonId, volume: f32) {
        self.set(PersonVolume { volume, ..self.of(person) });
    }

    pub(crate) fn set_muted(&mut self, person: PersonId, is_muted: bool) {
        self.set(PersonVolume { is_muted, ..self.of(person) });
    }

    fn set(&mut self, wanted: PersonVolume) {
        let wanted = wanted.within_bounds();
        self.0.retain(|kept| kept.person != wanted.person);
        if wanted != PersonVolume::usual(wanted.person) {
            self.0.push(wanted);
        }
        self.limit();
    }

    /// Brings what a file says into bounds.
    pub(crate) fn limit(&mut self) {
        let too_many = self.0.len().saturating_sub(Self::KEPT);
        self.0.drain(..too_many);
        self.0.iter_mut().for_each(|kept| *kept = kept.within_bounds());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(number: u16) -> PersonId {
        let mut id = [0; 32];
        id[..2].copy_from_slice(&number.to_be_bytes());
        PersonId(id)
    }

    #[test]
    fn people_are_as_usual_until_changed_and_again() {
        let mut volumes = PersonVolumes::default();
        assert_eq!(volumes.of(somebody(1)), PersonVolume::usual(somebody(1)));
        volumes.set_volume(somebody(1), 0.5);
        volumes.set_muted(somebody(1), true);
        assert_eq!(volumes.of(somebody(1)), PersonVolume { person: somebody(1), volume: 0.5, is_muted: true });
        volumes.set_muted(somebody(1), false);
        volumes.set_volume(somebody(1), 1.0);
        assert_eq!(volumes.iter().len(), 0, "nothing is kept of those who are as usual");
    }

    #[test]
    fn the_oldest_changes_are_forgotten() {
        let mut volumes = PersonVolumes::default();
        (0..500).for_each(|number| volumes.set_volume(somebody(number), 0.5));
        volumes.set_volume(somebody(0), 0.7);
        volumes.set_muted(somebody(500), true);
        assert_eq!(volumes.iter().len(), 500);
        assert_eq!(volumes.of(somebody(0)).volume, 0.7, "changed a moment ago");
        assert_eq!(volumes.of(somebody(1)).volume, 1.0, "the oldest");
        assert!(volumes.of(somebody(500)).is_muted);
    }

    #[test]
    fn nonsense_is_brought_into_bounds() {
        let mut volumes = PersonVolumes::default();
        for (asked, kept) in [(9.0, 2.0), (-1.0, 0.0), (f32::NAN, 1.0), (f32::INFINITY, 1.0)] {
            volumes.set_volume(somebody(1), asked);
            assert_eq!(volumes.of(somebody(1)).volume, kept);
        }
        let one = PersonVolume { volume: f32::NAN, ..PersonVolume::usual(somebody(2)) };
        let mut of_a_file = PersonVolumes(vec![one; 900]);
        of_a_file.limit();
        assert_eq!(of_a_file.iter().len(), 500);
        assert_eq!(of_a_file.of(somebody(2)).volume, 1.0);
    }
}
