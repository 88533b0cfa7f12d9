//! Whiteboards: on the wall and full-window, drawn on by hands, by others, and by nobody for a while.

use crate::pictures::compare;
use crate::world::content::{Maker, put, wobbly, workshop};
use crate::world::program::atrium;
use crate::world::{Server, Visitor};
use atrium::arguments::Size;
use atrium_board::{Color, Document, PageId, Shape};
use atrium_protocol::{BoardId, Role};
use atrium_scene::Boards;
use bevy::math::Vec2;
use bevy::prelude::*;
use std::collections::BTreeSet;
use std::time::Duration;

const BOARD: BoardId = BoardId(0);
/// Before the board of the Boardroom.
const NEAR: &str = "--at 0,1.5,-2.2,0,0 --quality low --no-panels";
const SIZE: Size = Size { width: 320, height: 180 };

fn document(world: &World) -> Option<&Document> {
    world.resource::<Boards>().document(BOARD)
}

/// How many strokes are on the first page.
fn strokes(world: &World) -> usize {
    let elements = document(world).into_iter().flat_map(|document| document.elements_on(PageId::FIRST));
    elements.filter(|element| matches!(element.shape, Shape::Ink { .. })).count()
}

/// How many people drew what is on the first page.
fn authors(world: &World) -> usize {
    let elements = document(world).into_iter().flat_map(|document| document.elements_on(PageId::FIRST));
    elements.map(|element| element.author()).collect::<BTreeSet<_>>().len()
}

fn enter(server: &Server, name: &str, view: &str) -> Visitor {
    let mut visitor = Visitor::with_size(&server.folder().join(name), view, SIZE);
    visitor.join(name, &server.link("boardroom", Role::Member));
    visitor.until_inside();
    visitor.until("the board is here", |world| document(world).is_some());
    visitor
}

/// A wave from left to right.
fn wave(top: f32) -> Vec<Vec2> {
    (0..24_u8).map(|step| Vec2::new(100.0 + 5.0 * f32::from(step), top + 8.0 * (f32::from(step) * 0.6).sin())).collect()
}

#[test]
fn what_one_draws_others_see() {
    let server = Server::start();
    let mut first = enter(&server, "First", NEAR);
    let mut second = enter(&server, "Second", NEAR);
    first.drag(&wave(70.0));
    assert_eq!(strokes(first.world()), 1, "at once");
    second.until("the second sees what the first drew", |world| strokes(world) == 1);
    second.drag(&wave(110.0));
    first.until("the first sees both", |world| strokes(world) == 2);
    let (mine, theirs) = (document(first.world()).unwrap().clone(), document(second.world()).unwrap().clone());
    let bounds = |document: &Document| document.bounds(PageId::FIRST);
    assert!(bounds(&mine).min.distance(bounds(&theirs).min) < 0.1);
    // On the board, where the mouse was: the middle of the picture is the middle of the board.
    assert!(bounds(&mine).contains(Vec2::new(1_500.0, 600.0)), "{:?}", bounds(&mine));
}

#[test]
fn a_bot_draws_beside_one() {
    let server = Server::start();
    let _bots = server.bots("boardroom", |config| config.draws = true);
    let mut visitor = enter(&server, "Vera", NEAR);
    visitor.until("a bot's stroke", |world| strokes(world) >= 1);
    let before = strokes(visitor.world());
    visitor.drag(&wave(70.0));
    visitor.until("both", |world| strokes(world) > before + 1);
}

#[test]
fn a_board_is_the_same_after_a_restart() {
    let mut server = Server::start();
    let before = {
        let mut visitor = enter(&server, "Vera", NEAR);
        visitor.drag(&wave(70.0));
        visitor.drag(&wave(110.0));
        // All of it is on the server's disk.
        visitor.until("saved", |world| world.resource::<Boards>().is_saved(BOARD));
        document(visitor.world()).unwrap().clone()
    };
    server.restart();
    let mut visitor = enter(&server, "Vera", NEAR);
    assert!(*document(visitor.world()).unwrap() == before);
}

#[test]
fn a_click_opens_a_board_and_escape_leads_back() {
    let server = Server::start();
    let mut visitor = enter(&server, "Vera", "--at 0,1.5,-2.2,0,0 --quality low");
    let is_open = |world: &World| world.resource::<Boards>().is_open();
    visitor.point(Vec2::new(160.0, 90.0));
    visitor.frame();
    visitor.button_down();
    visitor.button_up();
    visitor.until("open", |world| is_open(world));
    // The same hand draws there.
    visitor.frame();
    visitor.drag(&[Vec2::new(150.0, 80.0), Vec2::new(180.0, 90.0), Vec2::new(220.0, 100.0)]);
    assert_eq!(strokes(visitor.world()), 1);
    visitor.tap(KeyCode::KeyW);
    visitor.live(Duration::from_millis(300));
    assert!(is_open(visitor.world()), "keys of the body do nothing here");
    visitor.world().write_message(atrium_scene::OpenBoard(None));
    visitor.until("back in the room", |world| !is_open(world));
    visitor.tap(KeyCode::KeyB);
    visitor.until("open again, by its key", |world| is_open(world));
}

