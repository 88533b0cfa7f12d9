use crate::{Bounds, Collider, Layout, Seat, Shape, Solid, Surface, check_file_path};
use glam::Vec3;
use rapier3d::geometry::SharedShape;
use rapier3d::math::Pose;
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// Sizes in metres that a solid may have along each axis.
pub(crate) const SOLID_SIZE_M: RangeInclusive<f32> = 0.01..=512.0;

/// Where poses can be (their quantised range), in metres.
const POSE_RANGE: Bounds = Bounds { min: Vec3::new(-128.0, -8.0, -128.0), max: Vec3::new(128.0, 24.0, 128.0) };
/// Where solids and zones can be, in metres.
const SOLID_RANGE: Bounds = Bounds { min: Vec3::splat(-512.0), max: Vec3::splat(512.0) };
const NAME_CHARS: usize = 64;
const MOST_SPAWNS: usize = 128;
const MOST_SEATS: usize = 512;
const MOST_BOARDS: usize = 16;
const MOST_SCREENS: usize = 8;
const MOST_ZONES: usize = 64;
const MOST_SOLIDS: usize = 1_024;
const MOST_LIGHTMAPS: usize = 255;

/// A person who stands: a capsule that ends over the floor, so that steps and ramps are no obstacle.
const PERSON_RADIUS_M: f32 = 0.2;
const PERSON_BOTTOM_M: f32 = 0.25;
const PERSON_TOP_M: f32 = 1.7;

/// Something that is not possible.
pub(crate) struct Found {
    /// Where, as in `seats[3].position`.
    pub(crate) path: String,
    /// A sentence that says what to do.
    pub(crate) message: String,
}

/// What is not possible in a layout, each item for itself.
pub(crate) fn layout(layout: &Layout) -> Vec<Found> {
    let mut checker = Checker { bounds: layout.bounds, found: Vec::new() };
    checker.name("title", &layout.title);
    checker.bounds();
    checker.spawns(layout);
    checker.seats(&layout.seats);
    checker.surfaces("boards", &layout.boards, MOST_BOARDS);
    checker.surfaces("screens", &layout.screens, MOST_SCREENS);
    checker.zones(layout);
    checker.solids("walls", &layout.walls);
    checker.solids("furniture", &layout.furniture);
    checker.acoustics(layout);
    checker.files(layout);
    checker.light(layout);
    checker.found
}

struct Checker {
    bounds: Bounds,
    found: Vec<Found>,
}

impl Checker {
    fn say(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.found.push(Found { path: path.into(), message: message.into() });
    }

    fn number(&mut self, path: String, value: f32, range: RangeInclusive<f32>, unit: &str) {
        if !range.contains(&value) {
            self.say(path, format!("{value} is not possible: give {} to {}{unit}", range.start(), range.end()));
        }
    }

    fn yaw(&mut self, item: &str, yaw_degrees: f32) {
        self.number(format!("{item}.yaw_degrees"), yaw_degrees, -360.0..=360.0, " degrees");
    }

    /// False, with a problem noted, when `point` is outside of `range` or not finite.
    fn point(&mut self, path: String, point: Vec3, range: Bounds, range_name: &str) -> bool {
        let is_inside = range.contain(point);
        if !is_inside {
            let (point, min, max) = (point.to_array(), range.min.to_array(), range.max.to_array());
            self.say(path, format!("{point:?} is outside of {range_name}: keep it between {min:?} and {max:?}"));
        }
        is_inside
    }

    fn in_bounds(&mut self, item: &str, position: Vec3) {
        let bounds = self.bounds;
        self.point(format!("{item}.position"), position, bounds, "the room's bounds");
    }

    fn name(&mut self, path: impl Into<String>, name: &str) {
        let is_shown = name.chars().all(|c| !c.is_control()) && !name.trim().is_empty();
        if !is_shown || name.chars().count() > NAME_CHARS {
            self.say(path, format!("give a name of 1 to {NAME_CHARS} characters on one line"));
        }
    }

