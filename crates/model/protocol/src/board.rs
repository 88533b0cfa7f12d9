use crate::{BoardId, PersonId, ReasonText, RefusalCode, limits};
use serde::{Deserialize, Serialize};

/// One board operation of at most 12 KiB, as its author wrote it; what it means is the business of the board's document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "serde_bytes::ByteBuf", into = "serde_bytes::ByteBuf")]
pub struct OperationBytes(Vec<u8>);

impl OperationBytes {
    /// # Errors
    /// A sentence when `bytes` has more than 12 KiB.
    pub fn new(bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.len() > limits::BOARD_OPERATION_BYTES {
            return Err(format!("a board operation has at most {} bytes", limits::BOARD_OPERATION_BYTES));
        }
        Ok(Self(bytes))
    }

    /// The operation.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The operation, moved out.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl TryFrom<serde_bytes::ByteBuf> for OperationBytes {
    type Error = String;
    fn try_from(bytes: serde_bytes::ByteBuf) -> Result<Self, String> {
        Self::new(bytes.into_vec())
    }
}

impl From<OperationBytes> for serde_bytes::ByteBuf {
    fn from(operation: OperationBytes) -> Self {
        Self::from(operation.0)
    }
}

/// What a client says on the board lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BoardUp {
    /// Asks for one more operation at the end of a board's log.
    Append {
        /// The board.
        board: BoardId,
        /// The author's own number for it; sending the same operation with the same number again (after a resume)
        /// has no second effect and is answered again.
        nonce: u64,
        /// The operation.
        operation: OperationBytes,
    },
    /// Asks for the operations after `after` (0: all), as after a resume.
    Fetch {
        /// The board.
        board: BoardId,
        /// The last sequence number that the client has.
        after: u64,
    },
    /// A message of a newer protocol; ignored.
    #[serde(other)]
    Unknown,
}

/// What the server says on the board lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BoardDown {
    /// An operation is on disk and has its place in the order.
    Settled {
        /// The board.
        board: BoardId,
        /// Its place: 1, 2, 3 … without gaps.
        sequence: u64,
        /// Who asked for it.
        author: PersonId,
        /// The author's number for it.
        nonce: u64,
        /// When the server took it, in milliseconds of its clock.
        #[serde(default)]
        at_ms: u64,
        /// The operation.
        operation: OperationBytes,
    },
    /// An operation was refused; the author undoes it.
    Refused {
        /// The board.
        board: BoardId,
        /// The author's number for it.
        nonce: u64,
        /// Why, for programs.
        code: RefusalCode,
        /// Why, for people.
        message: ReasonText,
    },
    /// The number of an operation is not above its author's last one on this board, and it is another operation that has
    /// this number, or none: to be asked for again with a larger one.
    Stale {
        /// The board.
        board: BoardId,
        /// The author's number for it.
        nonce: u64,
        /// The author's largest number on this board.
        last_nonce: u64,
    },
    /// The answer to [`BoardUp::Fetch`] is complete up to here.
    UpToDate {
        /// The board.
        board: BoardId,
        /// The last sequence number of the board.
        sequence: u64,
    },
    /// A message of a newer protocol; ignored.
    #[serde(other)]
    Unknown,
}
