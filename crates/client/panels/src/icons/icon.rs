use super::board;
use super::pen::Pen;
use egui::{Color32, Painter, Rect};

/// A sign beside a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icon {
    /// A microphone that is heard.
    Microphone,
    /// A microphone that is not.
    MicrophoneOff,
    /// A microphone that somebody else switched off.
    MicrophoneLocked,
    /// A microphone that does not work.
    MicrophoneProblem,
    /// A loudspeaker.
    Speaker,
    /// A loudspeaker that is not heard.
    SpeakerOff,
    /// A raised hand.
    Hand,
    /// A face.
    Smile,
    /// A speech bubble.
    Chat,
    /// Two people.
    People,
    /// A person with a plus.
    Invite,
    /// A gear.
    Settings,
    /// A door with an arrow out.
    Leave,
    /// A house.
    Home,
    /// A cross.
    Close,
    /// A tick.
    Check,
    /// A closed lock.
    Lock,
    /// An open lock.
    Unlock,
    /// Two sheets.
    Copy,
    /// A crown.
    Owner,
    /// A shield.
    Moderator,
    /// Three dots.
    More,
    /// A triangle with a mark.
    Warning,
    /// A clock.
    Recent,
    /// A turning arrow.
    Reconnect,
    /// A screen.
    Screen,
    /// A question mark.
    Help,
    /// A paper plane.
    Send,
    /// A chain link.
    Link,
    /// A knocked-on door.
    Door,
    /// A minus.
    Minus,
    /// A plus.
    Plus,
    /// An angle that points down.
    Down,
    /// An angle that points up.
    Up,
    /// An angle that points to the left.
    Previous,
    /// An angle that points to the right.
    Next,
    /// A pencil.
    Pen,
    /// A broad pen.
    Highlighter,
    /// An eraser.
    Eraser,
    /// An arrow to point with.
    Select,
    /// A cross of arrows.
    Move,
    /// A dot with a trail.
    Laser,
    /// A letter.
    Text,
    /// A sheet of paper with a folded corner.
    Note,
    /// A slanted line.
    Line,
    /// A slanted arrow.
    Arrow,
    /// A rectangle.
    Rectangle,
    /// A circle.
    Ellipse,
    /// An arrow that turns back.
    Undo,
    /// An arrow that turns forward.
    Redo,
    /// The corners of a frame.
    Fit,
    /// Two sheets behind each other.
    Pages,
    /// A landscape.
    Picture,
    /// A sheet with fields.
    Template,
    /// An arrow down into a tray.
    Save,
    /// A moon.
    Moon,
    /// A snow crystal.
    Freeze,
    /// A bin.
    Trash,
    /// A pencil over a line.
    Edit,
    /// A sheet above another.
    Front,
    /// A sheet below another.
    Back,
    /// An eye.
    Follow,
    /// A loudhailer.
    Lead,
}

impl Icon {
    /// Draws it into the middle of `rect`.
    pub fn paint(self, painter: &Painter, rect: Rect, color: Color32) {
        let pen = Pen::new(painter, rect, color);
        match self {
            Self::Microphone => microphone(&pen),
            Self::MicrophoneOff => {
                microphone(&pen);
                pen.line(&[(4.0, 4.0), (20.0, 20.0)]);
            }
            Self::MicrophoneLocked => locked_microphone(&pen),
            Self::MicrophoneProblem => faulty_microphone(&pen),
            Self::Speaker => speaker(&pen),
            Self::SpeakerOff => silent_speaker(&pen),
            Self::Hand => hand(&pen),
            Self::Smile => smile(&pen),
            Self::Chat => chat(&pen),
            Self::People => people(&pen),
            Self::Invite => invite(&pen),
            Self::Settings => gear(&pen),
            Self::Leave => leave(&pen),
            Self::Home => home(&pen),
            Self::Close => cross(&pen),
            Self::Check => pen.line(&[(4.0, 12.5), (9.5, 18.0), (20.0, 6.5)]),
            Self::Lock => lock(&pen, 0.0),
            Self::Unlock => lock(&pen, 4.0),
            Self::Copy => copy(&pen),
            Self::Owner => crown(&pen),
            Self::Moderator => shield(&pen),
            Self::More => [5.0, 12.0, 19.0].into_iter().for_each(|x| pen.dot((x, 12.0), 2.0)),
            Self::Warning => warning(&pen),
            Self::Recent => clock(&pen),
            Self::Reconnect => reconnect(&pen),
            Self::Screen => screen(&pen),
            Self::Help => help(&pen),
            Self::Send => send(&pen),
            Self::Link => link(&pen),
            Self::Door => door(&pen),
            Self::Minus => pen.line(&[(5.0, 12.0), (19.0, 12.0)]),
            Self::Plus => plus(&pen),
            Self::Down => pen.line(&[(5.0, 9.0), (12.0, 16.0), (19.0, 9.0)]),
            Self::Up => pen.line(&[(5.0, 15.0), (12.0, 8.0), (19.0, 15.0)]),
            Self::Previous => pen.line(&[(15.0, 5.0), (8.0, 12.0), (15.0, 19.0)]),
            Self::Next => pen.line(&[(9.0, 5.0), (16.0, 12.0), (9.0, 19.0)]),
            of_boards => board::paint(of_boards, &pen),
        }
    }
}

