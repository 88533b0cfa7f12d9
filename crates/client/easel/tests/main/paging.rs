use crate::boards::{at, scribble};
use crate::server::World;
use atrium_board::{PageId, Shape, Template, TemplateWords};
use atrium_easel::{Action, Hindrance, Notice, Phase, Sight, Tool};
use atrium_protocol::ContentHash;
use glam::Vec2;

fn names(world: &World) -> Vec<String> {
    world.document.pages().map(|page| page.name.clone()).collect()
}

fn add(world: &mut World, name: &str) -> PageId {
    world.act(Action::AddPage { name: name.into() });
    world.settle();
    world.me().page()
}

#[test]
fn pages_come_after_the_one_that_one_looks_at() {
    let mut world = World::new(2);
    let third = add(&mut world, "three");
    world.act(Action::GoTo(PageId::FIRST));
    let second = add(&mut world, "two");
    assert_eq!(names(&world)[1..], ["two", "three"]);
    world.act(Action::NextPage);
    assert_eq!(world.me().page(), third);
    world.act(Action::NextPage);
    assert_eq!(world.me().page(), third, "the last one");
    world.act(Action::PreviousPage);
    assert_eq!(world.me().page(), second);
    world.act(Action::RenamePage { page: second, name: "a\nnew name".into() });
    world.act(Action::MovePage { page: second, before: Some(PageId::FIRST) });
    world.settle();
    assert_eq!(names(&world)[0], "a new name");
    world.act(Action::MovePage { page: second, before: None });
    world.settle();
    assert_eq!(names(&world)[2], "a new name");
    world.assert_same();
}

#[test]
fn what_lies_on_a_page_is_drawn_there_and_goes_with_it() {
    let mut world = World::new(2);
    let second = add(&mut world, "two");
    world.drag(&scribble(20));
    world.settle();
    assert_eq!(world.document.elements_on(second).count(), 1);
    assert_eq!(world.document.elements_on(PageId::FIRST).count(), 0);
    world.act(Action::RemovePage(second));
    world.settle();
    assert_eq!(names(&world).len(), 1);
    assert_eq!(world.me().page(), PageId::FIRST);
    world.act(Action::RemovePage(PageId::FIRST));
    world.settle();
    assert_eq!(names(&world).len(), 1, "the last page stays");
    assert!(world.seats[0].notices.iter().any(|notice| matches!(notice, Notice::Impossible(_))));
    world.act(Action::Undo);
    world.settle();
    assert_eq!(world.document.elements_on(second).count(), 1, "it came back");
    world.assert_same();
}

/// Two pages, the second one with a stroke where the first has one; the wall shows the first.
fn strokes_on_two_pages(world: &mut World) -> PageId {
    world.stroke(at(100.0, 100.0), at(900.0, 100.0));
    let second = add(world, "two");
    world.stroke(at(100.0, 100.0), at(900.0, 100.0));
    world.act(Action::GoTo(PageId::FIRST));
    world.settle();
    second
}

fn on(world: &World, page: PageId) -> usize {
    world.document.elements_on(page).count()
}

#[test]
fn what_the_hand_is_about_ends_when_somebody_turns_the_page() {
    for tool in [Tool::Eraser { parts: false }, Tool::Eraser { parts: true }, Tool::Pen, Tool::Rectangle, Tool::Select]
    {
        let mut world = World::new(2);
        let second = strokes_on_two_pages(&mut world);
        let before = world.document.elements_on(second).cloned().collect::<Vec<_>>();
        world.me().set_tool(tool);
        world.point(Phase::Press, at(500.0, 500.0));
        world.point(Phase::Move, at(500.0, 400.0));
        world.pass(0.2);
        let now_secs = world.now_secs;
        world.seats[1].easel.act(now_secs, Action::GoTo(second));
        world.pass(0.2);
        assert_eq!(world.me().page(), second);
        for y in [300.0, 200.0, 100.0, 50.0, 0.0] {
            world.point(Phase::Move, at(500.0, y));
            world.frame();
        }
        world.point(Phase::Release, at(500.0, 0.0));
        world.settle();
        world.assert_same();
        assert_eq!(world.document.elements_on(second).cloned().collect::<Vec<_>>(), before, "{tool:?}");
        let is_drawn = matches!(tool, Tool::Pen | Tool::Rectangle);
        assert_eq!(on(&world, PageId::FIRST), 1 + usize::from(is_drawn), "{tool:?}");
        assert!(world.me().selection().is_empty(), "{tool:?}");
    }
}

#[test]
fn what_the_hand_is_about_ends_when_somebody_takes_the_page_away() {
    for sight in [Sight::Wall, Sight::Window] {
        let mut world = World::new(2);
        let second = strokes_on_two_pages(&mut world);
        world.me().set_sight(sight);
        world.act(Action::GoTo(second));
        world.settle();
        world.me().set_tool(Tool::Eraser { parts: false });
        world.point(Phase::Press, at(500.0, 500.0));
        let now_secs = world.now_secs;
        world.seats[1].easel.act(now_secs, Action::RemovePage(second));
        world.pass(0.2);
        assert_eq!(world.me().page(), PageId::FIRST);
        world.point(Phase::Move, at(500.0, 0.0));
        world.point(Phase::Release, at(500.0, 0.0));
        world.settle();
        assert_eq!(on(&world, PageId::FIRST), 1, "{sight:?}");
    }
}

