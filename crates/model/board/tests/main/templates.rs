//! Drawings to begin with.

use crate::scribe::by;
use atrium_board::{Document, IdSource, Operation, OrderKey, PageId, Shape, Template, TemplateWords, template};
use glam::Vec2;

fn words() -> TemplateWords {
    let words = |words: [&str; 3]| words.map(str::to_owned);
    TemplateWords {
        kanban: words(["To do", "In progress", "Done"]),
        retrospective: words(["做得好的", "不足之处", "接下来要做的"]),
        two_by_two: ["Little effort", "Much effort", "Little use", "Much use"].map(str::to_owned),
    }
}

#[test]
fn templates_are_locked_drawings_around_a_place() {
    for which in Template::ALL {
        let (mut document, mut ids) = (Document::default(), IdSource::new(7));
        let (center, top) = (Vec2::new(5_000.0, -200.0), OrderKey::between(None, None));
        let edits = template(which, PageId::FIRST, center, &words(), &mut ids, Some(&top));
        let operations = Operation::split(edits);
        assert!(operations.len() <= 3, "{}", operations.len());
        for operation in operations {
            let read = Operation::decode(operation.encode().unwrap().as_bytes()).unwrap();
            let nonce = document.sequence() + 1;
            let asker = atrium_board::Asker { person: crate::scribe::person(1), may_moderate: false };
            assert_eq!(document.check(&read, &asker, |_| false), Ok(()));
            document.settle(nonce, by(1, nonce), 1, &read);
        }
        let bounds = document.bounds(PageId::FIRST);
        assert!(bounds.center().distance(center) < 5.0, "{which:?}: {bounds:?}");
        assert!(bounds.size().x <= 1_610.0 && bounds.size().y <= 910.0, "{which:?}: {bounds:?}");
        let elements: Vec<_> = document.elements_on(PageId::FIRST).collect();
        assert!(elements.iter().all(|element| element.is_locked && element.order > top));
        let titles = elements.iter().filter(|element| matches!(element.shape, Shape::Text { .. })).count();
        assert_eq!(
            titles,
            match which {
                Template::Grid => 0,
                Template::TwoByTwo => 4,
                _ => 3,
            }
        );
    }
}
