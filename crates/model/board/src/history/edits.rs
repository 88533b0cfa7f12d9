use super::entry::{Key, Worth};
use crate::document::Value;
use crate::{Edit, ElementId, Props};
use std::collections::BTreeMap;

/// The edits that write these values, in an order in which each of them is possible: pages come before what lies on
/// them, an element is unlocked before anything else is done to it, and locked last.
pub(super) fn edits_of(wanted: &BTreeMap<Key, Worth>) -> Vec<Edit> {
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let mut elements: BTreeMap<ElementId, Vec<&Value>> = BTreeMap::new();
    for (key, value) in wanted {
        match (*key, value) {
            (Key::PageName(id), Worth::PageName(order, name)) => {
                first.push(Edit::Page { id, order: order.clone(), name: name.clone() });
            }
            (Key::PageRemoved(id), Worth::PageRemoved(is_removed)) => {
                let edit = Edit::RemovePage { id, is_removed: *is_removed };
                if *is_removed { last.push(edit) } else { first.push(edit) }
            }
            (Key::Paper, Worth::Paper(is_dark)) => last.push(Edit::Paper { is_dark: *is_dark }),
            (Key::Element(id, _), Worth::Value(value)) => elements.entry(id).or_default().push(value),
            _ => {}
        }
    }
    let [mut gone, mut back] = [Vec::new(), Vec::new()];
    for (id, values) in elements {
        match values[..] {
            [Value::Removed(true)] => gone.push(id),
            [Value::Removed(false)] => back.push(id),
            _ => first.extend(edits_of_element(id, &values)),
        }
    }
    for (ids, is_removed) in [(back, false), (gone, true)] {
        if !ids.is_empty() {
            first.push(Edit::Remove { ids, is_removed });
        }
    }
    first.append(&mut last);
    first
}

fn edits_of_element(id: ElementId, values: &[&Value]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let lock = |is_locked: bool| Edit::Set { id, props: Props { is_locked: Some(is_locked), ..Props::default() } };
    let has = |value: Value| values.contains(&&value);
    if has(Value::Locked(false)) {
        edits.push(lock(false));
    }
    if has(Value::Removed(false)) {
        edits.push(Edit::Remove { ids: vec![id], is_removed: false });
    }
    let mut props = Props::default();
    values.iter().filter(|value| !matches!(value, Value::Locked(_))).for_each(|value| value.add_to(&mut props));
    if props != Props::default() {
        edits.push(Edit::Set { id, props });
    }
    if has(Value::Removed(true)) {
        edits.push(Edit::Remove { ids: vec![id], is_removed: true });
    }
    if has(Value::Locked(true)) {
        edits.push(lock(true));
    }
    edits
}
