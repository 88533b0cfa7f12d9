use atrium_board::ElementId;
use std::collections::HashSet;

/// What looks different than when it was last asked for ([`crate::Easel::take_damage`]).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Damage {
    /// Elements that were added, changed or taken away, or that are shown in another way now, each once.
    pub elements: Vec<ElementId>,
    /// Anything may be different: the document was replaced.
    pub everything: bool,
    /// Pages, paper, frozen, or what the wall shows.
    pub board: bool,
    /// Strokes in the making, one's own or others'.
    pub strokes: bool,
    /// What is being moved, resized or dragged out.
    pub lifted: bool,
    /// Selection, handles, marquee, cursors, lasers.
    pub overlay: bool,
    /// What oneself looks at.
    pub view: bool,
}

impl Damage {
    /// Whether nothing is different.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Collects damage.
#[derive(Clone, Debug, Default)]
pub(crate) struct Damages {
    damage: Damage,
    known: HashSet<ElementId>,
}

impl Damages {
    pub(crate) fn element(&mut self, id: ElementId) {
        if !self.damage.everything && self.known.insert(id) {
            self.damage.elements.push(id);
        }
    }

    pub(crate) fn elements(&mut self, ids: impl IntoIterator<Item = ElementId>) {
        ids.into_iter().for_each(|id| self.element(id));
    }

    pub(crate) fn everything(&mut self) {
        self.known.clear();
        self.damage = Damage {
            elements: Vec::new(),
            everything: true,
            board: true,
            strokes: true,
            lifted: true,
            overlay: true,
            view: true,
        };
    }

    pub(crate) fn board(&mut self) {
        self.damage.board = true;
    }

    pub(crate) fn strokes(&mut self) {
        self.damage.strokes = true;
    }

    pub(crate) fn lifted(&mut self) {
        self.damage.lifted = true;
    }

    pub(crate) fn overlay(&mut self) {
        self.damage.overlay = true;
    }

    pub(crate) fn view(&mut self) {
        self.damage.view = true;
    }

    pub(crate) fn take(&mut self) -> Damage {
        self.known.clear();
        std::mem::take(&mut self.damage)
    }
}
