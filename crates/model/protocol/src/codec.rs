use crate::messagepack::check_shape;
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned, de::Error};

/// Why bytes are not a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Over the lane's limit.
    #[error("a message of {got} bytes; at most {max} are possible on this lane")]
    TooLarge {
        /// Bytes received.
        got: usize,
        /// Bytes possible.
        max: usize,
    },
    /// Not MessagePack, not one of the messages, or a field out of its limits.
    #[error("not a message: {0}")]
    Malformed(String),
    /// More bytes than the message has.
    #[error("bytes after the end of the message")]
    Trailing,
}

/// Why a message could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// Over the lane's limit.
    #[error("the message has {got} bytes; at most {max} are possible on this lane")]
    TooLarge {
        /// Bytes written.
        got: usize,
        /// Bytes possible.
        max: usize,
    },
    /// The serialiser refused it.
    #[error("the message cannot be written: {0}")]
    Unwritable(String),
}

/// Reads a MessagePack message with named fields; unknown fields are ignored.
///
/// # Errors
/// [`DecodeError`]; nothing larger than `max_bytes` is looked at.
pub fn decode_message<T: DeserializeOwned>(bytes: &[u8], max_bytes: usize) -> Result<T, DecodeError> {
    if bytes.len() > max_bytes {
        return Err(DecodeError::TooLarge { got: bytes.len(), max: max_bytes });
    }
    check_shape(bytes)?;
    rmp_serde::from_slice(bytes).map_err(|error| DecodeError::Malformed(error.to_string()))
}

/// Writes a message as MessagePack with named fields.
///
/// # Errors
/// [`EncodeError::TooLarge`] over `max_bytes`.
pub fn encode_message<T: Serialize>(message: &T, max_bytes: usize) -> Result<Vec<u8>, EncodeError> {
    let bytes = rmp_serde::to_vec_named(message).map_err(|error| EncodeError::Unwritable(error.to_string()))?;
    if bytes.len() > max_bytes {
        return Err(EncodeError::TooLarge { got: bytes.len(), max: max_bytes });
    }
    Ok(bytes)
}

/// Reads `N` numbers and refuses those that are not finite in 32 bits.
pub(crate) fn finite<'de, D: Deserializer<'de>, const N: usize>(deserializer: D) -> Result<[f32; N], D::Error>
where
    [f32; N]: Deserialize<'de>,
{
    let numbers = <[f32; N]>::deserialize(deserializer)?;
    if numbers.iter().all(|number| number.is_finite()) {
        Ok(numbers)
    } else {
        Err(D::Error::custom("a number is not finite"))
    }
}

/// As [`finite`], one number alone.
pub(crate) fn finite_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f32, D::Error> {
    let number = f32::deserialize(deserializer)?;
    if number.is_finite() { Ok(number) } else { Err(D::Error::custom("a number is not finite")) }
}
