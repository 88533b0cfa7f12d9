use crate::server::World;
use atrium_board::{Bounds, Color, Dash, Fill, PageId, Style, Template};
use atrium_easel::{Action, Easel, Figure, Modifiers, Phase, PointerEvent, Sight, Tool, Zoom};
use atrium_protocol::{ContentHash, ParticipantId, RefusalCode};
use glam::Vec2;
use proptest::prelude::*;

/// Something that a person does.
#[derive(Clone, Debug)]
enum Step {
    Point(PointerEvent),
    Act(Box<Action>),
    Style(Style),
    Type(String),
    EndText,
    Hand(bool),
    Sight(Sight),
    Rights(bool),
    Frames(u8),
    Fetch,
    Reconnect,
}

fn place() -> impl Strategy<Value = Vec2> {
    let usual = (0.0_f32..400.0, 0.0_f32..300.0).prop_map(|(x, y)| Vec2::new(x, y));
    let odd = prop_oneof![
        Just(Vec2::new(f32::NAN, 0.0)),
        Just(Vec2::new(f32::INFINITY, f32::NEG_INFINITY)),
        Just(Vec2::splat(1.0e9)),
        Just(Vec2::splat(-1.0e6)),
        Just(Vec2::ZERO),
    ];
    prop_oneof![20 => usual, 1 => odd]
}

fn pointer() -> impl Strategy<Value = PointerEvent> {
    let phase = prop_oneof![
        3 => Just(Phase::Press),
        12 => Just(Phase::Move),
        3 => Just(Phase::Release),
        1 => Just(Phase::Leave),
        1 => Just(Phase::Cancel),
    ];
    let scale = prop_oneof![8 => Just(1.0_f32), 1 => Just(0.01), 1 => Just(30.0), 1 => Just(f32::NAN)];
    (phase, place(), scale, any::<(bool, bool, bool)>(), 0.0_f32..1.2).prop_map(
        |(phase, at, mm_per_pixel, held, pressure)| {
            let modifiers = Modifiers { shift: held.0, alt: held.1, command: held.2 };
            PointerEvent { phase, at, pressure, mm_per_pixel, modifiers, is_pan: pressure > 1.1 }
        },
    )
}

fn tool() -> impl Strategy<Value = Tool> {
    proptest::sample::select(vec![
        Tool::Select,
        Tool::Select,
        Tool::Pen,
        Tool::Highlighter,
        Tool::Eraser { parts: false },
        Tool::Eraser { parts: true },
        Tool::Line,
        Tool::Arrow,
        Tool::Rectangle,
        Tool::Ellipse,
        Tool::Text,
        Tool::Sticky,
        Tool::Laser,
        Tool::Hand,
    ])
}

fn action() -> impl Strategy<Value = Action> {
    let page = prop_oneof![Just(PageId::FIRST), Just(PageId(7))];
    prop_oneof![
        8 => tool().prop_map(Action::Use),
        4 => Just(Action::Undo),
        2 => Just(Action::Redo),
        1 => Just(Action::Escape),
        3 => Just(Action::SelectAll),
        1 => Just(Action::Delete),
        2 => Just(Action::Duplicate),
        1 => Just(Action::Cut),
        1 => Just(Action::Copy),
        2 => Just(Action::Paste(None)),
        1 => place().prop_map(|at| Action::Paste(Some(at))),
        1 => Just(Action::ToggleLock),
        1 => Just(Action::ToFront),
        1 => Just(Action::ToBack),
        2 => place().prop_map(Action::Nudge),
        1 => Just(Action::EditText),
        1 => Just(Action::AddPage { name: "page".into() }),
        1 => page.prop_map(Action::RemovePage),
        1 => Just(Action::NextPage),
        1 => Just(Action::PreviousPage),
        1 => Just(Action::Template { template: Template::Kanban, words: crate::paging::words() }),
        1 => place().prop_map(|pixels| Action::InsertImage { hash: ContentHash([7; 32]), pixels, at: Some(pixels) }),
        1 => any::<bool>().prop_map(|is_dark| Action::Paper { is_dark }),
        1 => Just(Action::ShowMine),
        1 => any::<bool>().prop_map(Action::Lead),
        1 => Just(Action::Follow(Some(ParticipantId(2)))),
        1 => Just(Action::Zoom(Zoom::Fit)),
        1 => (place(), 0.1_f32..8.0).prop_map(|(at, factor)| Action::ZoomAt { at, factor }),
        1 => place().prop_map(Action::Pan),
    ]
}

