use bevy::ecs::schedule::SingleThreadedExecutor;
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
    app.configure_sets(Update, order.chain()).add_plugins(OneByOne);
}

/// Runs the systems of a frame one after another on the main thread. They are many and small: handing them to other
/// threads takes longer than what they do. The engine's long loops use all cores as before, and so does the renderer.
struct OneByOne;

impl Plugin for OneByOne {
    fn build(&self, _: &mut App) {}

    fn cleanup(&self, app: &mut App) {
        for (_, schedule) in app.world_mut().resource_mut::<Schedules>().iter_mut() {
            schedule.set_executor(SingleThreadedExecutor::new());
        }
    }
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