/// A board with a little of everything, Chinese included.
fn filled(server: &Server) {
    let mut person = server.person("Painter", "boardroom", Role::Member);
    server.runtime().block_on(put(&mut person, BOARD, workshop()));
}

#[test]
fn a_board_on_the_wall_looks_as_it_should() {
    let server = Server::start();
    filled(&server);
    let mut visitor = enter(&server, "Vera", "--at 0,1.55,-2.35,0,0 --quality low --no-panels");
    visitor.live(Duration::from_secs(4));
    compare(&visitor.picture(), "board-wall");
}

#[test]
fn a_board_in_the_window_looks_as_it_should() {
    let server = Server::start();
    filled(&server);
    let mut visitor = enter(&server, "Vera", "--board 0 --quality low --no-panels");
    visitor.live(Duration::from_secs(4));
    compare(&visitor.picture(), "board-window");
}

#[test]
fn chinese_is_written_on_boards() {
    let server = Server::start();
    let mut board = Maker::new();
    board.text(Vec2::new(300.0, 300.0), 420.0, Color::Graphite, "春季发布");
    board.ink(Color::Red, 20.0, false, &wobbly(Vec2::new(300.0, 950.0), Vec2::new(2_000.0, 950.0), 0.0));
    let mut person = server.person("Painter", "boardroom", Role::Member);
    server.runtime().block_on(put(&mut person, BOARD, board.edits));
    let mut visitor = enter(&server, "Vera", "--board 0 --quality low --no-panels");
    visitor.live(Duration::from_secs(4));
    let picture = visitor.picture();
    // Boxes for missing letters are empty inside; these letters are full of strokes there, each in another way.
    let dark = |left: u32| {
        let inside = (left..left + 22).flat_map(|x| (77..97).map(move |y| (x, y)));
        inside.filter(|(x, y)| picture.get_pixel(*x, *y)[0] < 120).count()
    };
    let insides: Vec<usize> = (0..4).map(|letter| dark(44 + 45 * letter)).collect();
    assert!(insides.iter().all(|dark| *dark > 60), "{insides:?}");
    assert_eq!(insides.iter().collect::<BTreeSet<_>>().len(), 4, "{insides:?}");
}

/// From the door, a seat, a step away, half a metre, and full-window: `ATRIUM_LOOK=FOLDER` says where they go.
#[test]
#[ignore = "makes pictures to look at"]
fn pictures_to_look_at() {
    let folder = std::env::var("ATRIUM_LOOK").expect("ATRIUM_LOOK=FOLDER");
    let folder = std::path::Path::new(&folder);
    let only = std::env::var("ATRIUM_LOOK_ONLY").unwrap_or_default();
    let quality = std::env::var("ATRIUM_LOOK_QUALITY").unwrap_or_else(|_| "medium".to_owned());
    let server = Server::start();
    filled(&server);
    let views = [
        ("door", "--at 5.2,1.65,2.6,62,-4"),
        ("seat", "--seat 1"),
        ("step", "--at 0.3,1.6,-1.9,4,-2"),
        ("half", "--at 0.75,1.6,-3.4,-18,-4"),
        ("window", "--board 0"),
    ];
    for (name, view) in views.into_iter().filter(|(name, _)| only.is_empty() || only.split(',').any(|it| it == *name)) {
        let mut program = atrium(&server.folder().join(name));
        program.args(["join", &server.link("boardroom", Role::Member), "--name", "Vera", "--after", "12"]);
        program.args(view.split(' ')).args(["--quality", &quality, "--offscreen", "1280x720", "--screenshot"]);
        program.arg(folder.join(format!("{name}.png")));
        if name != "window" {
            program.arg("--no-panels");
        }
        assert!(program.status().unwrap().success(), "{name}");
    }
}

/// Two people and a bot at one board, as one of them sees it who stands back: `ATRIUM_LOOK=FOLDER` says where it goes.
#[test]
#[ignore = "makes a picture to look at"]
fn two_people_and_a_bot_in_a_picture() {
    let folder = std::env::var("ATRIUM_LOOK").expect("ATRIUM_LOOK=FOLDER");
    let server = Server::start();
    let _bots = server.bots("boardroom", |config| (config.draws, config.name) = (true, "Bo".to_owned()));
    let view = "--at -0.6,1.65,-0.4,0,-3 --quality medium --no-panels";
    let mut first = Visitor::with_size(&server.folder().join("Lin"), view, Size { width: 1_280, height: 720 });
    first.join("Lin", &server.link("boardroom", Role::Member));
    first.until_inside();
    first.until("the board is here", |world| document(world).is_some());
    let mut second = enter(&server, "Vera", "--at 0.9,1.6,-2.9,8,0 --quality low --no-panels");
    first.until("the bot drew", |world| strokes(world) > 0);
    second.drag(&wave(96.0));
    first.drag(&wave(0.0).iter().map(|at| Vec2::new(440.0, 370.0) + *at * 1.6).collect::<Vec<_>>());
    second.live(Duration::from_secs(10));
    first.until("all three drew", |world| authors(world) == 3);
    first.live(Duration::from_secs(3));
    first.picture().save(std::path::Path::new(&folder).join("together.png")).unwrap();
}
