mod arranging;
mod copying;
mod dragging;
mod erasing;
mod gesture;
mod hearing;
mod inking;
mod moving_views;
mod paging;
mod pointing;
mod proposing;
mod selected;
mod selecting;
mod shaping;
mod showing;
mod typing;

pub use selected::SelectionInfo;

use crate::damage::Damages;
use crate::live_out::LiveOut;
use crate::looking::Looking;
use crate::nonces::Nonces;
use crate::others::{Others, Trail};
use crate::outbox::Outbox;
use crate::pointer::Clicks;
use crate::stroke::Stroke;
use crate::styles::Styles;
use crate::{Damage, Figure, Hindrance, Lifted, Notice, Output, PointerEvent, Saving, Tool};
use atrium_board::{Asker, Document, ElementId, History, IdSource, PageId, Pointing, Replica, Style};
use atrium_lettering::Lettering;
use atrium_protocol::{BoardId, PersonId};
use gesture::{Gesture, Repeats};
use selected::Seen;
use std::collections::{HashSet, VecDeque};
use std::sync::OnceLock;
use typing::Typing;

/// The same notice is not given again within this time.
const NOTICE_AGAIN_SECS: f64 = 2.0;
/// Notices that nobody took.
const NOTICES: usize = 32;

/// Where one's own numbers begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// Random: ids of new elements and pages, and what one's own numbers end in.
    pub ids: u64,
    /// Not smaller than any number that this person has used for an operation on this board, in other sessions too: the
    /// session's next one, or the microseconds since 1970.
    pub nonce: u64,
}

/// One board as one person sees it and works on it.
#[derive(Debug)]
pub struct Easel {
    board: BoardId,
    me: PersonId,
    now_secs: f64,
    may_draw: bool,
    may_moderate: bool,

    replica: Replica,
    history: History,
    outbox: Outbox,
    ids: IdSource,
    nonces: Nonces,
    next_gesture: u64,

    tool: Tool,
    styles: Styles,
    holds_hand: bool,
    gesture: Gesture,
    /// Oldest first; only the last one may still be drawn.
    strokes: Vec<Stroke>,
    selection: Vec<ElementId>,
    seen: OnceLock<Seen>,
    typing: Option<Typing>,
    clipboard: Vec<Figure>,
    pastes: u32,
    repeats: Repeats,
    lifted: Option<Lifted>,
    /// What of the document is lifted.
    lifted_ids: HashSet<ElementId>,
    versions: u64,
    unmeasured: Vec<(u64, ElementId)>,
    clicks: Clicks,
    /// The pointer while it is over the board.
    pointer: Option<PointerEvent>,
    /// What it did last.
    last_event: Option<PointerEvent>,
    pointing: Option<Pointing>,
    trail: Trail,

    looking: Looking,
    others: Others,
    live_out: LiveOut,
    wall_sent_secs: f64,

    damages: Damages,
    outputs: VecDeque<Output>,
    last_notice: Option<(f64, Notice)>,
}

impl Easel {
    /// A board as it was fetched. Nothing can be drawn until [`Self::set_rights`] says so.
    pub fn new(board: BoardId, me: PersonId, document: Document, numbers: Numbers) -> Self {
        let page = document.pages().next().map_or(PageId::FIRST, |page| page.id);
        let mut damages = Damages::default();
        damages.everything();
        Self {
            board,
            me,
            now_secs: 0.0,
            may_draw: false,
            may_moderate: false,
            replica: Replica::new(me, document),
            history: History::default(),
            outbox: Outbox::new(),
            ids: IdSource::new(numbers.ids),
            nonces: Nonces::new(numbers.nonce, numbers.ids),
            next_gesture: 1,
            tool: Tool::default(),
            styles: Styles::default(),
            holds_hand: false,
            gesture: Gesture::None,
            strokes: Vec::new(),
            selection: Vec::new(),
            seen: OnceLock::new(),
            typing: None,
            clipboard: Vec::new(),
            pastes: 0,
            repeats: Repeats::default(),
            lifted: None,
            lifted_ids: HashSet::new(),
            versions: 0,
            unmeasured: Vec::new(),
            clicks: Clicks::default(),
            pointer: None,
            last_event: None,
            pointing: None,
            trail: Trail::default(),
            looking: Looking::new(page),
            others: Others::default(),
            live_out: LiveOut::default(),
            wall_sent_secs: f64::NEG_INFINITY,
            damages,
            outputs: VecDeque::new(),
            last_notice: None,
        }
    }

    /// Which board.
    pub fn board(&self) -> BoardId {
        self.board
    }

    /// Whose it is.
    pub fn me(&self) -> PersonId {
        self.me
    }

    /// The document, with one's own changes of which the server has not heard yet on top.
    pub fn document(&self) -> &Document {
        self.replica.document()
    }