fn microphone(pen: &Pen<'_>) {
    pen.rect((9.0, 3.0), (15.0, 14.0), 3.0);
    pen.arc((12.0, 11.5), 6.5, 0.0, 0.5);
    pen.line(&[(12.0, 18.0), (12.0, 21.5)]);
}

fn locked_microphone(pen: &Pen<'_>) {
    pen.rect((6.0, 3.0), (12.0, 13.0), 3.0);
    pen.arc((9.0, 10.5), 6.0, 0.12, 0.5);
    pen.line(&[(9.0, 16.5), (9.0, 20.5)]);
    pen.filled_rect((13.0, 15.5), (22.0, 22.0), 1.2);
    pen.wide(1.6).arc((17.5, 15.5), 2.8, 0.5, 1.0);
}

fn faulty_microphone(pen: &Pen<'_>) {
    pen.rect((5.0, 3.0), (11.0, 13.0), 3.0);
    pen.arc((8.0, 10.5), 6.0, 0.12, 0.5);
    pen.line(&[(8.0, 16.5), (8.0, 20.5)]);
    pen.wide(2.6).line(&[(19.0, 5.0), (19.0, 14.0)]);
    pen.dot((19.0, 19.5), 1.7);
}

fn horn(pen: &Pen<'_>) {
    pen.outline(&[(3.0, 9.5), (7.0, 9.5), (12.0, 5.0), (12.0, 19.0), (7.0, 14.5), (3.0, 14.5)]);
}

fn silent_speaker(pen: &Pen<'_>) {
    horn(pen);
    pen.line(&[(16.0, 9.0), (22.0, 15.0)]);
    pen.line(&[(22.0, 9.0), (16.0, 15.0)]);
}

fn speaker(pen: &Pen<'_>) {
    horn(pen);
    pen.arc((12.0, 12.0), 4.0, -0.13, 0.13);
    pen.arc((12.0, 12.0), 8.0, -0.13, 0.13);
}

fn hand(pen: &Pen<'_>) {
    pen.line(&[(7.5, 13.0), (7.5, 6.0)]);
    pen.line(&[(11.0, 12.0), (11.0, 3.5)]);
    pen.line(&[(14.5, 12.0), (14.5, 4.5)]);
    pen.line(&[(18.0, 13.0), (18.0, 7.5)]);
    pen.line(&[(18.0, 12.0), (18.0, 15.0), (17.2, 18.0), (15.5, 20.4), (13.0, 21.5), (10.5, 21.0), (8.5, 19.5)]);
    pen.line(&[(8.5, 19.5), (4.2, 14.8), (4.6, 13.2), (6.0, 12.9), (7.5, 14.2)]);
}

fn smile(pen: &Pen<'_>) {
    pen.circle((12.0, 12.0), 9.0);
    pen.dot((8.8, 9.8), 1.3);
    pen.dot((15.2, 9.8), 1.3);
    pen.arc((12.0, 12.5), 4.6, 0.07, 0.43);
}

fn chat(pen: &Pen<'_>) {
    let bubble = [
        (5.0, 4.0),
        (19.0, 4.0),
        (21.0, 6.0),
        (21.0, 14.5),
        (19.0, 16.5),
        (11.0, 16.5),
        (6.5, 20.5),
        (6.5, 16.5),
        (5.0, 16.5),
        (3.0, 14.5),
        (3.0, 6.0),
    ];
    pen.outline(&bubble);
    pen.line(&[(7.5, 8.5), (16.5, 8.5)]);
    pen.line(&[(7.5, 12.0), (13.5, 12.0)]);
}

fn person(pen: &Pen<'_>, x: f32) {
    pen.circle((x, 8.0), 3.6);
    pen.arc((x, 21.0), 6.6, 0.5, 1.0);
}

fn people(pen: &Pen<'_>) {
    person(pen, 8.5);
    pen.arc((16.0, 8.0), 3.4, -0.3, 0.25);
    pen.arc((15.6, 21.0), 6.6, 0.78, 1.0);
}

fn invite(pen: &Pen<'_>) {
    person(pen, 9.0);
    pen.line(&[(19.0, 6.0), (19.0, 13.0)]);
    pen.line(&[(15.5, 9.5), (22.5, 9.5)]);
}

fn gear(pen: &Pen<'_>) {
    pen.circle((12.0, 12.0), 3.0);
    pen.circle((12.0, 12.0), 6.8);
    for tooth in 0..8_u8 {
        let direction = egui::Vec2::angled(f32::from(tooth) * std::f32::consts::TAU / 8.0);
        let (near, far) = (direction * 7.2, direction * 9.6);
        pen.wide(3.0).line(&[(12.0 + near.x, 12.0 + near.y), (12.0 + far.x, 12.0 + far.y)]);
    }
}

