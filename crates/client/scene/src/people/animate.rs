use super::ReducedMotion;
use super::parts::PartKit;
use super::person::{Detail, HeadPosition, HeadPositions, Moment, Person, Visible};
use super::roster::undress;
use super::wardrobe::Wardrobe;
use crate::frame::Frame;
use crate::room::CurrentPlace;
use crate::wire::RoomClock;
use atrium_avatar::{BodyInput, BodyPart, PROPORTIONS, PlayedPose, SeatedHips, solve_body};
use atrium_place::Place;
use bevy::prelude::*;
use bevy::time::Real;
use std::time::Instant;

/// Time in which somebody appears.
const ARRIVAL_SECS: f32 = 0.2;
/// People that are dressed in one frame at most: a crowd that comes at once does not hold up a frame.
const DRESSED_A_FRAME: usize = 6;
/// Somebody so far from their seat is not on it yet, or no more.
const ON_SEAT_M: f32 = 1.0;

pub(super) fn plugin(app: &mut App) {
    let show = (super::me::follow, appear, dress, move_parts).chain();
    app.init_resource::<HeadPositions>()
        .add_systems(Update, (think, tell_heads).chain().in_set(Frame::Simulate))
        .add_systems(Update, show.in_set(Frame::Present));
}

/// Everyone's body for this frame, on all cores.
pub(super) fn think(
    mut people: Query<&mut Person>,
    clock: Res<RoomClock>,
    place: Option<Res<CurrentPlace>>,
    time: Res<Time>,
    real: Res<Time<Real>>,
    mut frame: Local<u32>,
) {
    *frame = frame.wrapping_add(1);
    let (frame, dt_secs) = (*frame, time.delta_secs());
    let now = clock.at(real.last_update().unwrap_or_else(Instant::now));
    let place = place.as_ref().map(|place| &*place.0);
    people.par_iter_mut().for_each(|mut person| {
        person.idle_secs += dt_secs;
        person.is_fresh = false;
        if !person.is_me && (person.now.is_none() || person.is_due(frame)) {
            let dt_secs = std::mem::take(&mut person.idle_secs);
            if let Some(pose) = person.playout.play(now) {
                person.embody(dt_secs, &pose, place);
            }
        }
    });
}

impl Person {
    /// Makes the body for a pose.
    pub(super) fn embody(&mut self, dt_secs: f32, pose: &PlayedPose, place: Option<&Place>) {
        let eyes = pose.head.position;
        let seat = self
            .seat
            .and_then(|id| place?.seat(id))
            .filter(|seat| (eyes - seat.position).with_y(0.0).length() < ON_SEAT_M && eyes.y - seat.position.y < 1.5);
        self.ground.follow(dt_secs, eyes, pose.has_jumped, place);
        let ground_y = seat.map_or(self.ground.y(), |seat| seat.position.y);
        let hips = seat.map(|seat| SeatedHips {
            position: seat.position + Vec3::Y * seat.hip_height_m,
            yaw_rad: seat.yaw_degrees.to_radians(),
        });
        let input = BodyInput { pose, seat: hips, ground_y, scale: self.appearance.height };
        self.motion.advance(dt_secs, &input);
        let body = solve_body(&input, &self.motion);
        let pelvis = body.joint(BodyPart::Pelvis);
        let ahead = pelvis.rotation * Vec3::NEG_Z;
        self.now = Some(Moment {
            body,
            feet: pelvis.position.with_y(ground_y),
            yaw_rad: (-ahead.x).atan2(-ahead.z),
            is_seated: seat.is_some(),
        });
        self.is_fresh = true;
    }
}

/// People come and go within a moment.
fn appear(
    mut people: Query<(Entity, &mut Person)>,
    time: Res<Time>,
    reduced: Res<ReducedMotion>,
    mut commands: Commands,
) {
    for (entity, mut person) in &mut people {
        let goal = if person.is_leaving { 0.0 } else { 1.0 };
        if person.now.is_some() && person.presence != goal {
            let step = if reduced.0 { 1.0 } else { time.delta_secs() / ARRIVAL_SECS };
            person.presence += (goal - person.presence).clamp(-step, step);
            person.is_fresh = true;
        }
        if person.is_leaving && (person.presence <= 0.0 || person.now.is_none()) {
            undress(&mut person.shown, &mut commands);
            commands.entity(entity).despawn();
        }
    }
}