    fn names<'a>(&mut self, list: &str, names: impl Iterator<Item = Option<&'a String>>) {
        let mut first_with: HashMap<&str, usize> = HashMap::new();
        for (index, name) in names.enumerate() {
            let Some(name) = name else { continue };
            let path = format!("{list}[{index}].name");
            self.name(path.clone(), name);
            if let Some(first) = first_with.get(name.as_str()) {
                let name = name.escape_debug();
                self.say(path, format!("{list} {first} and {index} are both called `{name}`: rename one of them"));
            } else {
                first_with.insert(name, index);
            }
        }
    }

    /// False, with a problem noted, when there are more than `most`.
    fn count(&mut self, list: &str, count: usize, most: usize) -> bool {
        if count > most {
            self.say(list, format!("there are {count} {list}: at most {most} are possible, remove some"));
        }
        count <= most
    }

    fn bounds(&mut self) {
        let Bounds { min, max } = self.bounds;
        let min_fits = self.point("bounds.min".into(), min, POSE_RANGE, "what poses can express");
        let max_fits = self.point("bounds.max".into(), max, POSE_RANGE, "what poses can express");
        if min_fits && max_fits && (max - min).min_element() < 1.0 {
            self.say("bounds", "a room has at least 1 m along each axis: make `max` larger than `min`");
        }
    }

    fn spawns(&mut self, layout: &Layout) {
        if layout.spawns.is_empty() {
            self.say("spawns", "nobody can come in: add at least one spawn point");
        }
        if self.count("spawns", layout.spawns.len(), MOST_SPAWNS) {
            for (index, spawn) in layout.spawns.iter().enumerate() {
                let item = format!("spawns[{index}]");
                self.in_bounds(&item, spawn.position);
                self.yaw(&item, spawn.yaw_degrees);
            }
        }
    }

    fn seats(&mut self, seats: &[Seat]) {
        if !self.count("seats", seats.len(), MOST_SEATS) {
            return;
        }
        self.names("seats", seats.iter().map(|seat| seat.name.as_ref()));
        for (index, seat) in seats.iter().enumerate() {
            let item = format!("seats[{index}]");
            self.in_bounds(&item, seat.position);
            self.yaw(&item, seat.yaw_degrees);
            self.number(format!("{item}.hip_height_m"), seat.hip_height_m, 0.0..=2.0, " m");
        }
    }

    fn surfaces(&mut self, list: &str, surfaces: &[Surface], most: usize) {
        if !self.count(list, surfaces.len(), most) {
            return;
        }
        self.names(list, surfaces.iter().map(|surface| Some(&surface.name)));
        for (index, surface) in surfaces.iter().enumerate() {
            let item = format!("{list}[{index}]");
            self.in_bounds(&item, surface.position);
            self.yaw(&item, surface.yaw_degrees);
            self.number(format!("{item}.size[0]"), surface.size.0, 0.1..=50.0, " m");
            self.number(format!("{item}.size[1]"), surface.size.1, 0.1..=50.0, " m");
        }
    }

    fn zones(&mut self, layout: &Layout) {
        if !self.count("zones", layout.zones.len(), MOST_ZONES) {
            return;
        }
        self.names("zones", layout.zones.iter().map(|zone| Some(&zone.name)));
        for (index, zone) in layout.zones.iter().enumerate() {
            let item = format!("zones[{index}]");
            let min_fits = self.point(format!("{item}.min"), zone.min, SOLID_RANGE, "what is possible");
            let max_fits = self.point(format!("{item}.max"), zone.max, SOLID_RANGE, "what is possible");
            if min_fits && max_fits && !zone.max.cmpgt(zone.min).all() {
                self.say(item.clone(), "this zone is inside out or flat: make `max` larger than `min` on each axis");
            }
            if zone.private && zone.stage {
                self.say(item, "a zone is private or a stage, not both: remove one of them");
            }
        }
    }

    fn solids(&mut self, list: &str, solids: &[Solid]) {
        if !self.count(list, solids.len(), MOST_SOLIDS) {
            return;
        }
        self.names(list, solids.iter().map(|solid| solid.name.as_ref()));
        for (index, solid) in solids.iter().enumerate() {
            let item = format!("{list}[{index}]");
            self.point(format!("{item}.position"), solid.position, SOLID_RANGE, "what is possible");
            self.yaw(&item, solid.yaw_degrees);
            match solid.shape {
                Shape::Box { size } | Shape::Ramp { size } => {
                    for (axis, length) in size.to_array().into_iter().enumerate() {
                        self.number(format!("{item}.shape.size[{axis}]"), length, SOLID_SIZE_M, " m");
                    }
                }
                Shape::Cylinder { radius, height } => {
                    self.number(format!("{item}.shape.radius"), radius, SOLID_SIZE_M, " m");
                    self.number(format!("{item}.shape.height"), height, SOLID_SIZE_M, " m");
                }
            }
        }
    }

    fn acoustics(&mut self, layout: &Layout) {
        let acoustics = &layout.acoustics;
        self.number("acoustics.reverb_secs".into(), acoustics.reverb_secs, 0.0..=10.0, " s");
        self.number("acoustics.reflection".into(), acoustics.reflection, 0.0..=1.0, "");
        self.number("acoustics.speech_distance_m".into(), acoustics.speech_distance_m, 0.1..=100.0, " m");
    }

    fn files(&mut self, layout: &Layout) {
        if let Some(Err(why)) = layout.model.as_deref().map(check_file_path) {
            self.say("model", why);
        }
        if !self.count("lightmaps", layout.lightmaps.len(), MOST_LIGHTMAPS) {
            return;
        }
        for (index, lightmap) in layout.lightmaps.iter().enumerate() {
            self.name(format!("lightmaps[{index}].mesh"), &lightmap.mesh);
            if let Err(why) = check_file_path(&lightmap.image) {
                self.say(format!("lightmaps[{index}].image"), why);
            }
        }
    }

    fn light(&mut self, layout: &Layout) {
        if let Some(sun) = &layout.light.sun {
            self.number("light.sun.yaw_degrees".into(), sun.yaw_degrees, -360.0..=360.0, " degrees");
            self.number("light.sun.elevation_degrees".into(), sun.elevation_degrees, -90.0..=90.0, " degrees");
            self.number("light.sun.irradiance".into(), sun.irradiance, 0.0..=1_000.0, "");
            for (index, part) in sun.color.to_array().into_iter().enumerate() {
                self.number(format!("light.sun.color[{index}]"), part, 0.0..=1.0, "");
            }
        }
        let Some(around) = &layout.light.environment else { return };
        for (field, path) in [("diffuse", &around.diffuse), ("specular", &around.specular)] {
            if let Err(why) = check_file_path(path) {
                self.say(format!("light.environment.{field}"), why);
            }
        }
    }
}

