use crate::boards::at;
use crate::server::World;
use atrium_board::{PageId, View};
use atrium_easel::{Action, Phase, PointerEvent, Sight, Tool, Zoom, height_of};
use atrium_protocol::ParticipantId;
use glam::Vec2;

const FIRST: ParticipantId = ParticipantId(1);

fn act(world: &mut World, seat: usize, action: Action) {
    let now_secs = world.now_secs;
    world.seats[seat].easel.act(now_secs, action);
}

fn windows(world: &mut World) {
    world.seats.iter_mut().for_each(|seat| seat.easel.set_sight(Sight::Window));
}

#[test]
fn a_board_begins_with_its_own_scale() {
    let mut world = World::new(1);
    world.me().set_surface(at(2_400.0, 1_200.0));
    let view = View { page: PageId::FIRST, center: at(1_200.0, 600.0), width_mm: 2_400.0 };
    assert_eq!(world.me().wall_view(), view);
    world.me().set_sight(Sight::Window);
    assert_eq!(world.me().view(), view);
    assert_eq!(world.me().zoom_percent(), 100);
    assert_eq!(height_of(&view, 0.5), 1_200.0);
}

#[test]
fn the_point_under_the_pointer_stays_where_it_is() {
    let mut world = World::new(1);
    windows(&mut world);
    let before = world.me().view();
    let place = at(300.0, 200.0);
    world.act(Action::ZoomAt { at: place, factor: 2.0 });
    let after = world.me().view();
    let share = |view: &View| (place - view.center) / view.width_mm;
    assert!(share(&before).distance(share(&after)) < 1e-4 && (after.width_mm * 2.0 - before.width_mm).abs() < 0.1);
    for factor in [1e30, 1e-30, f32::NAN, -1.0, 0.0] {
        world.act(Action::ZoomAt { at: place, factor });
        let view = world.me().view();
        assert!(view.is_possible() && (20.0..=200_000.0).contains(&view.width_mm), "{factor}: {view:?}");
    }
}

#[test]
fn steps_of_the_zoom_glide() {
    let mut world = World::new(1);
    windows(&mut world);
    let before = world.me().view().width_mm;
    world.act(Action::Zoom(Zoom::In));
    assert_eq!(world.me().view().width_mm, before);
    world.frame();
    let between = world.me().view().width_mm;
    assert!(between < before && between > before / 1.25);
    world.pass(1.0);
    assert!((world.me().view().width_mm - before / 1.25).abs() < 0.01);
    world.act(Action::Zoom(Zoom::Whole));
    world.pass(1.0);
    assert!((world.me().view().width_mm - before).abs() < 0.01);
}

#[test]
fn all_that_is_on_a_page_can_be_seen() {
    let mut world = World::new(1);
    world.rectangle(at(5_000.0, 5_000.0), at(5_400.0, 9_000.0));
    windows(&mut world);
    world.me().set_aspect(0.5);
    world.act(Action::Zoom(Zoom::Fit));
    world.pass(1.0);
    let view = world.me().view();
    assert!(view.center.distance(at(5_200.0, 7_000.0)) < 5.0);
    assert!(height_of(&view, 0.5) > 4_000.0);
}

#[test]
fn hands_and_middle_buttons_move_the_view() {
    let mut world = World::new(1);
    windows(&mut world);
    world.me().set_tool(Tool::Hand);
    let center = world.me().view().center;
    // The page moves under the pointer: each event says where it is with the view of that moment.
    let place = |world: &mut World, phase, pixel: Vec2, is_pan| {
        let view = world.me().view();
        let at = view.center + pixel;
        world.event(0, PointerEvent { is_pan, ..PointerEvent::mouse(phase, at) });
    };
    place(&mut world, Phase::Press, at(0.0, 0.0), false);
    place(&mut world, Phase::Move, at(30.0, 10.0), false);
    place(&mut world, Phase::Move, at(50.0, 20.0), false);
    place(&mut world, Phase::Release, at(50.0, 20.0), false);
    assert!(world.me().view().center.distance(center - at(50.0, 20.0)) < 0.01);
    world.me().set_tool(Tool::Pen);
    place(&mut world, Phase::Press, at(0.0, 0.0), true);
    assert!(world.me().is_panning());
    place(&mut world, Phase::Release, at(-50.0, -20.0), true);
    assert!(world.me().view().center.distance(center) < 0.01);
    world.settle();
    assert!(world.elements().is_empty());
}

