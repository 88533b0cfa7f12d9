use glam::{Quat, Vec3};

/// Who hears.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Listener {
    /// Middle of the head in room space, in metres.
    pub position: Vec3,
    /// How the head is turned; the identity looks along −z.
    pub room_from_head: Quat,
}

impl Default for Listener {
    fn default() -> Self {
        Self { position: Vec3::ZERO, room_from_head: Quat::IDENTITY }
    }
}

impl Listener {
    /// Numbers that are not finite are taken from `before`.
    pub(crate) fn or_before(self, before: Self) -> Self {
        let turned = self.room_from_head.is_finite() && self.room_from_head.length_squared() > 1e-6;
        Self {
            position: if is_place(self.position) { self.position } else { before.position },
            room_from_head: if turned { self.room_from_head.normalize() } else { before.room_from_head },
        }
    }

    /// Turns a vector of room space into head space.
    pub(crate) fn into_head(self, vector: Vec3) -> Vec3 {
        self.room_from_head.conjugate() * vector
    }
}

/// Whether a position can be reckoned with: finite, and squares of it too.
pub(crate) fn is_place(position: Vec3) -> bool {
    position.is_finite() && position.abs().max_element() < 1e6
}

/// Whom a voice reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// As in a room: the nearer, the louder.
    #[default]
    Near,
    /// A stage or an announcement: everyone hears it alike and dry, from its direction.
    Everyone,
}

/// One voice in a block.
#[derive(Clone, Copy, Debug)]
pub struct Voice<'a> {
    /// Who speaks. When this changes the new voice starts in its place at once; else it moves there without a click.
    pub speaker: u32,
    /// The block's samples, [`crate::BLOCK_SAMPLES`] of them; missing ones are silent. −1…1; what is not finite is
    /// silent.
    pub samples: &'a [f32],
    /// The mouth in room space, in metres. While not finite, the voice stays where it was; without a place it is
    /// silent.
    pub position: Vec3,
    /// Where the mouth points, in room space, of any length; zero sounds alike to all sides.
    pub facing: Vec3,
    /// Factor for the samples, 0…4.
    pub gain: f32,
    /// How much stands in between, 0 (nothing) …1 (a wall).
    pub occlusion: f32,
    /// Whom it reaches.
    pub reach: Reach,
}

/// For what the two output channels are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputMode {
    /// Binaural, through the responses of a head.
    #[default]
    Headphones,
    /// Panned between two loudspeakers.
    Stereo,
    /// Both channels alike, for one ear or one loudspeaker.
    Mono,
}

/// How a room sounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoomSound {
    /// Lowest corner of the room's box, in metres.
    pub min: Vec3,
    /// Highest corner.
    pub max: Vec3,
    /// Time in seconds in which reverberation falls by 60 dB (RT60, ISO 3382); 0 is the open air.
    pub reverb_secs: f32,
    /// Share of sound pressure that the walls send back, 0…1.
    pub reflection: f32,
    /// Distance in metres up to which speech keeps its full level; beyond, it falls by 6 dB a doubling.
    pub speech_distance_m: f32,
    /// Whether air dulls distant sound (ISO 9613-1).
    pub air_absorption: bool,
}

impl Default for RoomSound {
    /// A furnished office.
    fn default() -> Self {
        Self {
            min: Vec3::new(-3.0, 0.0, -4.0),
            max: Vec3::new(3.0, 2.8, 4.0),
            reverb_secs: 0.4,
            reflection: 0.3,
            speech_distance_m: 1.5,
            air_absorption: true,
        }
    }
}

impl RoomSound {
    /// With every number in the range that can be rendered.
    pub(crate) fn checked(self) -> Self {
        let usual = Self::default();
        let number = |value: f32, usual: f32, most: f32| if value.is_finite() { value.clamp(0.0, most) } else { usual };
        let (min, max) =
            if is_place(self.min) && is_place(self.max) { (self.min, self.max) } else { (usual.min, usual.max) };
        let middle = (min + max) / 2.0;
        let half_size = ((max - min).abs() / 2.0).clamp(Vec3::splat(0.5), Vec3::splat(500.0));
        Self {
            min: middle - half_size,
            max: middle + half_size,
            reverb_secs: number(self.reverb_secs, usual.reverb_secs, 10.0),
            reflection: number(self.reflection, usual.reflection, 1.0),
            speech_distance_m: number(self.speech_distance_m, usual.speech_distance_m, 1e3).max(0.1),
            air_absorption: self.air_absorption,
        }
    }
}
