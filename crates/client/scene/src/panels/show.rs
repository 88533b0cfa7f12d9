//! Draws the panels of the current screen and takes what they ask for.

use crate::boards::{BoardFacts, BoardNewsReaders, Boards};
use crate::frame::Frame;
use crate::offscreen::Offscreen;
use crate::panels::views::Facts;
use crate::panels::wishes::Doers;
use crate::receive::{News, TheMeeting};
use crate::room::RoomShown;
use crate::screen::AppScreen;
use crate::sound::SoundTold;
use atrium_easel::Action;
use atrium_panels::{
    BoardIntent, BoardMenu, Intent, Machine, PanelState, Pointer, Question, Settings, Surface, Tab, View, Wish, Words,
    board_canvas, draw, theme,
};
use bevy::prelude::*;
use bevy::window::{PrimaryWindow, WindowTheme, WindowThemeChanged};
use bevy_egui::{EguiContexts, EguiPrimaryContextPass, egui};

/// A person's settings. The app reads them from a file before, and keeps them when they change.
#[derive(Resource, Clone, Debug, Default, PartialEq, Deref, DerefMut)]
pub struct UserSettings(pub Settings);

/// What panels remember.
#[derive(Resource, Clone, Debug, Default, Deref, DerefMut)]
pub struct PanelMemory(pub PanelState);

/// Devices and other facts of this machine. The app fills in what it knows.
#[derive(Resource, Clone, Debug, Default, Deref, DerefMut)]
pub struct ThisMachine(pub Machine);

/// The words of the current language.
#[derive(Resource, Debug, Deref)]
struct CurrentWords(Words);

/// When panels are drawn, within the pass of egui.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Shown;

pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<UserSettings>()
        .init_resource::<PanelMemory>()
        .init_resource::<ThisMachine>()
        .add_systems(Startup, choose_words)
        .add_systems(OnExit(AppScreen::InRoom), forget_meeting)
        .add_systems(Update, (see_desktop_theme, choose_words, (tell, follow).chain()).in_set(Frame::Present))
        .add_systems(
            EguiPrimaryContextPass,
            (
                show.in_set(Shown).run_if(resource_exists::<CurrentWords>.and_then(are_wanted)),
                fit_board.run_if(not(are_wanted)),
            ),
        );
}

/// A picture may leave them out.
fn are_wanted(offscreen: Option<Res<Offscreen>>) -> bool {
    offscreen.is_none_or(|offscreen| offscreen.has_panels)
}

fn choose_words(settings: Res<UserSettings>, words: Option<Res<CurrentWords>>, mut commands: Commands) {
    if !settings.is_changed() && words.is_some() {
        return;
    }
    let language = settings.language();
    if words.is_none_or(|words| words.language() != language) {
        commands.insert_resource(CurrentWords(Words::new(language)));
    }
}

fn see_desktop_theme(
    mut changed: MessageReader<WindowThemeChanged>,
    window: Query<&Window, (With<PrimaryWindow>, Added<Window>)>,
    mut machine: ResMut<ThisMachine>,
) {
    let at_start = window.iter().filter_map(|window| window.window_theme);
    if let Some(theme) = changed.read().map(|changed| changed.theme).chain(at_start).last() {
        machine.is_system_dark = Some(theme == WindowTheme::Dark);
    }
}

fn forget_meeting(mut memory: ResMut<PanelMemory>) {
    memory.leave_meeting();
}

/// News become notices.
fn tell(
    mut news: MessageReader<News>,
    mut sound: MessageReader<SoundTold>,
    mut boards: BoardNewsReaders,
    (meeting, shown): (Res<TheMeeting>, Option<Res<RoomShown>>),
    words: Option<Res<CurrentWords>>,
    time: Res<Time<Real>>,
    mut memory: ResMut<PanelMemory>,
) {
    let Some(words) = words else { return };
    let now_secs = time.elapsed_secs_f64();
    for event in news.read() {
        memory.toasts.tell(event, &meeting, &words, now_secs);
    }
    for news in sound.read() {
        memory.take_sound(news, &meeting, &words, now_secs);
    }
    for news in boards.read() {
        memory.toasts.tell_board(&news, &words, now_secs);
    }
    let lost_looks = shown.as_ref().filter(|shown| shown.is_added()).and_then(|shown| shown.problem.as_deref());
    if let Some(why) = lost_looks {
        memory.toasts.tell_plain_room(why, &words, now_secs);
    }
    memory.toasts.pass(now_secs);
}

