use crate::{Language, RecentRooms, SoundOutput, Talk, VoiceKind, VoiceSettings};
use atrium_protocol::{PersonId, limits};
use serde::{Deserialize, Serialize};

/// What a person decides once and finds again: kept in a file by the app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The name that others see; empty until it is given.
    pub name: String,
    /// The language, or that of the system.
    pub language: Option<Language>,
    /// How much the picture may cost.
    pub quality: Quality,
    /// Size of panels and their text, in percent: 80 to 200.
    pub text_scale_percent: u16,
    /// Dark or light.
    pub theme: ThemeChoice,
    /// Nothing slides or fades.
    pub reduced_motion: bool,
    /// How the mouse turns the view.
    pub mouse: Mouse,
    /// What one hears and speaks with.
    pub devices: Devices,
    /// How one speaks and hears.
    pub voice: VoiceSettings,
    /// How one looks: an avatar description of at most 1 KiB.
    pub avatar: Vec<u8>,
    /// Rooms to come back to.
    pub recent: RecentRooms,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            language: None,
            quality: Quality::default(),
            text_scale_percent: 100,
            theme: ThemeChoice::default(),
            reduced_motion: false,
            mouse: Mouse::default(),
            devices: Devices::default(),
            voice: VoiceSettings::default(),
            avatar: Vec::new(),
            recent: RecentRooms::default(),
        }
    }
}

/// How much the picture may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// For machines without a graphics card.
    Low,
    /// For most machines.
    #[default]
    Medium,
    /// For strong graphics cards.
    High,
}

/// Dark or light panels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// Light at home, dark in a room.
    #[default]
    Automatic,
    /// Always dark.
    Dark,
    /// Always light.
    Light,
    /// As the rest of the desktop.
    System,
}

/// How the mouse turns the view.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mouse {
    /// 1 is usual; 0.2 to 3.
    pub sensitivity: f32,
    /// Pushing the mouse away looks down.
    pub is_inverted: bool,
}

impl Default for Mouse {
    fn default() -> Self {
        Self { sensitivity: 1.0, is_inverted: false }
    }
}

/// Sound devices by name; none is the system's choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Devices {
    /// What one speaks into.
    pub microphone: Option<String>,
    /// What one hears with.
    pub speaker: Option<String>,
}

/// A change of settings that a person asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingsIntent {
    /// Another name.
    Name(String),
    /// Another language; none is the system's.
    Language(Option<Language>),
    /// Another quality.
    Quality(Quality),
    /// Another size of panels, in percent.
    TextScale(u16),
    /// Dark or light.
    Theme(ThemeChoice),
    /// Less motion, or the usual.
    ReducedMotion(bool),
    /// How fast the view turns.
    MouseSensitivity(f32),
    /// Which way the view turns.
    MouseInverted(bool),
    /// Another microphone; none is the system's.
    Microphone(Option<String>),
    /// Other speakers; none are the system's.
    Speaker(Option<String>),
    /// When others hear one.
    Talk(Talk),
    /// What plays the sound.
    Output(SoundOutput),
    /// What one says.
    VoiceKind(VoiceKind),
    /// Noise is taken out of one's voice, or not.
    SuppressNoise(bool),
    /// The speakers are taken out of one's voice, or not.
    CancelEcho(bool),
    /// One's voice is brought to the usual level, or not.
    Gain(bool),
    /// How loud somebody is to oneself.
    Volume {
        /// Who.
        person: PersonId,
        /// A factor of 0 to 2.
        volume: f32,
    },
    /// One does not want to hear somebody, or again.
    MutePerson {
        /// Whom.
        person: PersonId,
        /// One does not.
        is_muted: bool,
    },
    /// Another look: its avatar description.
    Look(Vec<u8>),
}

impl Settings {
    /// Smallest size of panels, in percent.
    pub const TEXT_SCALE_MIN: u16 = 80;
    /// Largest size of panels, in percent.
    pub const TEXT_SCALE_MAX: u16 = 200;

    /// The language to speak now.
    pub fn language(&self) -> Language {
        self.language.unwrap_or_else(Language::of_system)
    }

