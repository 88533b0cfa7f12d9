use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use std::time::Duration;

/// How much of an oversized body is thrown away before the answer: a client that is cut off while it sends may
/// never read the answer.
const DISCARD_BYTES: usize = 16 * 1024 * 1024;
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyError {
    TooLarge,
    Broken,
}

/// Reads a body of at most `limit` bytes.
pub(super) async fn read_body(body: Body, limit: usize) -> Result<Bytes, BodyError> {
    read_body_within(body, limit, READ_TIMEOUT).await
}

/// As [`read_body`], with a time of its own.
pub(super) async fn read_body_within(body: Body, limit: usize, within: Duration) -> Result<Bytes, BodyError> {
    match tokio::time::timeout(within, read(body, limit)).await {
        Ok(result) => result,
        Err(_) => Err(BodyError::Broken),
    }
}

async fn read(mut body: Body, limit: usize) -> Result<Bytes, BodyError> {
    // Grows with what arrives: an announced length alone costs no memory.
    let mut content = BytesMut::new();
    let mut received = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
        received = received.saturating_add(data.len());
        if received <= limit {
            content.extend_from_slice(&data);
        } else if received > DISCARD_BYTES {
            break;
        }
    }
    if received > limit { Err(BodyError::TooLarge) } else { Ok(content.freeze()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bodies_end_at_their_limit() {
        let read = async |length: usize| read_body(Body::from(vec![7_u8; length]), 100).await.map(|body| body.len());
        assert_eq!(read(0).await, Ok(0));
        assert_eq!(read(100).await, Ok(100));
        assert_eq!(read(101).await, Err(BodyError::TooLarge));
        assert_eq!(read(DISCARD_BYTES + 1).await, Err(BodyError::TooLarge));
    }
}
