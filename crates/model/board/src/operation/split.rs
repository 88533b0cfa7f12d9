use super::{Edit, Operation};
use crate::ElementId;
use crate::limits::{EDIT_IDS, EDITS, OPERATION_BYTES};
use atrium_protocol::encode_message;

/// Bytes of an operation around its edits.
const AROUND: usize = 16;

impl Operation {
    /// As few operations as take these edits, in their order. Edits of the same element that follow one another stay
    /// together where they fit, since they may need each other (unlock, then move).
    pub fn split(edits: Vec<Edit>) -> Vec<Self> {
        let mut operations = Vec::new();
        let mut last = Self::default();
        let mut room = OPERATION_BYTES - AROUND;
        let mut edits = edits.into_iter().flat_map(split_ids).peekable();
        while let Some(first) = edits.next() {
            let mut group = vec![first];
            while let Some(next) = edits.next_if(|next| is_of(next) == is_of(&group[0]) && is_of(next).is_some()) {
                group.push(next);
            }
            let bytes: usize = group.iter().map(size_of_edit).sum();
            let fits = bytes <= room && last.edits.len() + group.len() <= EDITS;
            if !fits && !last.edits.is_empty() {
                operations.push(std::mem::take(&mut last));
                room = OPERATION_BYTES - AROUND;
            }
            for edit in group {
                let bytes = size_of_edit(&edit);
                if (bytes > room || last.edits.len() == EDITS) && !last.edits.is_empty() {
                    operations.push(std::mem::take(&mut last));
                    room = OPERATION_BYTES - AROUND;
                }
                room = room.saturating_sub(bytes);
                last.edits.push(edit);
            }
        }
        if !last.edits.is_empty() {
            operations.push(last);
        }
        operations
    }
}

fn size_of_edit(edit: &Edit) -> usize {
    encode_message(edit, usize::MAX).map_or(OPERATION_BYTES, |bytes| bytes.len())
}

/// The element that an edit is about, if it is one.
fn is_of(edit: &Edit) -> Option<ElementId> {
    match edit {
        Edit::Add { id, .. } | Edit::Ink { id, .. } | Edit::Set { id, .. } => Some(*id),
        Edit::Remove { ids, .. } => {
            if let [id] = ids[..] {
                Some(id)
            } else {
                None
            }
        }
        _ => None,
    }
}

fn split_ids(edit: Edit) -> Vec<Edit> {
    match edit {
        Edit::Remove { ids, is_removed } if ids.len() > EDIT_IDS => {
            ids.chunks(EDIT_IDS).map(|ids| Edit::Remove { ids: ids.to_vec(), is_removed }).collect()
        }
        edit => vec![edit],
    }
}