/// Who would appear or sit inside something solid. The layout must have passed [`layout`].
pub(crate) fn people(layout: &Layout, colliders: &[Collider]) -> Vec<Found> {
    let bottom = Vec3::Y * (PERSON_BOTTOM_M + PERSON_RADIUS_M);
    let standing = SharedShape::capsule(bottom, Vec3::Y * (PERSON_TOP_M - PERSON_RADIUS_M), PERSON_RADIUS_M);
    let torso = SharedShape::ball(PERSON_RADIUS_M);
    let mut found = Vec::new();
    for (index, spawn) in layout.spawns.iter().enumerate() {
        let feet = Pose::from_translation(spawn.position);
        if let Some(hit) = colliders.iter().position(|collider| collider.touches(&feet, &standing)) {
            let message = format!("people would appear inside {}: move one of them", solid_name(layout, hit));
            found.push(Found { path: format!("spawns[{index}]"), message });
        }
    }
    for (index, seat) in layout.seats.iter().enumerate() {
        let chest = Pose::from_translation(seat.position + Vec3::Y * (seat.hip_height_m + 0.3));
        // One sits in a chair, which is furniture, but never in a wall.
        let is_hit = |collider: &Collider| collider.blocks_sound && collider.touches(&chest, &torso);
        if let Some(hit) = colliders.iter().position(is_hit) {
            let message = format!("people would sit inside {}: move one of them", solid_name(layout, hit));
            found.push(Found { path: format!("seats[{index}]"), message });
        }
    }
    found
}

/// What to call the solid that is collider number `index`.
fn solid_name(layout: &Layout, index: usize) -> String {
    let (kind, number, solid) = match index.checked_sub(layout.walls.len()) {
        None => ("wall", index, layout.walls.get(index)),
        Some(index) => ("furniture", index, layout.furniture.get(index)),
    };
    match solid.and_then(|solid| solid.name.as_ref()) {
        Some(name) => format!("`{}`", name.escape_debug()),
        None => format!("{kind} number {number}"),
    }
}