    /// Brings what a file says into the bounds that panels and rooms expect.
    #[must_use]
    pub fn within_bounds(mut self) -> Self {
        self.name = self.name.chars().take(limits::NAME_CHARS).collect();
        self.text_scale_percent = self.text_scale_percent.clamp(Self::TEXT_SCALE_MIN, Self::TEXT_SCALE_MAX);
        self.mouse.sensitivity = bounded_sensitivity(self.mouse.sensitivity);
        if self.avatar.len() > limits::AVATAR_BYTES {
            self.avatar.clear();
        }
        self.recent.limit();
        self.voice.volumes.limit();
        self
    }

    /// Makes a change.
    pub fn apply(&mut self, change: SettingsIntent) {
        match change {
            SettingsIntent::Name(name) => self.name = name.chars().take(limits::NAME_CHARS).collect(),
            SettingsIntent::Language(language) => self.language = language,
            SettingsIntent::Quality(quality) => self.quality = quality,
            SettingsIntent::TextScale(percent) => {
                self.text_scale_percent = percent.clamp(Self::TEXT_SCALE_MIN, Self::TEXT_SCALE_MAX);
            }
            SettingsIntent::Theme(theme) => self.theme = theme,
            SettingsIntent::ReducedMotion(is_reduced) => self.reduced_motion = is_reduced,
            SettingsIntent::MouseSensitivity(sensitivity) => {
                self.mouse.sensitivity = bounded_sensitivity(sensitivity);
            }
            SettingsIntent::MouseInverted(is_inverted) => self.mouse.is_inverted = is_inverted,
            SettingsIntent::Microphone(microphone) => self.devices.microphone = microphone,
            SettingsIntent::Speaker(speaker) => self.devices.speaker = speaker,
            SettingsIntent::Talk(talk) => self.voice.talk = talk,
            SettingsIntent::Output(output) => self.voice.output = output,
            SettingsIntent::VoiceKind(kind) => self.voice.kind = kind,
            SettingsIntent::SuppressNoise(is_on) => self.voice.suppresses_noise = is_on,
            SettingsIntent::CancelEcho(is_on) => self.voice.cancels_echo = is_on,
            SettingsIntent::Gain(is_on) => self.voice.gains = is_on,
            SettingsIntent::Volume { person, volume } => self.voice.volumes.set_volume(person, volume),
            SettingsIntent::MutePerson { person, is_muted } => self.voice.volumes.set_muted(person, is_muted),
            SettingsIntent::Look(avatar) if avatar.len() <= limits::AVATAR_BYTES => self.avatar = avatar,
            SettingsIntent::Look(_) => {}
        }
    }
}

fn bounded_sensitivity(sensitivity: f32) -> f32 {
    if sensitivity.is_finite() { sensitivity.clamp(0.2, 3.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_in_a_file_is_brought_into_bounds() {
        let settings = Settings {
            name: "x".repeat(500),
            text_scale_percent: 9_000,
            mouse: Mouse { sensitivity: f32::NAN, is_inverted: true },
            avatar: vec![7; 5_000],
            ..Settings::default()
        };
        let settings = settings.within_bounds();
        assert_eq!(settings.name.len(), 64);
        assert_eq!(settings.text_scale_percent, 200);
        assert_eq!(settings.mouse, Mouse { sensitivity: 1.0, is_inverted: true });
        assert!(settings.avatar.is_empty());
    }

    #[test]
    fn changes_stay_within_bounds() {
        let mut settings = Settings::default();
        settings.apply(SettingsIntent::TextScale(10));
        settings.apply(SettingsIntent::MouseSensitivity(f32::INFINITY));
        settings.apply(SettingsIntent::Look(vec![0; 2_000]));
        settings.apply(SettingsIntent::Name("李".repeat(100)));
        assert_eq!(settings.text_scale_percent, 80);
        assert_eq!(settings.mouse.sensitivity, 1.0);
        assert!(settings.avatar.is_empty());
        assert_eq!(settings.name.chars().count(), 64);
    }
}
