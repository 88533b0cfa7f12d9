//! Letters for panels, looked for off the frame: system fonts are many and large.

use crate::panels::show::ThisMachine;
use atrium_panels::fonts::{ChineseFont, NoChineseFont, definitions};
use bevy::prelude::*;
use bevy::tasks::{AsyncComputeTaskPool, Task, block_on, poll_once};
use bevy_egui::{EguiContexts, EguiPrimaryContextPass};

#[derive(Resource)]
struct Search(Task<Result<ChineseFont, NoChineseFont>>);

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(Startup, search);
    app.add_systems(EguiPrimaryContextPass, install.before(super::show::Shown).run_if(resource_exists::<Search>));
}

fn search(mut commands: Commands) {
    commands.insert_resource(Search(AsyncComputeTaskPool::get().spawn(async { ChineseFont::find() })));
}

fn install(
    mut search: ResMut<Search>,
    mut contexts: EguiContexts,
    mut machine: ResMut<ThisMachine>,
    mut commands: Commands,
) {
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let Some(found) = block_on(poll_once(&mut search.0)) else { return };
    match &found {
        Ok(font) => debug!("Chinese is written with {}", font.family()),
        Err(missing) => warn!("{missing}"),
    }
    machine.lacks_chinese_font = found.is_err();
    ctx.set_fonts(definitions(found.as_ref().ok()));
    commands.remove_resource::<Search>();
}
