//! What is taken back is as if it had never been.

use crate::scribe::{Habits, Scribe, by};
use atrium_board::{Change, Document, Element, OrderKey, PageId, View};

type Outline = (Vec<(PageId, OrderKey, String)>, Option<View>, bool, bool);

fn outline(document: &Document) -> Outline {
    let pages = document.pages().map(|page| (page.id, page.order.clone(), page.name.clone())).collect();
    (pages, document.shown(), document.is_frozen(), document.is_dark())
}

fn seen(document: &Document) -> Vec<&Element> {
    let pages: Vec<PageId> = document.pages().map(|page| page.id).collect();
    pages.into_iter().flat_map(|page| document.elements_on(page)).collect()
}

/// Whoever draws only what a change names has drawn all that differs.
fn assert_names_what_differs(before: &Document, after: &Document, change: &Change) {
    let is_same = |element: &&Element| before.element(element.id) == after.element(element.id);
    let is_named = |element: &&Element| change.touched().contains(&element.id);
    let mut all = seen(before).into_iter().chain(seen(after));
    assert!(all.all(|element| is_named(&element) || is_same(&element)));
    assert!(change.touches_board() || outline(before) == outline(after));
    assert!(change.has_effect() || before == after);
}

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
            let before = one.clone();
            let change = one.settle(nonce + 1, by, nonce, &operation);
            assert_names_what_differs(&before, &one, &change);
            // The other one has changed its mind on the way.
            let change = two.apply(by, 0, &operation);
            two.revert(change);
            two.settle(nonce + 1, by, nonce, &operation);
        }
        assert!(one.is_identical(&two), "seed {seed}");
    }
}
