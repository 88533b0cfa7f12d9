use super::person::{Detail, Person};
use crate::body::MainCamera;
use crate::frame::Frame;
use bevy::prelude::*;

/// How often detail is dealt out.
const EVERY_SECS: f32 = 0.2;
/// Up to here all parts are drawn, and up to here most.
const NEAR_M: f32 = 12.0;
const MIDDLE_M: f32 = 25.0;
/// In a crowd only so many of the nearest have that.
const NEAR_PEOPLE: usize = 24;
const MIDDLE_PEOPLE: usize = 64;
/// Whoever has more detail keeps it so much longer, so that nobody flickers at a border.
const KEEP_M: f32 = 1.0;
/// Cosine of the angle from the view's middle within which people are in view, bodies at its edge included.
const IN_VIEW: f32 = 0.45;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, deal_out.in_set(Frame::Simulate).before(super::animate::think));
}

fn deal_out(
    mut people: Query<(Entity, &mut Person)>,
    camera: Option<Single<&Transform, With<MainCamera>>>,
    time: Res<Time>,
    mut since_secs: Local<f32>,
    mut by_distance: Local<Vec<(f32, Entity)>>,
) {
    *since_secs += time.delta_secs();
    let Some(camera) = camera.filter(|_| *since_secs >= EVERY_SECS) else { return };
    *since_secs = 0.0;
    by_distance.clear();
    for (entity, mut person) in &mut people {
        let Some(now) = &person.now else { continue };
        let away = now.feet + Vec3::Y - camera.translation;
        let distance_m = away.length();
        person.is_in_view = distance_m < 2.0 || away.dot(*camera.forward()) > IN_VIEW * distance_m;
        let kept_m = match person.detail {
            Detail::Near => 2.0 * KEEP_M,
            Detail::Middle => KEEP_M,
            Detail::Far => 0.0,
        };
        by_distance.push((distance_m - kept_m, entity));
    }
    by_distance.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    for (place, (distance_m, entity)) in by_distance.iter().enumerate() {
        if let Ok((_, mut person)) = people.get_mut(*entity) {
            person.detail = detail_for(*distance_m, place);
        }
    }
}

fn detail_for(distance_m: f32, place: usize) -> Detail {
    if distance_m < NEAR_M && place < NEAR_PEOPLE {
        Detail::Near
    } else if distance_m < MIDDLE_M && place < MIDDLE_PEOPLE {
        Detail::Middle
    } else {
        Detail::Far
    }
}
