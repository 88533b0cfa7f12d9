use crate::{Action, Modifiers, Tool, Zoom};
use glam::Vec2;

/// A key, as far as a board cares. Letters are by what they write, so that they are where the keyboard's language has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A letter, digit or sign; letters in lower case.
    Character(char),
    /// Delete or Backspace.
    Delete,
    /// Escape.
    Escape,
    /// Enter or F2.
    Enter,
    /// Space.
    Space,
    /// The arrow to the left.
    Left,
    /// The arrow to the right.
    Right,
    /// The arrow up.
    Up,
    /// The arrow down.
    Down,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// A key that goes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPress {
    /// Which.
    pub key: Key,
    /// What is held with it.
    pub modifiers: Modifiers,
}

/// Pixels that an arrow moves a selection, alone and with shift.
const NUDGE_PIXELS: f32 = 1.0;
const FAR_NUDGE_PIXELS: f32 = 10.0;

/// What a key does at a board while nothing is typed, as in well-known boards; `None`: nothing. Space, while it is held,
/// is [`crate::Easel::hold_hand`].
pub fn shortcut(press: KeyPress) -> Option<Action> {
    let Modifiers { shift, alt, command } = press.modifiers;
    match press.key {
        Key::Character(letter) if command => with_command(letter.to_ascii_lowercase(), shift),
        Key::Character(letter) if !alt => alone(letter.to_ascii_lowercase(), shift),
        Key::Character(_) | Key::Space => None,
        Key::Delete => Some(Action::Delete),
        Key::Escape => Some(Action::Escape),
        Key::Enter => Some(Action::EditText),
        Key::PageUp => Some(Action::PreviousPage),
        Key::PageDown => Some(Action::NextPage),
        Key::Left => Some(nudge(-Vec2::X, shift)),
        Key::Right => Some(nudge(Vec2::X, shift)),
        Key::Up => Some(nudge(-Vec2::Y, shift)),
        Key::Down => Some(nudge(Vec2::Y, shift)),
    }
}

fn nudge(direction: Vec2, is_far: bool) -> Action {
    Action::NudgePixels(direction * if is_far { FAR_NUDGE_PIXELS } else { NUDGE_PIXELS })
}

fn with_command(letter: char, shift: bool) -> Option<Action> {
    match (letter, shift) {
        ('z', false) => Some(Action::Undo),
        ('z', true) | ('y', false) => Some(Action::Redo),
        ('d', false) => Some(Action::Duplicate),
        ('a', false) => Some(Action::SelectAll),
        ('a', true) => Some(Action::SelectNothing),
        ('c', false) => Some(Action::Copy),
        ('x', false) => Some(Action::Cut),
        ('v', _) => Some(Action::Paste(None)),
        ('l', true) => Some(Action::ToggleLock),
        (']' | '}', _) => Some(Action::ToFront),
        ('[' | '{', _) => Some(Action::ToBack),
        ('=' | '+', _) => Some(Action::Zoom(Zoom::In)),
        ('-' | '_', _) => Some(Action::Zoom(Zoom::Out)),
        ('0', _) => Some(Action::Zoom(Zoom::Whole)),
        ('1', _) => Some(Action::Zoom(Zoom::Fit)),
        _ => None,
    }
}

fn alone(letter: char, shift: bool) -> Option<Action> {
    let tool = match letter {
        'v' => Tool::Select,
        'p' | 'd' => Tool::Pen,
        'h' => Tool::Highlighter,
        'e' => Tool::Eraser { parts: shift },
        't' => Tool::Text,
        'n' => Tool::Sticky,
        'r' => Tool::Rectangle,
        'o' => Tool::Ellipse,
        'l' => Tool::Line,
        'a' => Tool::Arrow,
        'k' => Tool::Laser,
        '+' | '=' => return Some(Action::Zoom(Zoom::In)),
        '-' | '_' => return Some(Action::Zoom(Zoom::Out)),
        '0' => return Some(Action::Zoom(Zoom::Whole)),
        '1' | '!' => return Some(Action::Zoom(Zoom::Fit)),
        ']' => return Some(Action::ToFront),
        '[' => return Some(Action::ToBack),
        _ => return None,
    };
    (!shift || letter == 'e').then_some(Action::Use(tool))
}
