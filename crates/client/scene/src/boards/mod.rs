//! Whiteboards: on the walls of the place, and filling the window.
//!
//! What a person does at a board, and what is on it, is the business of `atrium_easel`. Here its documents become
//! triangles ([`mesher`], on a thread), triangles become textures ([`paint`], on the graphics card), and textures are
//! seen: on the wall as a whole, through a lens that follows the eye from near, or on a canvas that fills the window.
//! A frame in which nothing changes on any board costs nothing.

mod board;
mod canvas;
mod coming;
mod cost;
mod desk;
mod export;
mod face;
mod hang;
mod inserting;
mod lens;
mod marks;
mod mesher;
mod news;
mod opening;
mod paint;
mod paste;
mod pictures;
mod pointing;
mod sending;
mod sheet;
mod target;
mod view;
mod walls;

pub use board::Boards;
pub use cost::BoardsCost;
pub use export::{ExportBoard, Exported};
pub(crate) use news::BoardNewsReaders;
pub use opening::{OpenBoard, StartBoard};
pub(crate) use view::{BoardDoers, BoardFacts};
pub(crate) use walls::{WallHit, Walls};

use crate::body::Asked;
use crate::frame::Frame;
use crate::panels::PanelsShown;
use crate::receive;
use crate::room::{CurrentPlace, RenderQuality, RoomShown};
use crate::screen::AppScreen;
use bevy::prelude::*;
use bevy_egui::EguiPrimaryContextPass;

pub(crate) fn plugin(app: &mut App) {
    match mesher::Mesher::start() {
        Ok(mesher) => app.insert_resource(mesher),
        Err(error) => return error!("no thread for boards, so they stay blank: {error}"),
    };
    paint::plugin(app);
    face::plugin(app);
    app.init_resource::<BoardsCost>()
        .init_resource::<Boards>()
        .init_resource::<board::Ruler>()
        .init_resource::<canvas::Canvas>()
        .init_resource::<desk::Desk>()
        .init_resource::<hang::Damages>()
        .init_resource::<lens::Lens>()
        .init_resource::<marks::Marks>()
        .init_resource::<pictures::Pictures>()
        .init_resource::<pointing::Pen>()
        .init_resource::<Walls>()
        .insert_non_send(hang::LivePainter::default())
        .add_message::<OpenBoard>()
        .add_message::<sending::BoardTold>();
    inserting::plugin(app);
    export::plugin(app);
    hang_up(app);
    receive_and_send(app);
}

/// Where boards are, and what is seen of them.
fn hang_up(app: &mut App) {
    let put_up = walls::put_up.run_if(
        resource_exists_and_changed::<CurrentPlace>
            .or_else(resource_changed::<RenderQuality>)
            .or_else(resource_removed::<CurrentPlace>),
    );
    let give_faces =
        walls::give_faces.run_if(resource_exists_and_changed::<RoomShown>.or_else(resource_changed::<Walls>));
    let paint = (hang::hang_pictures, hang::follow, canvas::fit, lens::follow, marks::mark, hang::show);
    app.add_systems(Update, (put_up, give_faces, paint.chain()).chain().in_set(Frame::Present))
        .add_systems(Update, desk::show_cursor.in_set(Frame::Present))
        .add_systems(EguiPrimaryContextPass, canvas::show.before(PanelsShown));
}

/// What comes, what one does, and what goes out.
fn receive_and_send(app: &mut App) {
    let come = (coming::ask, coming::read, coming::hear).chain().after(receive::receive);
    let in_room = in_state(AppScreen::InRoom);
    let at_desk = desk::work.run_if(|boards: Res<Boards>| boards.open.is_some());
    let sense = (opening::press, pointing::draw.after(Asked), pointing::go_away, at_desk).run_if(in_room);
    app.add_systems(Update, come.in_set(Frame::Receive))
        .add_systems(Update, sense.in_set(Frame::Sense))
        .add_systems(Update, opening::start.run_if(resource_exists::<StartBoard>).in_set(Frame::Sense))
        .add_systems(Update, (opening::open, sending::send).chain().in_set(Frame::Publish))
        .add_systems(OnExit(AppScreen::InRoom), (opening::close, pointing::forget, desk::forget, forget_marks));
}

fn forget_marks(mut marks: ResMut<marks::Marks>) {
    marks.forget();
}
