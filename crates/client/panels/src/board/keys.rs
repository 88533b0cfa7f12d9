//! Keys at an open board: letters are tools there. The room keeps M, and its other letters with Shift.

use super::{BoardIntent, BoardPanelIntent, BoardView, text};
use crate::{Intent, MeetingIntent, PanelIntent, RoomView, Tab, View};
use atrium_easel::{Action as Deed, Key as BoardKey, KeyPress, Modifiers as Held, Tool, shortcut};
use egui::{Context, Event, Key, Modifiers};

/// What was asked for by keys. While somebody writes, keys are letters.
pub(crate) fn pressed(ctx: &Context, view: &View<'_>, room: &RoomView<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    if ctx.text_edit_focused() || ctx.any_popup_open() {
        return Vec::new();
    }
    let events = ctx.input(|input| input.events.clone());
    let is_pointer_down = ctx.input(|input| input.pointer.any_down());
    let has_focus = ctx.memory(|memory| memory.focused().is_some());
    let mut intents: Vec<Intent> = clipboard(&events).into_iter().map(Intent::from).collect();
    let mut is_taken = !intents.is_empty();
    for event in &events {
        let Event::Key { key, pressed: true, repeat, modifiers, .. } = event else { continue };
        let intent = of_meeting(*key, *modifiers, (view, room)).filter(|_| !repeat).or_else(|| {
            let deed = of_board(*key, *modifiers, *repeat, has_focus)?;
            Some(if deed == Deed::Escape { escape(view, board, is_pointer_down) } else { BoardIntent::Do(deed).into() })
        });
        is_taken |= intent.is_some();
        intents.extend(intent);
    }
    if is_taken {
        // A field that opens now must not get the letter.
        ctx.input_mut(|input| input.events.retain(|event| !matches!(event, Event::Text(_) | Event::Paste(_))));
    }
    intents
}

/// Copying, cutting and pasting come as events of their own; where nothing is on the clipboard, pasting comes as a key.
fn clipboard(events: &[Event]) -> Option<BoardIntent> {
    let of_event = events.iter().find_map(|event| match event {
        Event::Copy => Some(BoardIntent::Do(Deed::Copy)),
        Event::Cut => Some(BoardIntent::Do(Deed::Cut)),
        Event::Paste(text) => Some(BoardIntent::Paste(Some(text.clone()))),
        _ => None,
    });
    of_event.or_else(|| {
        events.iter().find_map(|event| match event {
            Event::Key { key, pressed: true, repeat: false, modifiers, .. } if modifiers.command => match key {
                Key::C => Some(BoardIntent::Do(Deed::Copy)),
                Key::X => Some(BoardIntent::Do(Deed::Cut)),
                Key::V => Some(BoardIntent::Paste(None)),
                _ => None,
            },
            _ => None,
        })
    })
}

/// What the room keeps: M and the comma as ever, its other letters with Shift.
fn of_meeting(key: Key, modifiers: Modifiers, (view, room): (&View<'_>, &RoomView<'_>)) -> Option<Intent> {
    let me = room.meeting.my_info();
    match key {
        Key::M if modifiers.is_none() => Some(MeetingIntent::SetMuted(!view.is_muted(room)).into()),
        Key::Comma if modifiers.is_none() => Some(PanelIntent::Toggle(Tab::Settings).into()),
        Key::S if modifiers.is_none() => Some(BoardPanelIntent::ToggleStyle.into()),
        Key::H if modifiers.shift_only() => {
            Some(MeetingIntent::RaiseHand(me.is_none_or(|me| me.hand_raised_at_ms.is_none())).into())
        }
        Key::T if modifiers.shift_only() => Some(PanelIntent::Toggle(Tab::Chat).into()),
        Key::P if modifiers.shift_only() => Some(PanelIntent::Toggle(Tab::People).into()),
        Key::I if modifiers.shift_only() => Some(PanelIntent::Toggle(Tab::Invite).into()),
        _ => None,
    }
}

/// What the board makes of a key.
fn of_board(key: Key, modifiers: Modifiers, repeat: bool, has_focus: bool) -> Option<Deed> {
    let key = board_key(key)?;
    // Whatever has the keyboard is moved from by arrows, and pressed by Enter.
    let moves_focus = matches!(key, BoardKey::Left | BoardKey::Right | BoardKey::Up | BoardKey::Down | BoardKey::Enter);
    if has_focus && moves_focus {
        return None;
    }
    let held = Held { shift: modifiers.shift, alt: modifiers.alt, command: modifiers.command };
    let deed = shortcut(KeyPress { key, modifiers: held })?;
    let may_repeat = matches!(
        deed,
        Deed::NudgePixels(_) | Deed::Undo | Deed::Redo | Deed::Zoom(_) | Deed::NextPage | Deed::PreviousPage
    );
    let is_clipboard = matches!(deed, Deed::Copy | Deed::Cut | Deed::Paste(_));
    ((may_repeat || !repeat) && !is_clipboard).then_some(deed)
}

fn board_key(key: Key) -> Option<BoardKey> {
    Some(match key {
        Key::Delete | Key::Backspace => BoardKey::Delete,
        Key::Escape => BoardKey::Escape,
        Key::Enter | Key::F2 => BoardKey::Enter,
        Key::ArrowLeft => BoardKey::Left,
        Key::ArrowRight => BoardKey::Right,
        Key::ArrowUp => BoardKey::Up,
        Key::ArrowDown => BoardKey::Down,
        Key::PageUp => BoardKey::PageUp,
        Key::PageDown => BoardKey::PageDown,
        Key::Minus => BoardKey::Character('-'),
        other => {
            let mut letters = other.symbol_or_name().chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => BoardKey::Character(letter.to_ascii_lowercase()),
                _ => return None,
            }
        }
    })
}

/// Escape undoes the nearest thing first: what is under way, the selection, the tool, the panel of colours. Then it
/// closes the board.
fn escape(view: &View<'_>, board: &BoardView<'_>, is_pointer_down: bool) -> Intent {
    let is_at_rest = board.tool == Tool::Select && board.selection.count == 0 && board.text.is_none();
    if !is_at_rest || is_pointer_down {
        BoardIntent::Do(Deed::Escape).into()
    } else if view.state.board.shows_style {
        BoardPanelIntent::ToggleStyle.into()
    } else {
        BoardIntent::Close.into()
    }
}

/// Whether Escape is the text's that is being typed.
pub(crate) fn is_typing(ctx: &Context) -> bool {
    text::has_keyboard(ctx)
}
