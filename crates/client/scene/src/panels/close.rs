//! Closing the window: asks first while others are inside or something is not saved, and says goodbye in any case.

use crate::frame::Frame;
use crate::panels::show::PanelMemory;
use crate::receive::TheMeeting;
use crate::screen::AppScreen;
use crate::visit::LeaveRoom;
use atrium_panels::Question;
use bevy::app::AppExit;
use bevy::prelude::*;
use bevy::window::WindowCloseRequested;
use std::time::Duration;

/// How long the server has to hear that one leaves.
const GOODBYE: Duration = Duration::from_millis(400);

/// The window is to close.
#[derive(Resource, Debug, Default)]
struct Closing {
    is_asked: bool,
    exit_at: Option<Duration>,
}

pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<Closing>().add_systems(Update, (ask, say_goodbye.after(ask), exit).in_set(Frame::Present));
}

fn ask(
    mut requested: MessageReader<WindowCloseRequested>,
    screen: Res<State<AppScreen>>,
    meeting: Res<TheMeeting>,
    mut memory: ResMut<PanelMemory>,
    mut closing: ResMut<Closing>,
    mut leave: MessageWriter<LeaveRoom>,
    mut exit: MessageWriter<AppExit>,
) {
    if requested.read().count() == 0 {
        return;
    }
    // Who asks a second time means it.
    let asks = **screen == AppScreen::InRoom && memory.asks_before_leaving(&meeting) && !closing.is_asked;
    if asks {
        closing.is_asked = true;
        memory.question = Some(Question::Leave);
    } else if matches!(**screen, AppScreen::InRoom | AppScreen::Entering) {
        closing.is_asked = true;
        leave.write(LeaveRoom);
    } else {
        exit.write(AppExit::Success);
    }
}

/// After the question: whoever stays does not close, whoever leaves does.
fn say_goodbye(
    mut left: MessageReader<LeaveRoom>,
    memory: Res<PanelMemory>,
    time: Res<Time<Real>>,
    mut closing: ResMut<Closing>,
) {
    let is_leaving = left.read().count() > 0;
    if !closing.is_asked || closing.exit_at.is_some() {
        return;
    }
    if is_leaving {
        closing.exit_at = Some(time.elapsed() + GOODBYE);
    } else if memory.question != Some(Question::Leave) {
        closing.is_asked = false;
    }
}

fn exit(closing: Res<Closing>, time: Res<Time<Real>>, mut exit: MessageWriter<AppExit>) {
    if closing.exit_at.is_some_and(|at| at <= time.elapsed()) {
        exit.write(AppExit::Success);
    }
}
