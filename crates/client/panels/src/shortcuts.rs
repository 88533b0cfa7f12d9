use crate::board::keys;
use crate::{BoardIntent, BoardPanelIntent, Intent, MeetingIntent, PanelIntent, RoomView, Screen, Tab, View};
use egui::{Context, Event, InputState, Key, Modifiers};

/// The keys that do something in a room, and what; the help lists them too.
pub(crate) const LETTERS: [Key; 6] = [Key::M, Key::H, Key::T, Key::P, Key::I, Key::Comma];

/// What was asked for by keys. Letters are left to whoever writes.
pub(crate) fn pressed(ctx: &Context, view: &View<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    if ctx.input_mut(|input| take(input, Key::F1)) {
        intents.push(PanelIntent::ToggleHelp.into());
    }
    let Screen::Room(room) = &view.screen else { return intents };
    if view.state.is_modal() {
        return intents;
    }
    release_focus(ctx);
    if keys::is_typing(ctx) {
        return intents;
    }
    if has_something_open(view) && ctx.input_mut(|input| take(input, Key::Escape)) {
        intents.push(closed(view));
    }
    if let Some(board) = room.board.as_ref().filter(|board| board.is_open) {
        intents.extend(keys::pressed(ctx, view, room, board));
        return intents;
    }
    if ctx.text_edit_focused() || ctx.any_popup_open() {
        return intents;
    }
    if room.board.is_some() && ctx.input_mut(|input| take(input, Key::Escape)) {
        intents.push(BoardIntent::Close.into());
    }
    let me = room.meeting.my_info();
    for key in LETTERS {
        if !ctx.input_mut(|input| take(input, key)) {
            continue;
        }
        intents.push(match key {
            Key::M => MeetingIntent::SetMuted(!view.is_muted(room)).into(),
            Key::H => MeetingIntent::RaiseHand(me.is_none_or(|me| me.hand_raised_at_ms.is_none())).into(),
            Key::T => PanelIntent::Toggle(Tab::Chat).into(),
            Key::P => PanelIntent::Toggle(Tab::People).into(),
            Key::I => PanelIntent::Toggle(Tab::Invite).into(),
            _ => PanelIntent::Toggle(Tab::Settings).into(),
        });
    }
    intents
}

/// Whether letters are the board's.
pub(crate) fn is_at_board(room: &RoomView<'_>) -> bool {
    room.board.is_some_and(|board| board.is_open)
}

/// A click into the room gives the keyboard back to the body.
fn release_focus(ctx: &Context) {
    if ctx.input(|input| input.pointer.any_pressed()) && !ctx.is_pointer_over_egui() {
        ctx.memory_mut(|memory| memory.focused().into_iter().for_each(|id| memory.surrender_focus(id)));
    }
}

/// Whether Escape has something of ours to close; otherwise it is the body's.
fn has_something_open(view: &View<'_>) -> bool {
    let state = view.state;
    state.board.menu.is_some() || state.shows_reactions || state.shows_more || state.tab.is_some()
}

fn closed(view: &View<'_>) -> Intent {
    let state = view.state;
    if state.board.menu.is_some() {
        BoardPanelIntent::CloseMenu.into()
    } else if state.shows_reactions {
        PanelIntent::ToggleReactions.into()
    } else if state.shows_more {
        PanelIntent::ToggleMore.into()
    } else {
        PanelIntent::CloseSide.into()
    }
}

/// Takes a key that was pressed alone, with the text that it would write: a field that opens now must not get it.
fn take(input: &mut InputState, key: Key) -> bool {
    let is_it = |event: &Event| {
        matches!(event, Event::Key { key: pressed, pressed: true, repeat: false, modifiers, .. }
            if *pressed == key && *modifiers == Modifiers::NONE)
    };
    if !input.events.iter().any(is_it) {
        return false;
    }
    input.events.retain(|event| !is_it(event) && !matches!(event, Event::Text(_)));
    true
}
