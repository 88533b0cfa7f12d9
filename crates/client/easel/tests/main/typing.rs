use crate::boards::at;
use crate::server::World;
use atrium_board::limits::TEXT_BYTES;
use atrium_board::{Color, PageId, Shape, Style};
use atrium_easel::{Action, Notice, Phase, Sight, Tool};

fn written(world: &World) -> Vec<String> {
    let text = |shape: &Shape| match shape {
        Shape::Text { text, .. } | Shape::Sticky { text, .. } => Some(text.clone()),
        _ => None,
    };
    world.elements().iter().filter_map(|element| text(&element.shape)).collect()
}

/// Writes with a tool at a place, and ends it with a click elsewhere.
fn write(world: &mut World, tool: Tool, text: &str) {
    world.me().set_tool(tool);
    world.click(at(500.0, 500.0));
    assert!(world.me().text().is_some());
    world.me().edit_text(text.into());
    world.click(at(2_500.0, 1_400.0));
    assert!(world.me().text().is_none());
    world.settle();
}

#[test]
fn text_is_written_and_undone() {
    let mut world = World::new(2);
    write(&mut world, Tool::Text, "字 and letters");
    assert_eq!(written(&world), ["字 and letters"]);
    let Shape::Text { wrap_mm: Some(_), size, .. } = world.elements()[0].shape else { panic!() };
    assert!(size.x > 10.0 && size.y > 10.0);
    world.act(Action::Undo);
    world.settle();
    assert!(written(&world).is_empty());
    world.assert_same();
}

#[test]
fn nothing_written_is_nothing() {
    let mut world = World::new(1);
    write(&mut world, Tool::Text, "  \n ");
    assert!(world.elements().is_empty() && world.seats[0].appends.is_empty());
}

#[test]
fn a_note_is_there_before_anything_is_written_on_it() {
    let mut world = World::new(2);
    world.me().set_tool(Tool::Sticky);
    world.click(at(500.0, 500.0));
    world.settle_typing();
    assert_eq!(written(&world), [""]);
    let middle = world.elements()[0].bounds().center();
    assert!(middle.distance(at(500.0, 500.0)) < 1.0);
    world.me().edit_text("hello".into());
    world.pass(1.0);
    assert_eq!(written(&world), ["hello"], "others see it while it is written");
    world.me().end_text();
    world.settle();
    world.assert_same();
}

#[test]
fn text_that_is_emptied_goes() {
    let mut world = World::new(1);
    write(&mut world, Tool::Text, "some words");
    let id = world.elements()[0].id;
    world.me().set_tool(Tool::Select);
    world.me().select(vec![id]);
    world.act(Action::EditText);
    assert_eq!(world.me().text().unwrap().text, "some words");
    assert!(world.me().is_apart(id));
    world.me().edit_text(String::new());
    world.me().end_text();
    world.settle();
    assert!(written(&world).is_empty());
    world.act(Action::Undo);
    world.settle();
    assert_eq!(written(&world), ["some words"]);
}

#[test]
fn a_double_click_writes_in_what_is_there() {
    let mut world = World::new(1);
    write(&mut world, Tool::Sticky, "one");
    world.me().set_tool(Tool::Select);
    world.me().select(Vec::new());
    let middle = at(500.0, 500.0);
    world.click(middle);
    world.frame();
    world.drag(&[middle]);
    assert_eq!(world.me().text().unwrap().text, "one");
    world.me().edit_text("two".into());
    world.act(Action::Escape);
    world.settle();
    assert_eq!(written(&world), ["two"]);
}

#[test]
fn a_click_with_the_tool_of_text_writes_in_the_text_that_is_there() {
    let mut world = World::new(1);
    write(&mut world, Tool::Text, "some words");
    world.click(at(510.0, 500.0));
    assert_eq!(world.me().text().unwrap().text, "some words");
}

#[test]
fn too_long_a_text_is_cut_between_letters_and_that_is_said() {
    let mut world = World::new(1);
    write(&mut world, Tool::Text, &"字".repeat(5_000));
    let texts = written(&world);
    assert!(texts[0].len() <= TEXT_BYTES && texts[0].len() > TEXT_BYTES - 4);
    assert!(texts[0].chars().all(|letter| letter == '字'));
    assert!(world.seats[0].notices.contains(&Notice::TextCut));
}

