//! Which plates are open in a crowd.

use bevy::math::{Rect, Vec2};

/// A plate and the face under it, as seen: angles from the middle of the view, in radians, y up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placard {
    pub(super) plate: Rect,
    pub(super) face: Rect,
    pub(super) distance_m: f32,
    /// Those with more come first: who speaks, who raised a hand.
    pub(super) rank: u8,
    /// Whether the plate is open already: then it stays open a little longer.
    pub(super) is_open: bool,
}

/// Space around a plate, as a share of its height, for one that is to open; one that is open needs none.
const MARGIN: f32 = 0.25;

/// Says which of `placards` are open: those of the highest rank, then the nearest, as long as they cover neither each
/// other nor a face. `open` and `order` are cleared and filled; by index of `placards`.
pub(super) fn open_plates(placards: &[Placard], open: &mut Vec<bool>, order: &mut Vec<usize>) {
    open.clear();
    open.resize(placards.len(), false);
    order.clear();
    order.extend(0..placards.len());
    order.sort_unstable_by(|a, b| {
        let (a, b) = (&placards[*a], &placards[*b]);
        b.rank.cmp(&a.rank).then(a.distance_m.total_cmp(&b.distance_m))
    });
    for place in 0..order.len() {
        let index = order[place];
        let placard = &placards[index];
        let margin = if placard.is_open { 0.0 } else { MARGIN * placard.plate.height() };
        let plate = placard.plate.inflate(margin);
        let is_over_plate = order[..place].iter().any(|other| open[*other] && overlap(&plate, &placards[*other].plate));
        // A face that is nearer hides the plate, which is as bad as being covered by it.
        let is_over_face = || {
            let others = placards.iter().enumerate().filter(|(other, _)| *other != index);
            others.into_iter().any(|(_, other)| overlap(&plate, &other.face))
        };
        open[index] = !is_over_plate && !is_over_face();
    }
}

fn overlap(a: &Rect, b: &Rect) -> bool {
    a.min.x < b.max.x && b.min.x < a.max.x && a.min.y < b.max.y && b.min.y < a.max.y
}

/// A rectangle around a point.
pub(super) fn around(middle: Vec2, half: Vec2) -> Rect {
    Rect { min: middle - half, max: middle + half }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(x: f32, distance_m: f32, rank: u8) -> Placard {
        Placard {
            plate: around(Vec2::new(x, 0.2 / distance_m + 0.02), Vec2::new(0.06, 0.012)),
            face: around(Vec2::new(x, 0.0), Vec2::splat(0.12 / distance_m)),
            distance_m,
            rank,
            is_open: false,
        }
    }

    fn opened(placards: &[Placard]) -> Vec<bool> {
        let (mut open, mut order) = (Vec::new(), Vec::new());
        open_plates(placards, &mut open, &mut order);
        open
    }

    #[test]
    fn people_apart_all_have_their_plates() {
        let row: Vec<_> = (0..6).map(|n| somebody(n as f32 * 0.2, 3.0, 0)).collect();
        assert!(opened(&row).into_iter().all(|open| open));
    }

    #[test]
    fn the_nearest_and_those_who_speak_come_first() {
        assert_eq!(opened(&[somebody(0.0, 4.0, 0), somebody(0.05, 3.9, 0)]), [false, true]);
        assert_eq!(opened(&[somebody(0.0, 4.0, 2), somebody(0.05, 3.9, 0)]), [true, false]);
    }

    #[test]
    fn no_plate_covers_a_face() {
        let mut tall = somebody(0.0, 3.0, 2);
        tall.face = tall.face.inflate(0.001);
        let mut short = somebody(0.0, 2.0, 0);
        short.plate = around(tall.face.center(), Vec2::new(0.06, 0.012));
        short.face = around(Vec2::new(0.0, -0.2), Vec2::splat(0.05));
        assert_eq!(opened(&[tall, short]), [true, false]);
    }

    #[test]
    fn open_plates_do_not_flicker_at_the_edge() {
        let near = somebody(0.0, 3.0, 0);
        let edge = Placard {
            plate: around(near.plate.center() + Vec2::Y * 0.026, Vec2::new(0.06, 0.012)),
            ..somebody(0.0, 9.0, 0)
        };
        let apart = Placard { face: around(Vec2::new(1.0, 0.0), Vec2::splat(0.01)), ..edge };
        let near = Placard { face: around(Vec2::new(-1.0, 0.0), Vec2::splat(0.01)), ..near };
        assert_eq!(opened(&[near, apart]), [true, false]);
        assert_eq!(opened(&[near, Placard { is_open: true, ..apart }]), [true, true]);
    }

    #[test]
    fn a_crowd_is_no_mush() {
        let crowd: Vec<_> = (0..200_u32)
            .map(|n| {
                let (row, seat) = (n / 20, n % 20);
                let distance_m = 4.0 + row as f32;
                somebody((seat as f32 - 9.5) * 0.75 / distance_m, distance_m, u8::from(n == 150) * 2)
            })
            .collect();
        let open = opened(&crowd);
        let shown: Vec<_> = crowd.iter().zip(&open).filter(|(_, open)| **open).map(|(placard, _)| placard).collect();
        assert!(shown.len() > 5, "{}", shown.len());
        for (n, a) in shown.iter().enumerate() {
            assert!(shown[..n].iter().all(|b| !overlap(&a.plate, &b.plate)));
        }
    }
}
