use atrium_easel::{Action, Key, KeyPress, Modifiers, Tool, Zoom, shortcut};
use glam::Vec2;

const NONE: Modifiers = Modifiers { shift: false, alt: false, command: false };
const SHIFT: Modifiers = Modifiers { shift: true, ..NONE };
const COMMAND: Modifiers = Modifiers { command: true, ..NONE };
const BOTH: Modifiers = Modifiers { shift: true, alt: false, command: true };

fn pressed(key: Key, modifiers: Modifiers) -> Option<Action> {
    shortcut(KeyPress { key, modifiers })
}

fn letter(letter: char, modifiers: Modifiers) -> Option<Action> {
    pressed(Key::Character(letter), modifiers)
}

#[test]
fn tools_have_letters() {
    let tools = [
        ('v', Tool::Select),
        ('p', Tool::Pen),
        ('h', Tool::Highlighter),
        ('e', Tool::Eraser { parts: false }),
        ('t', Tool::Text),
        ('n', Tool::Sticky),
        ('r', Tool::Rectangle),
        ('o', Tool::Ellipse),
        ('l', Tool::Line),
        ('a', Tool::Arrow),
        ('k', Tool::Laser),
    ];
    for (key, tool) in tools {
        assert_eq!(letter(key, NONE), Some(Action::Use(tool)));
        assert_eq!(letter(key.to_ascii_uppercase(), NONE), Some(Action::Use(tool)), "caps lock");
    }
    assert_eq!(letter('E', SHIFT), Some(Action::Use(Tool::Eraser { parts: true })));
    assert_eq!(letter('P', SHIFT), None);
}

#[test]
fn what_is_done_to_a_selection() {
    assert_eq!(letter('z', COMMAND), Some(Action::Undo));
    assert_eq!(letter('Z', BOTH), Some(Action::Redo));
    assert_eq!(letter('y', COMMAND), Some(Action::Redo));
    assert_eq!(letter('d', COMMAND), Some(Action::Duplicate));
    assert_eq!(letter('a', COMMAND), Some(Action::SelectAll));
    assert_eq!(letter('c', COMMAND), Some(Action::Copy));
    assert_eq!(letter('x', COMMAND), Some(Action::Cut));
    assert_eq!(letter('v', COMMAND), Some(Action::Paste(None)));
    assert_eq!(letter(']', COMMAND), Some(Action::ToFront));
    assert_eq!(letter('[', COMMAND), Some(Action::ToBack));
    assert_eq!(pressed(Key::Delete, NONE), Some(Action::Delete));
    assert_eq!(pressed(Key::Escape, NONE), Some(Action::Escape));
    assert_eq!(pressed(Key::Enter, NONE), Some(Action::EditText));
    assert_eq!(pressed(Key::Left, NONE), Some(Action::NudgePixels(-Vec2::X)));
    assert_eq!(pressed(Key::Down, SHIFT), Some(Action::NudgePixels(Vec2::Y * 10.0)));
    assert_eq!(letter('q', COMMAND), None);
}

#[test]
fn what_one_looks_at() {
    for modifiers in [NONE, COMMAND] {
        assert_eq!(letter('+', modifiers), Some(Action::Zoom(Zoom::In)));
        assert_eq!(letter('-', modifiers), Some(Action::Zoom(Zoom::Out)));
        assert_eq!(letter('0', modifiers), Some(Action::Zoom(Zoom::Whole)));
        assert_eq!(letter('1', modifiers), Some(Action::Zoom(Zoom::Fit)));
    }
    assert_eq!(pressed(Key::PageDown, NONE), Some(Action::NextPage));
    assert_eq!(pressed(Key::PageUp, NONE), Some(Action::PreviousPage));
    assert_eq!(pressed(Key::Space, NONE), None, "it is held, not pressed");
}