    /// The last settled operation that the document contains: a fetch asks for what is after it.
    pub fn sequence(&self) -> u64 {
        self.replica.sequence()
    }

    /// What the room lets one do.
    pub fn set_rights(&mut self, may_draw: bool, may_moderate: bool) {
        let may_not_any_more = self.may_draw && !may_draw;
        (self.may_draw, self.may_moderate) = (may_draw, may_moderate);
        if may_not_any_more {
            self.cancel_gesture();
            self.drop_strokes();
        }
    }

    /// Why drawing has no effect at the moment; `None`: it has.
    pub fn hindrance(&self) -> Option<Hindrance> {
        if !self.may_draw {
            Some(Hindrance::NotGranted)
        } else if self.document().is_frozen() && !self.may_moderate {
            Some(Hindrance::Frozen)
        } else if !self.has_room_for_ink() {
            Some(Hindrance::Waiting)
        } else {
            None
        }
    }

    /// Whether what one did is safe.
    pub fn saving(&self) -> Saving {
        let operations = self.outbox.len();
        match self.outbox.refused() {
            Some(code) if operations > 0 => Saving::Kept { operations, code },
            _ if operations > 0 || !self.strokes.is_empty() => Saving::Underway(operations),
            _ => Saving::Saved,
        }
    }

    /// The tool in hand.
    pub fn tool(&self) -> Tool {
        self.tool
    }

    /// Takes a tool.
    pub fn set_tool(&mut self, tool: Tool) {
        if self.tool == tool {
            return;
        }
        self.finish_gesture();
        self.end_text();
        self.tool = tool;
        if tool != Tool::Select {
            self.select(Vec::new());
        }
        self.damages.overlay();
    }

    /// While it is held, the pointer moves the view, whatever the tool is. The space bar does that.
    pub fn hold_hand(&mut self, holds: bool) {
        self.holds_hand = holds;
    }

    /// How the next thing will look; with something selected, how the first of that looks.
    pub fn style(&self) -> &Style {
        if let Some(typing) = &self.typing {
            return &typing.edit.style;
        }
        let selected = self.selection.first().and_then(|id| self.document().element(*id));
        selected.map_or(self.styles.of(self.tool), |element| &element.style)
    }

    /// Looks like this from now on. What differs from [`Self::style`] is also done to what is selected.
    pub fn set_style(&mut self, style: Style) {
        let old = *self.style();
        let new = crate::styles::sane(style, &old);
        self.styles.change(self.tool, &old, &new);
        self.restyle_text(&old, &new);
        self.restyle_selection(&old, &new);
        self.damages.overlay();
    }

    /// Something of one's own can be taken back.
    pub fn can_undo(&self) -> bool {
        self.history.can_undo() || !self.strokes.is_empty()
    }

    /// Something that was taken back can be done again.
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// Time passes: ink becomes operations, live words are said, what has faded goes. To be called every frame;
    /// `lettering` measures text that one writes, without it sizes are guessed.
    pub fn tick(&mut self, now_secs: f64, lettering: Option<&mut Lettering>) {
        let passed_secs = self.advance(now_secs);
        self.commit_strokes();
        self.continue_gesture();
        self.commit_text(false);
        if let Some(lettering) = lettering {
            self.measure(lettering);
        }
        self.move_views(passed_secs);
        self.tick_others();
        self.send();
        self.say_live();
    }

    /// What is to be sent or told, in order.
    pub fn drain(&mut self) -> Vec<Output> {
        self.outputs.drain(..).collect()
    }

    /// What looks different since the last call.
    pub fn take_damage(&mut self) -> Damage {
        self.damages.take()
    }

    fn asker(&self) -> Asker {
        Asker { person: self.me, may_moderate: self.may_moderate }
    }

    fn new_gesture(&mut self) -> u64 {
        self.next_gesture += 1;
        self.next_gesture
    }

    /// Time goes forward only.
    fn advance(&mut self, now_secs: f64) -> f64 {
        let passed_secs = if now_secs.is_finite() { (now_secs - self.now_secs).max(0.0) } else { 0.0 };
        self.now_secs += passed_secs;
        passed_secs
    }

    fn notice(&mut self, notice: Notice) {
        let is_same = |(at_secs, last): &(f64, Notice)| *last == notice && self.now_secs - at_secs < NOTICE_AGAIN_SECS;
        let untaken = self.outputs.iter().filter(|output| matches!(output, Output::Notice(_))).count();
        if self.last_notice.as_ref().is_some_and(is_same) || untaken >= NOTICES {
            return;
        }
        self.last_notice = Some((self.now_secs, notice.clone()));
        self.outputs.push_back(Output::Notice(notice));
    }

    /// Whether the board may be changed now; tells if not.
    fn may_change(&mut self) -> bool {
        let hindrance = self.hindrance();
        hindrance.into_iter().for_each(|hindrance| self.notice(Notice::Hindered(hindrance)));
        hindrance.is_none()
    }
}
