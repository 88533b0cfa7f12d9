use crate::solids::{Collider, colliders};
use crate::source_map::SourceMap;
use crate::{Layout, PlaceProblem, PlaceProblems, Seat, Spawn, Surface, Zone, check};
use atrium_protocol::{BoardId, SeatId, ZoneId};
use glam::Vec3;
use ron::extensions::Extensions;

/// Largest text of a `room.ron`, in bytes.
pub const PLACE_TEXT_BYTES: usize = 256 * 1024;

/// Nesting of brackets that a `room.ron` may have; its types need seven.
const NESTING: usize = 16;

/// A place that was checked: everything in it is finite, within limits, and where it can be.
#[derive(Clone)]
pub struct Place {
    layout: Layout,
    colliders: Vec<Collider>,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Place").field("layout", &self.layout).finish_non_exhaustive()
    }
}

impl Place {
    /// Reads and checks the text of a `room.ron`.
    ///
    /// # Errors
    /// The first mistake of spelling or, where it is spelled well, everything that is not possible in it.
    pub fn parse(text: &str) -> Result<Self, PlaceProblems> {
        if text.len() > PLACE_TEXT_BYTES {
            let message = format!("this file has more than {PLACE_TEXT_BYTES} bytes: make the place simpler");
            return Err(PlaceProblems::one(1, 1, message));
        }
        let options =
            ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME).with_recursion_limit(NESTING);
        let layout: Layout = options.from_str(text).map_err(|error| spelling_problem(&error))?;
        let found = check::layout(&layout);
        if !found.is_empty() {
            return Err(located(text, found));
        }
        // Only now are all shapes ones that physics can have.
        let colliders = colliders(&layout);
        let found = check::people(&layout, &colliders);
        if !found.is_empty() {
            return Err(located(text, found));
        }
        Ok(Self { layout, colliders })
    }

    /// What stands in the file.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Walls and furniture for the physics.
    pub fn colliders(&self) -> &[Collider] {
        &self.colliders
    }

    /// Whether a person may be at `point`; false for a point that is not finite.
    pub fn bounds_contain(&self, point: Vec3) -> bool {
        self.layout.bounds.contain(point)
    }

    /// The first zone that has `point` in it.
    pub fn zone_at(&self, point: Vec3) -> Option<ZoneId> {
        let index = self.layout.zones.iter().position(|zone| zone.bounds().contain(point))?;
        u16::try_from(index).ok().map(ZoneId)
    }

    /// A zone.
    pub fn zone(&self, id: ZoneId) -> Option<&Zone> {
        self.layout.zones.get(usize::from(id.0))
    }

    /// A seat.
    pub fn seat(&self, id: SeatId) -> Option<&Seat> {
        self.layout.seats.get(usize::from(id.0))
    }

    /// A whiteboard.
    pub fn board(&self, id: BoardId) -> Option<&Surface> {
        self.layout.boards.get(usize::from(id.0))
    }

    /// Where the `n`th person appears; the points are used in turn.
    pub fn spawn(&self, n: usize) -> Spawn {
        // A checked place has at least one; the default keeps this total.
        let fallback = || Spawn { position: self.layout.bounds.min, yaw_degrees: 0.0 };
        n.checked_rem(self.layout.spawns.len())
            .and_then(|index| self.layout.spawns.get(index).copied())
            .unwrap_or_else(fallback)
    }

    /// Whether a wall stands between two points, so that one does not hear the other straight. Furniture does not
    /// count; points that are not finite have nothing between them.
    pub fn is_blocked(&self, from: Vec3, to: Vec3) -> bool {
        let walls = self.colliders.iter().filter(|collider| collider.blocks_sound);
        nearest_hit(walls, from, to).is_some()
    }

    /// Distance in metres from `from` to the first wall or piece of furniture on the way to `to`.
    pub fn first_hit(&self, from: Vec3, to: Vec3) -> Option<f32> {
        nearest_hit(self.colliders.iter(), from, to)
    }
}

fn nearest_hit<'a>(colliders: impl Iterator<Item = &'a Collider>, from: Vec3, to: Vec3) -> Option<f32> {
    let direction = (to - from).try_normalize()?;
    let length_m = from.distance(to);
    if !length_m.is_finite() || !from.is_finite() {
        return None;
    }
    colliders.filter_map(|collider| collider.distance_along(from, direction, length_m)).min_by(f32::total_cmp)
}

/// Finds the lines of what a check found.
fn located(text: &str, found: Vec<check::Found>) -> PlaceProblems {
    let source = SourceMap::new(text);
    let problem = |check::Found { path, message }| {
        let (line, column) = source.line_and_column(&path);
        PlaceProblem { line, column, message }
    };
    let mut problems: Vec<_> = found.into_iter().map(problem).collect();
    problems.sort();
    PlaceProblems(problems)
}

/// Turns what the parser says into a sentence that says what to do.
fn spelling_problem(error: &ron::error::SpannedError) -> PlaceProblems {
    use ron::Error;
    let at = match error.code {
        // These are noticed behind the culprit.
        Error::NoSuchStructField { .. } | Error::DuplicateStructField { .. } | Error::NoSuchEnumVariant { .. } => {
            error.span.start
        }
        _ => error.span.end,
    };
    let message = match &error.code {
        Error::MissingStructField { field, .. } => format!("the field `{field}` is missing here: add it"),
        Error::DuplicateStructField { field, .. } => format!("the field `{field}` is here twice: keep one of them"),
        Error::NoSuchStructField { expected, found, .. } => {
            format!("`{found}` is not a field here: use one of `{}`", expected.join("`, `"))
        }
        Error::NoSuchEnumVariant { expected, found, .. } => {
            format!("`{found}` is not possible here: use one of `{}`", expected.join("`, `"))
        }
        Error::Eof => "the text ends too early: close what is still open".to_owned(),
        Error::TrailingCharacters => "something follows the end of the room: remove it".to_owned(),
        Error::ExceededRecursionLimit => "too many brackets inside one another: a room needs fewer".to_owned(),
        other => format!("{other}: correct the text here"),
    };
    PlaceProblems::one(at.line, at.col, message)
}
