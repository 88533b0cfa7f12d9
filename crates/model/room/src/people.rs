use crate::participant::Participant;
use atrium_protocol::{ParticipantId, PersonId};
use std::collections::{BTreeSet, HashMap};

/// Everyone of a room, each at a small number of their own (their index) that other tables use too.
#[derive(Debug, Default)]
pub(crate) struct People {
    slots: Vec<Option<Participant>>,
    free: BTreeSet<usize>,
    index_of: HashMap<ParticipantId, usize>,
}

impl People {
    pub(crate) fn insert(&mut self, participant: Participant) -> usize {
        let index = self.free.pop_first().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.index_of.insert(participant.id(), index);
        self.slots[index] = Some(participant);
        index
    }

    pub(crate) fn remove(&mut self, index: usize) -> Option<Participant> {
        let participant = self.slots.get_mut(index)?.take()?;
        self.index_of.remove(&participant.id());
        self.free.insert(index);
        Some(participant)
    }

    pub(crate) fn index_of(&self, id: ParticipantId) -> Option<usize> {
        self.index_of.get(&id).copied()
    }

    pub(crate) fn at(&self, index: usize) -> Option<&Participant> {
        self.slots.get(index)?.as_ref()
    }

    pub(crate) fn at_mut(&mut self, index: usize) -> Option<&mut Participant> {
        self.slots.get_mut(index)?.as_mut()
    }

    pub(crate) fn by_id(&self, id: ParticipantId) -> Option<&Participant> {
        self.at(self.index_of(id)?)
    }

    pub(crate) fn by_id_mut(&mut self, id: ParticipantId) -> Option<&mut Participant> {
        let index = self.index_of(id)?;
        self.at_mut(index)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Participant> {
        self.slots.iter().flatten()
    }

    pub(crate) fn indexed(&self) -> impl Iterator<Item = (usize, &Participant)> {
        self.slots.iter().enumerate().filter_map(|(index, slot)| Some((index, slot.as_ref()?)))
    }

    /// The indices of every attendance of a person.
    pub(crate) fn indices_of(&self, person: PersonId) -> Vec<usize> {
        self.indexed().filter(|(_, other)| other.info.person == person).map(|(index, _)| index).collect()
    }

    /// How many take part, those included who may come back.
    pub(crate) fn inside_count(&self) -> usize {
        self.iter().filter(|participant| participant.takes_a_place()).count()
    }

    pub(crate) fn lobby_count(&self) -> usize {
        self.index_of.len() - self.inside_count()
    }

    pub(crate) fn len(&self) -> usize {
        self.index_of.len()
    }
}
