use crate::Room;
use atrium_protocol::{ControlDown, Micros, PersonChange, PlacedReason, RefusalCode, SeatId};

impl Room {
    pub(crate) fn sit(&mut self, now: Micros, index: usize, seat: SeatId) {
        let Some(participant) = self.people.at(index) else { return };
        let id = participant.id();
        if self.place.seat(seat).is_none() {
            self.outbox.refuse(id, "sit", RefusalCode::NotFound, "this room has no such seat");
            return;
        }
        if participant.info.seat == Some(seat) {
            return;
        }
        if self.people.iter().any(|other| other.info.seat == Some(seat)) {
            self.outbox.refuse(id, "sit", RefusalCode::Taken, "somebody sits there");
            return;
        }
        if let Some(participant) = self.people.at_mut(index) {
            participant.info.seat = Some(seat);
            participant.body.sit(now, &self.place, seat);
        }
        self.announce(index, PersonChange { seat: Some(i32::from(seat.0)), ..PersonChange::default() });
        self.placed(now, index, PlacedReason::Seat);
    }

    pub(crate) fn stand(&mut self, now: Micros, index: usize) {
        let Some(participant) = self.people.at_mut(index).filter(|participant| participant.info.seat.is_some()) else {
            return;
        };
        participant.info.seat = None;
        participant.body.stand(now);
        self.announce(index, PersonChange { seat: Some(-1), ..PersonChange::default() });
        self.placed(now, index, PlacedReason::Seat);
    }

    /// Somebody was moved: they and the others must take it as a jump.
    pub(crate) fn placed(&mut self, now: Micros, index: usize, reason: PlacedReason) {
        let Some(participant) = self.people.at(index) else { return };
        let (id, placement, pose) = (participant.id(), participant.body.placement(), participant.body.pose());
        self.outbox.control(id, &ControlDown::Placed { placement, reason });
        self.broadcast_except(Some(id), &ControlDown::Jumped { id, epoch: placement.epoch });
        self.interest.jumped(index, &pose, now);
        self.moved(now, index);
    }
}