fn follow(
    mut meeting: ResMut<TheMeeting>,
    mut memory: ResMut<PanelMemory>,
    boards: Res<Boards>,
    screen: Res<State<AppScreen>>,
) {
    if **screen != AppScreen::InRoom {
        return;
    }
    memory.follow(&meeting);
    memory.has_unsaved = boards.has_unsaved();
    if memory.tab == Some(Tab::Chat) && meeting.unread() > 0 {
        meeting.mark_chat_read();
    }
}

fn show(
    mut contexts: EguiContexts,
    mut facts: Facts,
    mut boards: BoardFacts,
    mut doers: Doers,
    mut memory: ResMut<PanelMemory>,
    machine: Res<ThisMachine>,
    words: Res<CurrentWords>,
    time: Res<Time<Real>>,
) {
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let now_secs = time.elapsed_secs_f64();
    let mut settings = doers.settings.0.clone();
    let is_dark = theme::is_dark(settings.theme, facts.is_in_room(), machine.is_system_dark);
    let Some(percent) = fitting_scale(ctx, settings.text_scale_percent) else { return };
    theme::apply(ctx, is_dark, settings.reduced_motion, percent);
    let kept = facts.keep();
    let mut ui = whole_surface(ctx);
    let surface = Surface::of(&ui, Pointer::Mouse);
    boards.fit(board_canvas(&surface, &memory), surface.size_points);
    let counts =
        memory.board.menu == Some(BoardMenu::RemoveBy) || matches!(memory.question, Some(Question::RemoveBy(_)));
    let board = boards.keep(surface.size_points, &facts.meeting, counts);
    let intents = draw(
        &mut ui,
        &View {
            surface,
            words: &words,
            settings: &settings,
            state: &memory,
            machine: &machine,
            sound: facts.sound(**doers.voice_test, *doers.own_mute),
            now_secs,
            screen: facts.screen(&kept, boards.view(&board, &facts.meeting)),
        },
    );
    for intent in intents {
        let is_copy = matches!(&intent, Intent::Board(BoardIntent::Do(Action::Copy | Action::Cut)));
        if is_copy {
            boards.copied().into_iter().for_each(|text| ctx.copy_text(text));
        }
        let wish = take(intent, &mut memory, &mut settings, &facts.meeting);
        if let Some(Wish::Copy(text)) = &wish {
            ctx.copy_text(text.clone());
            memory.toasts.tell_copied(&words, now_secs);
        }
        if doers.settings.0 != settings {
            doers.settings.0 = settings.clone();
        }
        wish.into_iter().for_each(|wish| doers.pass_on(wish, &mut boards));
    }
}

/// Without panels a board has all of the window.
fn fit_board(mut contexts: EguiContexts, mut boards: BoardFacts) {
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let whole = ctx.content_rect();
    boards.fit(whole, whole.size());
}

fn take(intent: Intent, memory: &mut PanelState, settings: &mut Settings, meeting: &TheMeeting) -> Option<Wish> {
    memory.take(intent, settings, meeting)
}

/// The chosen size of panels, or less in a small window: they need room for `SMALLEST`. `None` when nothing could be read.
fn fitting_scale(ctx: &egui::Context, chosen_percent: u16) -> Option<u16> {
    const SMALLEST: egui::Vec2 = egui::vec2(400.0, 300.0);
    const UNREADABLE_PERCENT: f32 = 40.0;
    let points = ctx.content_rect().size() * ctx.zoom_factor();
    let most = 100.0 * (points / SMALLEST).min_elem();
    (most >= UNREADABLE_PERCENT).then(|| chosen_percent.min(most as u16))
}

/// An empty `Ui` on all of the surface, behind everything.
fn whole_surface(ctx: &egui::Context) -> egui::Ui {
    let all = egui::UiBuilder::new().layer_id(egui::LayerId::background()).max_rect(ctx.content_rect());
    egui::Ui::new(ctx.clone(), egui::Id::new("panels"), all)
}
