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
        let mut packing = Packing::default();
        let mut edits = edits.into_iter().flat_map(split_ids).peekable();
        while let Some(first) = edits.next() {
            let about = is_of(&first);
            let mut group = vec![(size_of_edit(&first), first)];
            while let Some(next) = edits.next_if(|next| about.is_some() && is_of(next) == about) {
                group.push((size_of_edit(&next), next));
            }
            packing.start_for(group.iter().map(|(bytes, _)| bytes).sum(), group.len());
            for (bytes, edit) in group {
                packing.start_for(bytes, 1);
                packing.push(bytes, edit);
            }
        }
        packing.finish()
    }
}

/// Fills one operation after another.
#[derive(Default)]
struct Packing {
    full: Vec<Operation>,
    open: Operation,
    bytes: usize,
}

impl Packing {
    /// Begins another operation, unless so much fits into the open one.
    fn start_for(&mut self, bytes: usize, edits: usize) {
        let fits = AROUND + self.bytes + bytes <= OPERATION_BYTES && self.open.edits.len() + edits <= EDITS;
        if !fits && !self.open.edits.is_empty() {
            self.full.push(std::mem::take(&mut self.open));
            self.bytes = 0;
        }
    }

    fn push(&mut self, bytes: usize, edit: Edit) {
        self.bytes += bytes;
        self.open.edits.push(edit);
    }

    fn finish(mut self) -> Vec<Operation> {
        self.full.extend(Some(self.open).filter(|last| !last.edits.is_empty()));
        self.full
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
