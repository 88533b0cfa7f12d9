//! The room that everyone meets first is one that a person would believe.

use atrium_place::{Place, Seat};
use atrium_protocol::{BoardId, SeatId, ZoneId};
use glam::{Vec2, Vec3, vec3};

fn boardroom() -> Place {
    Place::parse(crate::BOARDROOM).unwrap_or_else(|problems| panic!("{problems}"))
}

fn seats_at_the_table(place: &Place) -> Vec<&Seat> {
    place.layout().seats.iter().filter(|seat| !seat.name.as_ref().unwrap().starts_with("nook")).collect()
}

#[test]
fn it_has_what_a_meeting_needs() {
    let place = boardroom();
    assert_eq!(place.layout().title, "Boardroom");
    assert_eq!(place.layout().bounds.max - place.layout().bounds.min, vec3(12.0, 3.0, 8.0));
    assert!(place.layout().spawns.len() >= 8);
    assert_eq!(seats_at_the_table(&place).len(), 12);
    assert_eq!(place.board(BoardId(0)).unwrap().size, (3.0, 1.2));
    assert!(place.board(BoardId(1)).is_none());
    assert_eq!(place.layout().screens.len(), 1);
    assert_eq!(place.layout().acoustics.reverb_secs, 0.45);
    assert!(place.zone(ZoneId(0)).unwrap().private);
}

#[test]
fn seats_face_the_table_and_leave_elbow_room() {
    let place = boardroom();
    let seats = seats_at_the_table(&place);
    for seat in &seats {
        let nearest_of_table = seat.position.clamp(vec3(-2.4, 0.0, -0.7), vec3(2.4, 0.0, 0.7));
        let to_table = (nearest_of_table - seat.position).normalize();
        assert!(seat.forward().dot(to_table) > 0.99, "{seat:?}");
        let hips = seat.position.with_y(seat.hip_height_m + 0.35);
        let hit = place.first_hit(hips.with_y(0.72), (hips + seat.forward()).with_y(0.72));
        assert!(hit.is_some_and(|distance| (0.3..0.6).contains(&distance)), "{seat:?} {hit:?}");
    }
    for (index, a) in seats.iter().enumerate() {
        for b in &seats[index + 1..] {
            assert!(a.position.distance(b.position) >= 0.75, "{a:?} {b:?}");
        }
    }
}

#[test]
fn those_who_come_in_stand_free_apart_and_outside_of_the_nook() {
    let place = boardroom();
    let spawns = &place.layout().spawns;
    for (index, spawn) in spawns.iter().enumerate() {
        assert_eq!(place.zone_at(spawn.position), None);
        let door = Vec2::new(6.0, 2.95);
        assert!(Vec2::new(spawn.position.x, spawn.position.z).distance(door) < 4.0);
        let chest = spawn.position.with_y(1.2);
        for step in 0..16 {
            let angle = step as f32 * std::f32::consts::TAU / 16.0;
            let around = chest + 0.3 * Vec3::new(angle.cos(), 0.0, angle.sin());
            assert_eq!(place.first_hit(chest, around), None, "spawn {index}");
        }
        for other in &spawns[..index] {
            assert!(spawn.position.distance(other.position) > 0.8);
        }
        assert!(!place.is_blocked(chest, vec3(0.0, 1.2, 0.0)), "spawn {index} sees the table");
    }
}

#[test]
fn its_walls_have_no_gap() {
    let place = boardroom();
    let middle = vec3(0.0, 1.6, 0.0);
    for turn in 0..720 {
        for height in [0.1, 0.5, 1.0, 1.6, 2.2, 2.9] {
            let angle = turn as f32 * std::f32::consts::TAU / 720.0;
            let far = vec3(20.0 * angle.cos(), height, 20.0 * angle.sin());
            assert!(place.is_blocked(middle.with_y(height), far), "{turn} at {height} m");
        }
    }
    assert!(place.is_blocked(middle, vec3(0.0, 20.0, 0.0)) && place.is_blocked(middle, vec3(0.0, -20.0, 0.0)));
}

#[test]
fn its_surfaces_are_free_to_read_and_the_seats_are_reachable_by_number() {
    let place = boardroom();
    for surface in place.layout().boards.iter().chain(&place.layout().screens) {
        let reader = surface.position + 2.0 * surface.forward();
        assert!(place.bounds_contain(reader) && !place.is_blocked(reader, surface.position), "{surface:?}");
    }
    assert_eq!(place.seat(SeatId(6)).unwrap().name.as_deref(), Some("head west"));
    assert!(place.seat(SeatId(14)).is_none());
}