fn leave(pen: &Pen<'_>) {
    pen.line(&[(13.0, 4.0), (5.0, 4.0), (5.0, 20.0), (13.0, 20.0)]);
    pen.line(&[(10.0, 12.0), (21.0, 12.0)]);
    pen.line(&[(17.0, 8.0), (21.0, 12.0), (17.0, 16.0)]);
}

fn home(pen: &Pen<'_>) {
    pen.line(&[(3.0, 11.5), (12.0, 4.0), (21.0, 11.5)]);
    pen.line(&[(5.5, 10.0), (5.5, 20.0), (18.5, 20.0), (18.5, 10.0)]);
    pen.line(&[(10.0, 20.0), (10.0, 14.0), (14.0, 14.0), (14.0, 20.0)]);
}

fn cross(pen: &Pen<'_>) {
    pen.line(&[(5.5, 5.5), (18.5, 18.5)]);
    pen.line(&[(18.5, 5.5), (5.5, 18.5)]);
}

/// `lift` opens it.
fn lock(pen: &Pen<'_>, lift: f32) {
    pen.rect((5.0, 11.0), (19.0, 20.5), 2.0);
    pen.line(&[(8.0, 11.0), (8.0, 8.0 - lift / 2.0)]);
    pen.arc((12.0, 8.0 - lift / 2.0), 4.0, 0.5, 1.0);
    if lift == 0.0 {
        pen.line(&[(16.0, 11.0), (16.0, 8.0)]);
    }
    pen.dot((12.0, 15.8), 1.5);
}

fn copy(pen: &Pen<'_>) {
    pen.rect((9.0, 9.0), (20.0, 20.0), 2.0);
    pen.line(&[(5.5, 15.0), (4.0, 15.0), (4.0, 4.0), (15.0, 4.0), (15.0, 5.5)]);
}

fn crown(pen: &Pen<'_>) {
    pen.outline(&[(3.0, 7.0), (8.0, 11.5), (12.0, 4.5), (16.0, 11.5), (21.0, 7.0), (19.0, 18.5), (5.0, 18.5)]);
}

fn shield(pen: &Pen<'_>) {
    let edge =
        [(12.0, 3.0), (19.5, 6.0), (19.5, 12.0), (17.0, 17.5), (12.0, 21.0), (7.0, 17.5), (4.5, 12.0), (4.5, 6.0)];
    pen.outline(&edge);
    pen.line(&[(8.5, 12.0), (11.2, 14.7), (15.8, 9.4)]);
}

fn warning(pen: &Pen<'_>) {
    pen.outline(&[(12.0, 3.5), (22.0, 20.5), (2.0, 20.5)]);
    pen.line(&[(12.0, 10.0), (12.0, 14.5)]);
    pen.dot((12.0, 17.6), 1.2);
}

fn clock(pen: &Pen<'_>) {
    pen.circle((12.0, 12.0), 9.0);
    pen.line(&[(12.0, 6.5), (12.0, 12.0), (16.0, 14.0)]);
}

fn reconnect(pen: &Pen<'_>) {
    pen.arc((12.0, 12.0), 8.0, 0.0, 0.8);
    pen.line(&[(20.0, 12.0), (23.0, 8.5)]);
    pen.line(&[(20.0, 12.0), (16.5, 9.5)]);
}

fn screen(pen: &Pen<'_>) {
    pen.rect((3.0, 4.5), (21.0, 16.5), 2.0);
    pen.line(&[(8.0, 20.5), (16.0, 20.5)]);
    pen.line(&[(12.0, 16.5), (12.0, 20.5)]);
}

fn help(pen: &Pen<'_>) {
    pen.circle((12.0, 12.0), 9.5);
    pen.arc((12.0, 9.7), 2.9, 0.5, 1.15);
    pen.line(&[(13.7, 12.0), (12.0, 13.6), (12.0, 14.6)]);
    pen.dot((12.0, 17.5), 1.2);
}

fn send(pen: &Pen<'_>) {
    pen.outline(&[(3.0, 4.5), (21.0, 12.0), (3.0, 19.5), (6.0, 12.0)]);
    pen.line(&[(6.0, 12.0), (13.0, 12.0)]);
}

fn link(pen: &Pen<'_>) {
    pen.line(&[(10.0, 7.5), (12.5, 5.0), (15.5, 4.0), (18.5, 5.5), (20.0, 8.5), (19.0, 11.5), (16.5, 14.0)]);
    pen.line(&[(14.0, 16.5), (11.5, 19.0), (8.5, 20.0), (5.5, 18.5), (4.0, 15.5), (5.0, 12.5), (7.5, 10.0)]);
    pen.line(&[(9.5, 14.5), (14.5, 9.5)]);
}

fn door(pen: &Pen<'_>) {
    pen.line(&[(6.0, 21.0), (6.0, 3.5), (18.0, 3.5), (18.0, 21.0)]);
    pen.line(&[(3.5, 21.0), (20.5, 21.0)]);
    pen.dot((14.6, 12.5), 1.4);
}

fn plus(pen: &Pen<'_>) {
    pen.line(&[(5.0, 12.0), (19.0, 12.0)]);
    pen.line(&[(12.0, 5.0), (12.0, 19.0)]);
}