/// Makes the entities of those who lack them, and shows those that their distance asks for.
fn dress(
    mut people: Query<&mut Person>,
    kit: Option<Res<PartKit>>,
    mut wardrobe: Wardrobe,
    mut visibilities: Query<&mut Visibility>,
    mut commands: Commands,
) {
    let Some(kit) = kit else { return };
    let mut left = DRESSED_A_FRAME;
    for mut person in people.iter_mut().filter(|person| person.now.is_some()) {
        let is_near = person.detail != Detail::Far;
        let has_them = if is_near { !person.shown.parts.is_empty() } else { person.shown.far.is_some() };
        if !has_them {
            if left == 0 {
                continue;
            }
            left -= 1;
            let appearance = person.appearance;
            if is_near {
                person.shown.parts = wardrobe.parts(&appearance, &kit, &mut commands);
            } else {
                person.shown.far = Some(wardrobe.figures(&appearance, &kit, &mut commands));
            }
            person.shown.visible = None;
            // New entities are seen from the next frame on, in their place.
            continue;
        }
        let is_seated = person.now.as_ref().is_some_and(|now| now.is_seated);
        let wanted = Visible { detail: person.detail, is_seated: is_seated && !is_near, is_hidden: person.is_hidden };
        if person.shown.visible == Some(wanted) {
            continue;
        }
        person.is_fresh = person.now.is_some();
        person.shown.visible = Some(wanted);
        for (slot, entity) in kit.slots.iter().zip(&person.shown.parts) {
            let is_shown = is_near && !person.is_hidden && slot.is_shown_at(person.detail);
            set(&mut visibilities, *entity, is_shown);
        }
        for (index, entity) in person.shown.far.iter().flatten().enumerate() {
            let is_shown = !is_near && !person.is_hidden && index == usize::from(is_seated);
            set(&mut visibilities, *entity, is_shown);
        }
    }
}

fn set(visibilities: &mut Query<&mut Visibility>, entity: Entity, is_shown: bool) {
    if let Ok(mut visibility) = visibilities.get_mut(entity) {
        visibility.set_if_neq(if is_shown { Visibility::Inherited } else { Visibility::Hidden });
    }
}

/// Puts parts where bodies have them.
pub(super) fn move_parts(
    mut people: Query<&mut Person>,
    kit: Option<Res<PartKit>>,
    mut parts: Query<(&mut Transform, &mut Mesh3d)>,
) {
    let Some(kit) = kit else { return };
    for mut person in people.iter_mut().filter(|person| person.is_fresh) {
        let Some(now) = person.now else { continue };
        let grown = Grown::new(&person, &now);
        if person.detail == Detail::Far {
            let Some(figures) = person.shown.far else { continue };
            let figure = figures[usize::from(now.is_seated)];
            if let Ok((mut transform, _)) = parts.get_mut(figure) {
                *transform = grown.figure(&now);
            }
            continue;
        }
        for (slot, entity) in kit.slots.iter().zip(&person.shown.parts) {
            if let Ok((mut transform, _)) = parts.get_mut(*entity) {
                *transform = grown.part(slot.role, &now);
            }
        }
        let hands = if person.detail == Detail::Near { now.body.hands } else { Default::default() };
        if hands != person.shown.hands {
            person.shown.hands = hands;
            for (slot, entity) in kit.slots.iter().zip(&person.shown.parts) {
                if let Some(mesh) = kit.hand_mesh(slot, &hands)
                    && let Ok((_, mut shown)) = parts.get_mut(*entity)
                    && shown.0 != *mesh
                {
                    shown.0 = mesh.clone();
                }
            }
        }
    }
}

/// Somebody who rises from the floor as they come.
struct Grown {
    feet: Vec3,
    share: f32,
    build: f32,
}

impl Grown {
    fn new(person: &Person, now: &Moment) -> Self {
        let left = 1.0 - person.presence;
        // Ease out; never nothing, which has no inverse.
        let share = (1.0 - left * left * left).max(0.01);
        Self { feet: now.feet, share, build: person.appearance.build }
    }

    fn part(&self, role: super::parts::Role, now: &Moment) -> Transform {
        use super::parts::Role;
        let (part, turn) = match role {
            Role::Body(part) => (part, Quat::IDENTITY),
            Role::Hair => (BodyPart::Head, Quat::IDENTITY),
            Role::Eyelids => {
                let open = PROPORTIONS.eyelid_opening_rad * (1.0 - now.body.eyelids);
                (BodyPart::Head, Quat::from_rotation_x(open))
            }
        };
        let joint = now.body.joint(part);
        let broad = match part {
            BodyPart::Head | BodyPart::Hand(_) | BodyPart::Foot(_) => 1.0,
            _ => self.build,
        };
        Transform {
            translation: self.feet + (joint.position - self.feet) * self.share,
            rotation: joint.rotation * turn,
            scale: Vec3::new(broad, 1.0, broad) * (now.body.scale * self.share),
        }
    }

    fn figure(&self, now: &Moment) -> Transform {
        Transform {
            translation: self.feet,
            rotation: Quat::from_rotation_y(now.yaw_rad),
            scale: Vec3::new(self.build, 1.0, self.build) * (now.body.scale * self.share),
        }
    }
}

fn tell_heads(people: Query<&Person>, mut heads: ResMut<HeadPositions>) {
    heads.clear();
    heads.extend(people.iter().filter(|person| !person.is_leaving && !person.is_me).filter_map(|person| {
        let head = person.now?.body.joint(BodyPart::Head);
        let delay_secs = person.playout.delay().as_secs_f32();
        Some(HeadPosition { id: person.id, position: head.position, rotation: head.rotation, delay_secs })
    }));
}
