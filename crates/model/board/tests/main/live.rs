//! What people do right now, in as few bytes as there are.

use crate::hand::writing;
use atrium_board::ink::Point;
use atrium_board::limits::LIVE_BYTES;
use atrium_board::{Color, ElementId, Live, LiveError, LiveInk, PageId, Pointing, View};
use glam::Vec2;
use proptest::prelude::*;

fn live(points: Vec<Point>) -> Live {
    Live {
        pointing: Some(Pointing { page: PageId(3), position: Vec2::new(12.5, -7.0), is_laser: true }),
        ink: Some(LiveInk {
            element: ElementId(u64::MAX - 5),
            page: PageId(3),
            color: Color::Purple,
            width_mm: 3.5,
            is_highlighter: true,
            after: 40,
            points,
        }),
        view: Some(View { page: PageId(3), center: Vec2::new(1.0, 2.0), width_mm: 800.0 }),
    }
}

#[test]
fn it_is_read_as_it_was_written() {
    let exact: Vec<Point> =
        (0..30).map(|at| Point { position: Vec2::splat(at as f32 / 16.0), pressure: 1.0 }).collect();
    let live = live(exact);
    assert_eq!(Live::decode(&live.encode()), Ok(live.clone()));
    assert_eq!(Live::decode(&Live::default().encode()), Ok(Live::default()));
    let none = Live { ink: live.ink.map(|ink| LiveInk { points: Vec::new(), ..ink }), ..Live::default() };
    assert_eq!(Live::decode(&none.encode()), Ok(none));
}

#[test]
fn a_third_of_a_second_at_240_hz_fits_and_of_more_the_newest() {
    let written = writing(1, 240.0, 4.0, 60.0).points;
    let third = live(written[..80].to_vec()).encode();
    println!("80 points of the live lane: {} bytes", third.len());
    assert_eq!(Live::decode(&third).unwrap().ink.unwrap().points.len(), 80);
    let all = live(written.clone()).encode();
    assert!(all.len() <= LIVE_BYTES);
    let ink = Live::decode(&all).unwrap().ink.unwrap();
    assert!(ink.points.len() > 80, "{}", ink.points.len());
    assert_eq!(ink.after as usize + ink.points.len(), 40 + written.len());
    let (last, end) = (ink.points[ink.points.len() - 1].position, written[written.len() - 1].position);
    assert!(last.distance(end) < 0.1);
}

#[test]
fn numbers_out_of_their_limits_are_refused() {
    let encode = |change: fn(&mut Live)| {
        let mut live = live(Vec::new());
        change(&mut live);
        Live::decode(&live.encode())
    };
    let cases = [
        encode(|live| live.pointing.as_mut().unwrap().position.x = f32::NAN),
        encode(|live| live.view.as_mut().unwrap().width_mm = 0.0),
        encode(|live| live.view.as_mut().unwrap().center.y = f32::INFINITY),
        encode(|live| live.ink.as_mut().unwrap().width_mm = 1e9),
        encode(|live| live.ink.as_mut().unwrap().after = 1_000_000),
    ];
    cases.iter().for_each(|case| assert_eq!(*case, Err(LiveError::Impossible)));
    assert_eq!(Live::decode(&[0x80]), Err(LiveError::Malformed));
    assert_eq!(Live::decode(&[0; LIVE_BYTES + 1]), Err(LiveError::Malformed));
}

proptest! {
    #[test]
    fn changed_bytes_are_refused_or_something_else(flip in 0_usize..2_000, end in 0_usize..400) {
        let mut bytes = live(writing(1, 120.0, 0.5, 60.0).points).encode();
        let bits = bytes.len() * 8;
        bytes[flip % bits / 8] ^= 1 << (flip % 8);
        atrium_board::fuzzing::live(&bytes);
        bytes.truncate(end);
        atrium_board::fuzzing::live(&bytes);
    }
}
