//! What one chooses in the settings takes effect.

use crate::frame::Frame;
use crate::panels::UserSettings;
use crate::people::ReducedMotion;
use crate::room::RenderQuality;
use atrium_panels::Quality;
use bevy::prelude::*;

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(Update, apply.in_set(Frame::Receive).run_if(resource_changed::<UserSettings>));
}

fn apply(
    settings: Res<UserSettings>,
    mut last_quality: Local<Option<Quality>>,
    mut reduced: ResMut<ReducedMotion>,
    mut quality: ResMut<RenderQuality>,
) {
    reduced.set_if_neq(ReducedMotion(settings.0.reduced_motion));
    let chosen = settings.0.quality;
    // The app starts with what suits the machine; only a choice changes that.
    if last_quality.replace(chosen).is_some_and(|last| last != chosen) {
        *quality = match chosen {
            Quality::Low => RenderQuality::Low,
            Quality::Medium => RenderQuality::Medium,
            Quality::High => RenderQuality::High,
        };
    }
}