fn style() -> impl Strategy<Value = Style> {
    let width = prop_oneof![4 => 0.5_f32..40.0, 1 => Just(f32::NAN), 1 => Just(1.0e9)];
    (proptest::sample::select(Color::ALL.to_vec()), width, 5.0_f32..90.0, any::<bool>()).prop_map(
        |(color, width_mm, letter_mm, is_odd)| {
            let (fill, dash) = if is_odd { (Fill::Tint, Dash::Dotted) } else { (Fill::None, Dash::Solid) };
            Style { color, width_mm, letter_mm, fill, dash, ..Style::default() }
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        30 => pointer().prop_map(Step::Point),
        10 => action().prop_map(|action| Step::Act(Box::new(action))),
        1 => style().prop_map(Step::Style),
        2 => "[a-z 字\n]{0,12}".prop_map(Step::Type),
        1 => Just(Step::EndText),
        1 => any::<bool>().prop_map(Step::Hand),
        1 => prop_oneof![Just(Step::Sight(Sight::Wall)), Just(Step::Sight(Sight::Window))],
        1 => prop_oneof![4 => Just(Step::Rights(true)), 1 => Just(Step::Rights(false))],
        10 => (1_u8..20).prop_map(Step::Frames),
        1 => Just(Step::Fetch),
        1 => Just(Step::Reconnect),
    ]
}

fn do_step(world: &mut World, seat: usize, step: &Step) {
    let now_secs = world.now_secs;
    let document = world.document.clone();
    let easel = &mut world.seats[seat].easel;
    match step {
        Step::Point(event) => easel.pointer(now_secs, *event),
        Step::Act(action) => easel.act(now_secs, *action.clone()),
        Step::Style(style) => easel.set_style(*style),
        Step::Type(text) => easel.edit_text(text.clone()),
        Step::EndText => drop(easel.end_text()),
        Step::Hand(holds) => easel.hold_hand(*holds),
        Step::Sight(sight) => easel.set_sight(*sight),
        Step::Rights(may_draw) => easel.set_rights(*may_draw, false),
        Step::Frames(frames) => (0..*frames).for_each(|_| world.frame()),
        Step::Fetch => easel.replace(now_secs, document),
        Step::Reconnect => world.reconnect(seat),
    }
}

/// The frame around several things is remembered, and must be the one that they have now.
fn assert_frame_is_true(easel: &Easel) {
    let selected = easel.selection().iter().filter_map(|id| easel.document().element(*id));
    let corners: Vec<Vec2> = selected.flat_map(|element| Figure::of(element).corners()).collect();
    let Some(frame) = easel.selection_box().filter(|_| corners.len() > 4 && easel.lifted().is_none()) else { return };
    let bounds = Bounds::of(corners);
    assert_eq!((frame.center, frame.size), (bounds.center(), bounds.size()));
}

fn run(people: u8, steps: &[(u8, Step)], refuse_every: usize, delays_secs: [f64; 2]) {
    let mut world = World::new(people);
    if refuse_every > 1 {
        let code = if refuse_every.is_multiple_of(2) { RefusalCode::TooFast } else { RefusalCode::StorageFailed };
        world.refuses = Box::new(move |asked| (asked % refuse_every == 1 && asked < 300).then_some(code));
    }
    for (seat, delay_secs) in world.seats.iter_mut().zip(delays_secs) {
        seat.delay_secs = delay_secs;
    }
    for (seat, step) in steps {
        do_step(&mut world, usize::from(*seat % people), step);
        world.seats.iter().for_each(|seat| assert_frame_is_true(&seat.easel));
        assert!(world.most_under_way <= 48);
    }
    for seat in 0..usize::from(people) {
        let now_secs = world.now_secs;
        let easel = &mut world.seats[seat].easel;
        easel.pointer(now_secs, PointerEvent::mouse(Phase::Release, Vec2::ZERO));
        easel.set_rights(true, false);
        easel.end_text();
    }
    world.settle();
    world.assert_same();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Whatever people do, whatever the server refuses for a while and however late it answers: nothing panics, every
    /// operation can be read, and at the end all boards are the same.
    #[test]
    fn easels_at_one_board_come_to_the_same(
        steps in proptest::collection::vec((0_u8..2, step()), 1..160),
        refuse_every in 0_usize..6,
        delays_secs in (0.0_f64..0.8, 0.0_f64..0.2),
    ) {
        run(2, &steps, refuse_every, [delays_secs.0, delays_secs.1]);
    }
}
