use bevy::prelude::*;

/// The order of a frame, all of it in [`Update`].
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Frame {
    /// Words of the room become resources, components and messages.
    Receive,
    /// Keys, mouse, panels.
    Sense,
    /// One's own body, other people's, whatever moves.
    Simulate,
    /// One's own pose and wishes go out.
    Publish,
    /// Cameras, plates, panels: what is seen.
    Present,
}

/// Puts the sets of [`Frame`] into their order.
pub(crate) fn plugin(app: &mut App) {
    let order = (Frame::Receive, Frame::Sense, Frame::Simulate, Frame::Publish, Frame::Present);
    app.configure_sets(Update, order.chain());
}

/// When the parts of the last frame began, for measurements: receive, sense, simulate, publish, present, and the end of
/// presenting. Added only where somebody measures.
#[derive(Resource, Debug, Default)]
pub struct FrameMarks(pub [Option<std::time::Instant>; 6]);

/// Keeps [`FrameMarks`].
pub struct FrameMarksPlugin;

impl Plugin for FrameMarksPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<FrameMarks>().add_systems(
            Update,
            (
                mark::<0>.before(Frame::Receive),
                mark::<1>.after(Frame::Receive).before(Frame::Sense),
                mark::<2>.after(Frame::Sense).before(Frame::Simulate),
                mark::<3>.after(Frame::Simulate).before(Frame::Publish),
                mark::<4>.after(Frame::Publish).before(Frame::Present),
                mark::<5>.after(Frame::Present),
            ),
        );
    }
}

fn mark<const PART: usize>(mut marks: ResMut<FrameMarks>) {
    marks.0[PART] = Some(std::time::Instant::now());
}
