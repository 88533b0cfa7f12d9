mod clean;
mod shape;
mod split;

pub(crate) use clean::{are_possible_ends, is_possible_size, is_possible_wrap};

use crate::geometry::vec2_as_pair;
use crate::{ElementId, Frame, OrderKey, PageId, Style, View, limits};
use atrium_protocol::{ContentHash, OperationBytes, PersonId, decode_message, encode_message};
use glam::Vec2;
use serde::{Deserialize, Serialize};

/// Something that is done to a board at once: all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// In this order.
    pub edits: Vec<Edit>,
}

/// A part of an [`Operation`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Edit {
    /// A new element.
    Add {
        /// Its name.
        id: ElementId,
        /// The page that it lies on.
        page: PageId,
        /// What lies above and below.
        order: OrderKey,
        /// Where it lies.
        frame: Frame,
        /// How it looks.
        style: Style,
        /// What it is.
        shape: NewElement,
    },
    /// More points at the end of an unfinished stroke; only its author adds them.
    Ink {
        /// Which stroke.
        id: ElementId,
        /// The points, packed ([`crate::ink::pack`]); may be empty.
        #[serde(with = "serde_bytes")]
        points: Vec<u8>,
        /// The pen is lifted.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_last: bool,
    },
    /// Writes properties of an element.
    Set {
        /// Which.
        id: ElementId,
        /// What.
        props: Props,
    },
    /// Takes elements away, or brings them back.
    Remove {
        /// Which.
        ids: Vec<ElementId>,
        /// False: brings them back.
        is_removed: bool,
    },
    /// A new page, or a new name or place for one.
    Page {
        /// Which.
        id: PageId,
        /// Its place among the pages.
        order: OrderKey,
        /// What it is called.
        name: String,
    },
    /// Takes a page away with all that is on it, or brings it back. The last page stays.
    RemovePage {
        /// Which.
        id: PageId,
        /// False: brings it back.
        is_removed: bool,
    },
    /// What the board on the wall shows to everybody.
    Show {
        /// The view.
        view: View,
    },
    /// Takes away everything that a person made. Moderators only.
    RemoveBy {
        /// Whose.
        person: PersonId,
    },
    /// Nobody may change the board until it is taken back. Moderators only.
    Freeze {
        /// Frozen or not.
        is_frozen: bool,
    },
    /// The board's paper.
    Paper {
        /// A dark board.
        is_dark: bool,
    },
    /// An edit of a newer protocol: it has no effect here.
    #[serde(other)]
    Unknown,
}

/// What a new element is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NewElement {
    /// The beginning of a stroke.
    Ink {
        /// Drawn with the highlighter.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_highlighter: bool,
        /// The first points, packed.
        #[serde(with = "serde_bytes")]
        points: Vec<u8>,
        /// It is the whole stroke.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_finished: bool,
    },
    /// A line.
    Line {
        /// Where it begins and ends.
        ends: [[f32; 2]; 2],
        /// Has a head at the second end.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_arrow: bool,
    },
    /// A rectangle.
    Rectangle {
        /// Width and height.
        #[serde(with = "vec2_as_pair")]
        size: Vec2,
    },
    /// An ellipse.
    Ellipse {
        /// Width and height.
        #[serde(with = "vec2_as_pair")]
        size: Vec2,
    },
    /// Text.
    Text {
        /// What is written.
        text: String,
        /// Where lines are wrapped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrap_mm: Option<f32>,
        /// Width and height as the author's fonts give them.
        #[serde(with = "vec2_as_pair")]
        size: Vec2,
    },
    /// A sticky note.
    Sticky {
        /// What is written.
        text: String,
        /// Width and height.
        #[serde(with = "vec2_as_pair")]
        size: Vec2,
    },
    /// A picture.
    Image {
        /// Which file.
        hash: ContentHash,
        /// Width and height.
        #[serde(with = "vec2_as_pair")]
        size: Vec2,
    },
}

/// Properties to write; `None` leaves one as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Props {
    /// The page that it lies on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<PageId>,
    /// What lies above and below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderKey>,
    /// Where it lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<Frame>,
    /// How it looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<Style>,
    /// Width and height, of shapes that have them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<[f32; 2]>,
    /// Where a line begins and ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<[[f32; 2]; 2]>,
    /// Where text is wrapped; 0: nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrap_mm: Option<f32>,
    /// What is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether it can be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_locked: Option<bool>,
}

impl Props {
    /// Whether nothing but [`Self::is_locked`] is written.
    pub(crate) fn is_only_lock(&self) -> bool {
        self.is_locked.is_some() && *self == Self { is_locked: self.is_locked, ..Self::default() }
    }
}

/// Why bytes are not an operation, or an operation is not possible on any board.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OperationError {
    /// Not MessagePack, or too large.
    #[error("not a board operation: {0}")]
    Malformed(String),
    /// A number that is not finite or out of its limits, too many of something, or too long a text.
    #[error("not a possible board operation: {0}")]
    Impossible(&'static str),
}

impl Operation {
    /// An operation of one edit.
    pub fn one(edit: Edit) -> Self {
        Self { edits: vec![edit] }
    }

    /// As it is on the wire; texts are cleaned as [`Self::decode`] cleans them.
    ///
    /// # Errors
    /// [`OperationError::Impossible`] for what no server takes, [`OperationError::Malformed`] when it is too large.
    pub fn encode(&self) -> Result<OperationBytes, OperationError> {
        let clean = self.clone().cleaned()?;
        let malformed = |error: &dyn std::fmt::Display| OperationError::Malformed(error.to_string());
        let bytes = encode_message(&clean, limits::OPERATION_BYTES).map_err(|error| malformed(&error))?;
        OperationBytes::new(bytes).map_err(|error| malformed(&error))
    }

    /// Reads an operation and checks every number, count, text and stroke in it.
    ///
    /// # Errors
    /// [`OperationError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, OperationError> {
        let operation: Self = decode_message(bytes, limits::OPERATION_BYTES)
            .map_err(|error| OperationError::Malformed(error.to_string()))?;
        operation.cleaned()
    }

    /// The elements that it makes.
    pub fn makes(&self) -> impl Iterator<Item = ElementId> {
        self.edits.iter().filter_map(|edit| if let Edit::Add { id, .. } = edit { Some(*id) } else { None })
    }
}
