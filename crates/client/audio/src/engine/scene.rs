use atrium_place::Place;
use atrium_protocol::ParticipantId;
use atrium_spatial::{Listener, Reach, RoomSound};
use glam::Vec3;

/// Where everybody is. It may be said 60 times a second: only the latest counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SoundScene {
    /// One's own head.
    pub ears: Listener,
    /// Everybody who may speak. A voice without a mouth comes from ahead.
    pub mouths: Vec<Mouth>,
}

/// Where a voice comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mouth {
    /// Whose.
    pub person: ParticipantId,
    /// In room space, in metres.
    pub position: Vec3,
    /// Where it points, in room space.
    pub facing: Vec3,
    /// What stands in between, 0…1: see [`occlusion`].
    pub occlusion: f32,
    /// Whom it reaches.
    pub reach: Reach,
    /// While they speak, others are quieter.
    pub is_presenter: bool,
    /// The server says that they speak now.
    pub is_speaking: bool,
    /// They are muted, or in a zone that is not heard here: nobody should miss their voice.
    pub is_meant_to_be_silent: bool,
}

impl Mouth {
    /// The mouth of somebody who looks nowhere in particular.
    pub fn new(person: ParticipantId, position: Vec3) -> Self {
        Self {
            person,
            position,
            facing: Vec3::ZERO,
            occlusion: 0.0,
            reach: Reach::Near,
            is_presenter: false,
            is_speaking: false,
            is_meant_to_be_silent: false,
        }
    }
}

/// How far a voice bends round an edge, in metres.
const BEND_M: f32 = 0.45;

/// How much stands between a mouth and ears, 0 (nothing) …1 (walls all over, or the border of a private zone). A head that
/// passes a door post is uncovered bit by bit. For the rate of poses, not for that of sound.
pub fn occlusion(place: &Place, mouth: Vec3, ears: Vec3) -> f32 {
    let (from, to) = (place.zone_at(mouth), place.zone_at(ears));
    let is_private = |zone| place.zone(zone).is_some_and(|zone| zone.private);
    if from != to && from.into_iter().chain(to).any(is_private) {
        return 1.0;
    }
    let Some(ahead) = (ears - mouth).try_normalize() else { return 0.0 };
    let aside = ahead.cross(Vec3::Y).try_normalize().unwrap_or(Vec3::X) * BEND_M;
    // Straight, and past either side, and over what is low.
    let ways = [(Vec3::ZERO, 0.4), (aside, 0.2), (-aside, 0.2), (Vec3::Y * BEND_M, 0.2)];
    ways.into_iter().filter(|(offset, _)| place.is_blocked(mouth, ears + *offset)).map(|(_, share)| share).sum()
}

/// How a place sounds.
pub fn room_sound(place: &Place) -> RoomSound {
    let (bounds, acoustics) = (place.layout().bounds, place.layout().acoustics);
    RoomSound {
        min: bounds.min,
        max: bounds.max,
        reverb_secs: acoustics.reverb_secs,
        reflection: acoustics.reflection,
        speech_distance_m: acoustics.speech_distance_m,
        air_absorption: acoustics.air_absorption,
    }
}
