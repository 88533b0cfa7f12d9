//! Other people are in the way, but soft: one slides round them, and whoever insists gets through.

use glam::Vec3;

/// Nobody comes nearer to the middle of another person than this, unless they insist.
const PERSONAL_RADIUS_M: f32 = 0.35;
/// From here on one begins to turn aside.
const NOTICE_M: f32 = 0.6;
/// People on other levels are not in the way.
const LEVEL_M: f32 = 1.5;
/// Being held up for so long makes one insist …
const PATIENCE_SECS: f32 = 0.6;
/// … more and more, until people are no obstacle any more.
const INSISTING_SECS: f32 = 0.5;
/// Rounds in which a velocity that leads between people comes to rest.
const SETTLING_ROUNDS: usize = 4;
/// Under this share of the wanted speed one is held up.
const HELD_UP: f32 = 0.3;

/// How one gets past other people.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Crowd {
    held_up_secs: f32,
}

impl Crowd {
    /// The wanted level velocity, bent round people whose feet are at `people`.
    pub(crate) fn give_way(&mut self, dt_secs: f32, wanted: Vec3, feet: Vec3, people: &[Vec3]) -> Vec3 {
        let near = |person: &&Vec3| is_near(feet, **person);
        if !people.iter().any(|person| near(&person)) {
            self.held_up_secs = 0.0;
            return wanted;
        }
        let insistence = ((self.held_up_secs - PATIENCE_SECS) / INSISTING_SECS).clamp(0.0, 1.0);
        let firmness = 1.0 - insistence;
        let aside = people.iter().filter(near).fold(wanted, |velocity, person| {
            let inward = inward(velocity, feet - *person, firmness);
            velocity + inward + sideways(inward, wanted)
        });
        // What leads aside from one person may lead towards another.
        let velocity = (0..SETTLING_ROUNDS).fold(aside, |velocity, _| {
            people.iter().filter(near).fold(velocity, |it, person| it + inward(it, feet - *person, firmness))
        });
        let velocity = velocity.clamp_length_max(wanted.length());
        let progress = velocity.dot(wanted);
        if insistence == 0.0 && progress > HELD_UP * wanted.length_squared() {
            self.held_up_secs = 0.0;
        } else if wanted != Vec3::ZERO {
            self.held_up_secs += dt_secs;
        }
        velocity
    }
}

fn is_near(feet: Vec3, person: Vec3) -> bool {
    let offset = feet - person;
    offset.y.abs() < LEVEL_M && offset.with_y(0.0).length_squared() < NOTICE_M * NOTICE_M
}

/// What to add to a velocity so that it does not go towards a person; `offset` leads from them to oneself.
fn inward(velocity: Vec3, offset: Vec3, firmness: f32) -> Vec3 {
    let level = offset.with_y(0.0);
    let Some(away) = level.try_normalize() else { return Vec3::ZERO };
    let closeness = ((NOTICE_M - level.length()) / (NOTICE_M - PERSONAL_RADIUS_M)).clamp(0.0, 1.0);
    away * (-velocity.dot(away)).max(0.0) * closeness * firmness
}

/// As much to the side as was taken away in front.
fn sideways(taken: Vec3, wanted: Vec3) -> Vec3 {
    let sideways = taken.cross(Vec3::Y);
    // Head-on neither side is nearer: everyone keeps to the same one, so that two do not dance.
    let is_near_side = sideways.dot(wanted) >= -0.05 * wanted.length() * sideways.length();
    if is_near_side { sideways } else { -sideways }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DT: f32 = 1.0 / 60.0;

    fn walk(people: &[Vec3], secs: f32) -> (Vec3, f32) {
        let (mut crowd, mut feet, mut nearest) = (Crowd::default(), Vec3::ZERO, f32::MAX);
        for _ in 0..(secs / DT) as usize {
            feet += crowd.give_way(DT, Vec3::NEG_Z * 1.4, feet, people) * DT;
            nearest = people.iter().map(|person| person.distance(feet)).fold(nearest, f32::min);
        }
        (feet, nearest)
    }

    #[test]
    fn one_slides_round_a_person_without_losing_much_time() {
        for x in [-0.3, -0.05, 0.0, 0.05, 0.3] {
            let (feet, nearest) = walk(&[Vec3::new(x, 0.0, -2.0)], 3.0);
            assert!(feet.z < -3.5, "at {feet} after 3 s past a person at {x}");
            assert!(nearest > PERSONAL_RADIUS_M, "{nearest} m");
        }
    }

    #[test]
    fn a_closed_row_of_people_lets_one_through_in_the_end() {
        let row: Vec<_> = (-40..=40).map(|n| Vec3::new(n as f32 * 0.4, 0.0, -1.0)).collect();
        let (feet, _) = walk(&row, 1.0);
        assert!(feet.z > -0.8, "{feet}");
        let (feet, _) = walk(&row, 6.0);
        assert!(feet.z < -2.0, "{feet}");
    }

    #[test]
    fn nobody_is_moved_who_does_not_walk_and_one_can_always_leave() {
        let mut crowd = Crowd::default();
        assert_eq!(crowd.give_way(DT, Vec3::ZERO, Vec3::ZERO, &[Vec3::ZERO, Vec3::X * 0.2]), Vec3::ZERO);
        let away = crowd.give_way(DT, Vec3::X, Vec3::X * 0.1, &[Vec3::ZERO]);
        assert_eq!(away, Vec3::X);
    }
}