#[test]
fn text_is_styled_while_it_is_typed() {
    let mut world = World::new(1);
    world.me().set_tool(Tool::Text);
    world.click(at(500.0, 500.0));
    world.me().edit_text("red".into());
    let style = Style { color: Color::Red, letter_mm: 99.0, ..*world.me().style() };
    world.me().set_style(style);
    assert_eq!(world.me().text().unwrap().style.color, Color::Red);
    world.pass(1.0);
    let style = Style { color: Color::Blue, ..*world.me().style() };
    world.me().set_style(style);
    world.me().end_text();
    world.settle();
    let made = &world.elements()[0];
    assert_eq!((made.style.color, made.style.letter_mm), (Color::Blue, 99.0));
}

#[test]
fn what_one_types_is_kept_when_somebody_takes_it_away() {
    let mut world = World::new(2);
    write(&mut world, Tool::Text, "first");
    let id = world.elements()[0].id;
    world.me().set_tool(Tool::Select);
    world.me().select(vec![id]);
    world.act(Action::EditText);
    world.me().edit_text("first and second".into());
    let now_secs = world.now_secs;
    let other = &mut world.seats[1].easel;
    other.set_tool(Tool::Select);
    other.select(vec![id]);
    other.act(now_secs, Action::Delete);
    world.pass(1.0);
    assert_eq!(world.me().text().unwrap().text, "first and second");
    world.me().end_text();
    world.settle();
    world.assert_same();
    assert_eq!(written(&world), ["first and second"]);
    assert!(world.seats[0].notices.contains(&Notice::TextKept));
}

#[test]
fn typing_goes_on_when_the_board_is_fetched_anew() {
    let mut world = World::new(1);
    world.me().set_tool(Tool::Text);
    world.click(at(500.0, 500.0));
    world.me().edit_text("before".into());
    let (now_secs, document) = (world.now_secs, world.document.clone());
    world.me().replace(now_secs, document);
    assert_eq!(world.me().text().unwrap().text, "before");
    world.me().edit_text("before and after".into());
    world.point(Phase::Press, at(2_500.0, 1_400.0));
    world.settle();
    assert_eq!(written(&world), ["before and after"]);
}

#[test]
fn pasted_text_is_a_text() {
    let mut world = World::new(1);
    world.act(Action::PasteText("from elsewhere".into(), None));
    world.act(Action::PasteText("  ".into(), None));
    world.settle();
    assert_eq!(written(&world), ["from elsewhere"]);
    assert!(world.elements()[0].bounds().center().distance(world.me().view().center) < 100.0);
}

impl World {
    /// Lets what is known so far arrive, while somebody still types.
    fn settle_typing(&mut self) {
        self.pass(0.5);
    }
}

#[test]
fn words_that_cannot_be_put_up_any_more_are_kept_for_pasting() {
    let mut world = World::new(1);
    world.me().set_tool(Tool::Text);
    world.click(at(500.0, 500.0));
    world.me().edit_text("much thought went into this".into());
    world.me().set_rights(false, false);
    assert!(world.me().end_text() && world.me().text().is_none());
    world.settle();
    assert!(world.elements().is_empty());
    world.me().set_rights(true, false);
    world.act(Action::Paste(None));
    world.settle();
    assert_eq!(written(&world), ["much thought went into this"]);
}

#[test]
fn words_on_a_page_that_somebody_takes_away_are_kept_for_pasting() {
    for sight in [Sight::Wall, Sight::Window] {
        let mut world = World::new(2);
        world.me().set_sight(sight);
        world.act(Action::AddPage { name: "two".into() });
        world.settle();
        let page = world.me().page();
        world.me().set_tool(Tool::Text);
        world.click(at(500.0, 500.0));
        world.me().edit_text("much thought went into this".into());
        let now_secs = world.now_secs;
        world.seats[1].easel.act(now_secs, Action::RemovePage(page));
        world.pass(1.0);
        assert_eq!((world.me().page(), world.me().text()), (PageId::FIRST, None));
        world.act(Action::Paste(None));
        world.settle();
        assert_eq!(written(&world), ["much thought went into this"], "{sight:?}");
        world.assert_same();
    }
}
