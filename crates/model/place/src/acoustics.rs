use serde::Deserialize;

/// How a place sounds; few numbers, each of them physical.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Acoustics {
    /// Time in seconds in which reverberation falls by 60 dB (RT60, ISO 3382); 0 is the open air.
    pub reverb_secs: f32,
    /// Share of sound pressure that the walls send back, 0…1.
    pub reflection: f32,
    /// Distance in metres up to which speech keeps its full level; beyond, it falls by 6 dB a doubling.
    pub speech_distance_m: f32,
    /// Whether air dulls distant sound (ISO 9613-1).
    pub air_absorption: bool,
}

impl Default for Acoustics {
    /// A furnished office.
    fn default() -> Self {
        Self { reverb_secs: 0.4, reflection: 0.3, speech_distance_m: 1.5, air_absorption: true }
    }
}
