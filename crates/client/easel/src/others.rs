mod ink;

use crate::LiveStroke;
use atrium_board::ink::Point;
use atrium_board::{Document, ElementId, Live, PageId, Pointing, View};
use atrium_protocol::ParticipantId;
use glam::Vec2;
use ink::TheirInk;
use std::collections::{BTreeMap, VecDeque};

/// What nobody said again for so long is forgotten.
const FORGET_SECS: f64 = 3.0;
/// How long the trail of a laser glows.
pub(crate) const TRAIL_SECS: f64 = 0.9;
/// Most people at a board, and points of a trail, that are remembered.
const PEOPLE: usize = 512;
const TRAIL_POINTS: usize = 64;

/// Where somebody points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cursor {
    /// Who.
    pub who: ParticipantId,
    /// On which page.
    pub page: PageId,
    /// Where.
    pub position: Vec2,
    /// With a laser.
    pub is_laser: bool,
}

/// The trail of a laser, oldest point first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trail {
    /// On which page.
    pub page: Option<PageId>,
    /// Where it was, and when.
    pub points: VecDeque<(f64, Vec2)>,
}

impl Trail {
    pub(crate) fn point(&mut self, now_secs: f64, page: PageId, position: Vec2) {
        if self.page != Some(page) {
            self.points.clear();
            self.page = Some(page);
        }
        if self.points.back().is_some_and(|(_, last)| *last == position) {
            return;
        }
        if self.points.len() >= TRAIL_POINTS {
            self.points.pop_front();
        }
        self.points.push_back((now_secs, position));
    }

    /// Forgets what has faded; returns whether something had not.
    pub(crate) fn fade(&mut self, now_secs: f64) -> bool {
        let had_points = !self.points.is_empty();
        while self.points.front().is_some_and(|(at_secs, _)| now_secs - at_secs > TRAIL_SECS) {
            self.points.pop_front();
        }
        had_points
    }
}

#[derive(Clone, Debug, Default)]
struct Person {
    pointing: Option<(f64, Pointing)>,
    trail: Trail,
    view: Option<(f64, View)>,
}

/// What others do at the board at this moment, as far as the live lane told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Others {
    people: BTreeMap<ParticipantId, Person>,
    /// Strokes that others draw, by element.
    inks: BTreeMap<ElementId, TheirInk>,
    versions: u64,
}

/// What somebody's word or the time changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changed {
    pub(crate) overlay: bool,
    pub(crate) strokes: bool,
    pub(crate) view_of: Option<ParticipantId>,
    /// Strokes that are shown by themselves from now on, or no longer.
    pub(crate) elements: Vec<ElementId>,
}

impl Others {
    pub(crate) fn hear(&mut self, now_secs: f64, from: ParticipantId, live: &Live, document: &Document) -> Changed {
        let mut changed = Changed::default();
        if !self.people.contains_key(&from) && self.people.len() >= PEOPLE {
            return changed;
        }
        let person = self.people.entry(from).or_default();
        let pointing = live.pointing.map(|pointing| (now_secs, pointing));
        let is_news = person.pointing.map(|(_, was)| was) != live.pointing;
        changed.overlay = is_news;
        // One that rests is said again and again, and its trail fades all the same.
        if let Some((_, Pointing { page, position, is_laser: true })) = pointing.filter(|_| is_news) {
            person.trail.point(now_secs, page, position);
        }
        person.pointing = pointing;
        if let Some(view) = live.view {
            person.view = Some((now_secs, view));
            changed.view_of = Some(from);
        }
        if let Some(ink) = &live.ink {
            self.hear_ink(now_secs, ink, document, &mut changed);
        }
        changed
    }

    fn hear_ink(&mut self, now_secs: f64, ink: &atrium_board::LiveInk, document: &Document, changed: &mut Changed) {
        if ink::is_covered(document, ink.element, ink.after as usize + ink.points.len()) {
            return;
        }
        self.versions += 1;
        changed.strokes = true;
        if let Some(known) = self.inks.get_mut(&ink.element) {
            known.hear(now_secs, ink, self.versions);
        } else if self.inks.len() < PEOPLE {
            self.inks.insert(ink.element, TheirInk::new(now_secs, ink, self.versions));
            changed.elements.push(ink.element);
        }
    }

    /// An element was settled: a stroke that grows is shown by itself, one that is complete is not.
    pub(crate) fn settled(&mut self, now_secs: f64, id: ElementId, document: &Document) -> Changed {
        let mut changed = Changed::default();
        if !ink::grows(document, id) {
            if self.inks.remove(&id).is_some() {
                changed.elements.push(id);
                changed.strokes = true;
            }
            return changed;
        }
        self.versions += 1;
        changed.strokes = true;
        if let Some(known) = self.inks.get_mut(&id) {
            known.grew(now_secs, self.versions);
        } else if self.inks.len() < PEOPLE {
            self.inks.extend(TheirInk::of(now_secs, document, id, self.versions).map(|ink| (id, ink)));
            changed.elements.push(id);
        }
        changed
    }

    /// Forgets what nobody said again.
    pub(crate) fn tick(&mut self, now_secs: f64) -> Changed {
        let mut changed = Changed::default();
        let is_old = |heard_secs: f64| now_secs - heard_secs > FORGET_SECS;
        for person in self.people.values_mut() {
            changed.overlay |= person.trail.fade(now_secs);
            changed.overlay |= person.pointing.take_if(|(heard_secs, _)| is_old(*heard_secs)).is_some();
            person.view.take_if(|(heard_secs, _)| is_old(*heard_secs));
        }
        self.people.retain(|_, it| it.pointing.is_some() || it.view.is_some() || !it.trail.points.is_empty());
        let old: Vec<_> = self.inks.iter().filter(|(_, ink)| is_old(ink.heard_secs)).map(|(id, _)| *id).collect();
        for id in old {
            self.inks.remove(&id);
            changed.strokes = true;
            changed.elements.push(id);
        }
        changed
    }

    /// Nothing is known of anybody any more.
    pub(crate) fn clear(&mut self) {
        self.people.clear();
        self.inks.clear();
    }

    pub(crate) fn view_of(&self, who: ParticipantId) -> Option<View> {
        self.people.get(&who)?.view.map(|(_, view)| view)
    }

    /// Who sends views for others to follow.
    pub(crate) fn leaders(&self) -> impl Iterator<Item = ParticipantId> {
        self.people.iter().filter(|(_, person)| person.view.is_some()).map(|(who, _)| *who)
    }

    pub(crate) fn cursors(&self) -> impl Iterator<Item = Cursor> {
        self.people.iter().filter_map(|(who, person)| {
            let (_, Pointing { page, position, is_laser }) = person.pointing?;
            Some(Cursor { who: *who, page, position, is_laser })
        })
    }

    pub(crate) fn trails(&self) -> impl Iterator<Item = (ParticipantId, &Trail)> {
        self.people.iter().map(|(who, person)| (*who, &person.trail))
    }

    pub(crate) fn is_drawing(&self, id: ElementId) -> bool {
        self.inks.contains_key(&id)
    }

    pub(crate) fn strokes(&self) -> impl Iterator<Item = LiveStroke> {
        self.inks.iter().map(|(id, ink)| ink.live(*id))
    }

    /// Adds the points of a stroke, on the page; returns whether there is one.
    pub(crate) fn points(&self, id: ElementId, document: &Document, out: &mut Vec<Point>) -> bool {
        let Some(ink) = self.inks.get(&id) else { return false };
        ink.shown(id, document, out);
        true
    }
}
