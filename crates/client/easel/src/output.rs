use atrium_board::{Live, Refusal};
use atrium_protocol::{OperationBytes, RefusalCode};

/// What the easel wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// To be sent as `BoardUp::Append`, in this order. The easel never has more under way than a session takes; who cannot
    /// send it nevertheless keeps it and sends it later, before whatever comes next.
    Append {
        /// The number that the answer will have.
        nonce: u64,
        /// What.
        operation: OperationBytes,
    },
    /// To be sent on the live lane; may be lost.
    Live(Live),
    /// To be told to whoever works at the board.
    Notice(Notice),
}

/// Something that went otherwise than one might think.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// It is not possible, and was not done.
    Impossible(Refusal),
    /// The server refused it, and it was taken back.
    Refused {
        /// Why, for programs.
        code: RefusalCode,
        /// Why, in the server's words.
        message: String,
    },
    /// The server cannot store it at the moment: it is kept, and offered again.
    Kept {
        /// Why.
        code: RefusalCode,
    },
    /// What was kept is stored now.
    Stored,
    /// Too much waits for the server: this was not done.
    TooMuchWaits,
    /// Nothing changes while one may not draw.
    Hindered(Hindrance),
    /// So many changes were not taken back, since somebody else has changed the same things since.
    SkippedInUndo(usize),
    /// The text was longer than a text may be, and ends here.
    TextCut,
    /// The text that one types in was removed by somebody else; it was kept as a new one.
    TextKept,
}

/// Why drawing has no effect at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Hindrance {
    /// One has not got the grant.
    #[error("you may not draw here: ask a moderator")]
    NotGranted,
    /// Nobody may draw.
    #[error("the board is frozen")]
    Frozen,
    /// The server has not answered for long, and no more can be kept for it.
    #[error("too much waits for the server")]
    Waiting,
}

/// Whether what one did is safe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Saving {
    /// The server has all of it.
    #[default]
    Saved,
    /// So many operations are under way or wait; 0: only ink that is not an operation yet.
    Underway(usize),
    /// The server could not store it: it is offered again soon.
    Kept {
        /// How many operations.
        operations: usize,
        /// Why.
        code: RefusalCode,
    },
}
