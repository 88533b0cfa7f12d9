use crate::random::Random;
use anyhow::Result;
use atrium_protocol::{BoardId, BoardUp, OperationBytes};
use serde::Serialize;
use std::time::Duration;

/// Time between two strokes.
pub(crate) const STROKE_INTERVAL: Duration = Duration::from_secs(1);
/// Points of a stroke.
const POINTS: usize = 40;

/// A stroke, as this bot writes it: points on the board in metres from its upper left corner.
#[derive(Serialize)]
struct Stroke {
    points: Vec<[f32; 2]>,
}

/// A request for a wavy stroke somewhere on the board.
pub(crate) fn stroke(board: BoardId, nonce: u64, random: &mut Random) -> Result<BoardUp> {
    let (left, top) = (random.unit() * 2.0, random.unit());
    let (height, waves) = (0.02 + random.unit() * 0.1, 1.0 + random.unit() * 4.0);
    let point = |n: usize| {
        let along = n as f32 / POINTS as f32;
        [left + along, top + height * (along * waves * std::f32::consts::TAU).sin()]
    };
    let stroke = Stroke { points: (0..POINTS).map(point).collect() };
    let operation = OperationBytes::new(rmp_serde::to_vec_named(&stroke)?).map_err(anyhow::Error::msg)?;
    Ok(BoardUp::Append { board, nonce, operation })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_is_small_and_named() {
        let BoardUp::Append { operation, nonce, .. } = stroke(BoardId(2), 7, &mut Random::new(1)).unwrap() else {
            panic!("an append expected")
        };
        assert_eq!(nonce, 7);
        assert!(operation.as_bytes().len() < 1_000);
        assert!(operation.as_bytes().windows(6).any(|name| name == b"points"));
    }
}