#[test]
fn a_window_is_ones_own_and_the_wall_is_for_everybody() {
    let mut world = World::new(3);
    world.act(Action::AddPage { name: "two".into() });
    world.settle();
    let second = world.me().page();
    assert_eq!(world.seats[1].easel.wall_view().page, second, "at the wall everybody sees it");
    world.seats[1].easel.set_sight(Sight::Window);
    act(&mut world, 1, Action::GoTo(PageId::FIRST));
    act(&mut world, 1, Action::Pan(at(500.0, 0.0)));
    world.settle();
    assert_eq!(world.seats[1].easel.page(), PageId::FIRST);
    assert_eq!(world.me().page(), second);
    act(&mut world, 1, Action::ShowMine);
    world.settle();
    let shown = world.seats[1].easel.view();
    for seat in &world.seats {
        assert_eq!(seat.easel.wall_view(), shown);
    }
    world.assert_same();
}

#[test]
fn the_wall_is_not_moved_more_often_than_one_sees() {
    let mut world = World::new(2);
    for _ in 0..120 {
        world.act(Action::Pan(at(3.0, 0.0)));
        world.frame();
    }
    world.settle();
    let count = world.seats[0].appends.len();
    assert!((5..40).contains(&count), "{count}");
    assert_eq!(world.seats[1].easel.wall_view(), world.seats[0].easel.wall_view());
    assert_eq!(world.me().wall_view().center.x, 1_500.0 + 360.0);
}

#[test]
fn without_the_grant_the_wall_stays() {
    let mut world = World::new(1);
    let before = world.me().wall_view();
    world.me().set_rights(false, false);
    world.act(Action::Pan(at(3.0, 0.0)));
    world.act(Action::Zoom(Zoom::In));
    world.settle();
    assert_eq!(world.me().wall_view(), before);
    windows(&mut world);
    world.act(Action::Pan(at(3.0, 0.0)));
    assert_ne!(world.me().view(), before, "one's own window does not need it");
}

#[test]
fn followers_see_what_the_leader_sees() {
    let mut world = World::new(2);
    windows(&mut world);
    act(&mut world, 0, Action::Lead(true));
    act(&mut world, 0, Action::Pan(at(100.0, 50.0)));
    world.pass(0.2);
    assert_eq!(world.seats[1].easel.leaders().collect::<Vec<_>>(), [FIRST]);
    assert_ne!(world.seats[1].easel.view(), world.seats[0].easel.view(), "not asked to follow");
    act(&mut world, 1, Action::Follow(Some(FIRST)));
    world.pass(1.0);
    assert_eq!(world.seats[1].easel.view(), world.seats[0].easel.view());
    act(&mut world, 0, Action::AddPage { name: "two".into() });
    act(&mut world, 0, Action::ZoomAt { at: at(10.0, 10.0), factor: 3.0 });
    world.pass(1.5);
    assert_eq!(world.seats[1].easel.view(), world.seats[0].easel.view());
    assert_eq!(world.seats[1].easel.following(), Some(FIRST));
    act(&mut world, 1, Action::Pan(at(1.0, 1.0)));
    assert_eq!(world.seats[1].easel.following(), None, "whoever looks elsewhere does not follow");
    act(&mut world, 0, Action::Lead(false));
    world.pass(4.0);
    assert_eq!(world.seats[1].easel.leaders().count(), 0);
}

#[test]
fn a_page_that_goes_is_not_looked_at_any_more() {
    let mut world = World::new(2);
    windows(&mut world);
    act(&mut world, 0, Action::AddPage { name: "two".into() });
    world.settle();
    let second = world.me().page();
    act(&mut world, 1, Action::GoTo(second));
    act(&mut world, 0, Action::RemovePage(second));
    world.settle();
    assert!(world.seats.iter().all(|seat| seat.easel.page() == PageId::FIRST));
}
