//! What is taken back is as if it had never been.

use crate::scribe::{Habits, Scribe, by};
use atrium_board::Document;

#[test]
fn taking_everything_back_leaves_nothing() {
    for seed in 0..400 {
        let mut scribe = Scribe::new(seed, Habits { is_moderator: true, ..Habits::default() });
        let mut document = Document::default();
        for nonce in 0..30 {
            let operation = scribe.operation(&document);
            document.settle(document.sequence() + 1, by((nonce % 3) as u8, nonce), 5 * nonce, &operation);
        }
        let mut states = Vec::new();
        for nonce in 30..90 {
            let operation = scribe.operation(&document);
            let by = by((nonce % 3) as u8, nonce);
            let before = document.clone();
            // Settled in leaps, so that what was removed is forgotten on the way.
            let change = match nonce % 4 {
                0 => document.apply(by, 7, &operation),
                1 => document.settle(document.sequence() + 6_000, by, 7, &operation),
                _ => document.settle(document.sequence() + 1, by, 7, &operation),
            };
            assert_eq!(change.has_effect(), change.touches_board() || !change.touched().is_empty());
            states.push((before, change));
        }
        while let Some((before, change)) = states.pop() {
            document.revert(change);
            assert!(document.is_identical(&before), "seed {seed}, {} operations before", states.len());
        }
    }
}

#[test]
fn the_same_operations_make_the_same_board() {
    for seed in 0..100 {
        let mut scribe = Scribe::new(seed, Habits { is_moderator: true, ..Habits::default() });
        let (mut one, mut two) = (Document::default(), Document::default());
        for nonce in 0..60 {
            let operation = scribe.operation(&one);
            let by = by((nonce % 3) as u8, nonce);
            one.settle(nonce + 1, by, nonce, &operation);
            // The other one has changed its mind on the way.
            let change = two.apply(by, 0, &operation);
            two.revert(change);
            two.settle(nonce + 1, by, nonce, &operation);
        }
        assert!(one.is_identical(&two), "seed {seed}");
    }
}