#[test]
fn text_is_complete_when_somebody_turns_the_page() {
    let mut world = World::new(2);
    let second = strokes_on_two_pages(&mut world);
    world.me().set_tool(Tool::Text);
    world.click(at(500.0, 500.0));
    world.me().edit_text("for the first page".into());
    let now_secs = world.now_secs;
    world.seats[1].easel.act(now_secs, Action::GoTo(second));
    world.pass(0.2);
    assert_eq!(world.me().text(), None);
    world.settle();
    assert_eq!((on(&world, PageId::FIRST), on(&world, second)), (2, 1));
}

#[test]
fn templates_are_laid_out_in_the_middle_and_undone_as_one() {
    let mut world = World::new(2);
    let words = words();
    for template in Template::ALL {
        world.act(Action::Template { template, words: words.clone() });
        world.settle();
        let count = world.elements().len();
        assert!(count >= 2, "{template:?}");
        let center = world.document.bounds(PageId::FIRST).center();
        assert!(center.distance(world.me().view().center) < 800.0, "{template:?} at {center}");
        world.act(Action::Undo);
        world.settle();
        assert_eq!(world.elements().len(), 0, "{template:?}");
    }
    world.assert_same();
}

#[test]
fn pictures_fit_into_what_is_seen() {
    let mut world = World::new(2);
    let hash = ContentHash::of(b"a picture");
    world.act(Action::InsertImage { hash, pixels: Vec2::new(8_000.0, 2_000.0), at: None });
    world.settle();
    let image = world.elements().pop().unwrap();
    let Shape::Image { size, .. } = image.shape else { panic!() };
    assert!((size.x / size.y - 4.0).abs() < 0.01 && size.x < 3_000.0);
    let center = image.bounds().center();
    assert!(center.distance(world.me().view().center) < 1.0);
    world.act(Action::InsertImage { hash, pixels: Vec2::new(100.0, 100.0), at: Some(at(5.0, 5.0)) });
    world.act(Action::InsertImage { hash, pixels: Vec2::new(f32::NAN, 100.0), at: None });
    world.settle();
    assert_eq!(world.elements().len(), 2);
    assert!(world.elements()[1].bounds().center().distance(at(5.0, 5.0)) < 0.1);
    assert_eq!(world.me().tool(), Tool::Select, "it can be moved at once");
}

#[test]
fn only_moderators_freeze_and_clear() {
    let mut world = World::new(2);
    world.drag(&scribble(20));
    world.settle();
    world.act(Action::Freeze(true));
    world.act(Action::ClearPerson(crate::server::person(1)));
    world.settle();
    assert!(!world.document.is_frozen() && world.elements().len() == 1);
    assert!(world.seats[0].notices.iter().any(|notice| matches!(notice, Notice::Impossible(_))));

    world.seats[1].may_moderate = true;
    let now_secs = world.now_secs;
    world.seats[1].easel.set_rights(true, true);
    world.seats[1].easel.act(now_secs, Action::Freeze(true));
    world.settle();
    assert_eq!(world.me().hindrance(), Some(Hindrance::Frozen));
    world.drag(&scribble(20));
    world.act(Action::Undo);
    world.settle();
    assert_eq!(world.elements().len(), 1);
    let now_secs = world.now_secs;
    world.seats[1].easel.act(now_secs, Action::ClearPerson(crate::server::person(1)));
    world.seats[1].easel.act(now_secs, Action::Freeze(false));
    world.settle();
    assert!(world.elements().is_empty() && world.me().hindrance().is_none());
    world.assert_same();
}

#[test]
fn a_board_that_freezes_ends_the_stroke() {
    let mut world = World::new(2);
    world.seats[1].may_moderate = true;
    world.seats[1].easel.set_rights(true, true);
    let now_secs = world.now_secs;
    let places = scribble(200);
    world.seats[1].easel.act(now_secs, Action::Freeze(true));
    world.drag(&places);
    world.settle();
    world.assert_same();
    assert_eq!(world.me().strokes(PageId::FIRST).count(), 0);
}

#[test]
fn dark_paper_is_for_everybody() {
    let mut world = World::new(2);
    world.act(Action::Paper { is_dark: true });
    world.settle();
    assert!(world.seats[1].easel.document().is_dark() && world.seats[1].easel.take_damage().board);
    assert_eq!(world.me().sight(), Sight::Wall);
}

pub(crate) fn words() -> TemplateWords {
    TemplateWords {
        kanban: ["To do", "In progress", "Done"].map(str::to_owned),
        retrospective: ["Went well", "Went badly", "To do"].map(str::to_owned),
        two_by_two: ["Little effort", "Much effort", "Little value", "Much value"].map(str::to_owned),
    }
}
