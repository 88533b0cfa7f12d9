use crate::Room;
use atrium_protocol::{Micros, ParticipantId, RefusalCode, ResumeSecret};

/// What somebody asks for that is too large for the lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkRequest {
    /// To read a board or a picture.
    Read,
    /// To add a picture.
    AddImage,
}

impl Room {
    /// Whether somebody, who proves with their secret that they are who they say, may ask for something large now.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for somebody who is not here or has another secret, [`RefusalCode::NotAllowed`] for who
    /// waits in the lobby or lacks the grant, [`RefusalCode::TooFast`].
    pub fn may_transfer(
        &mut self,
        now: Micros,
        id: ParticipantId,
        secret: &ResumeSecret,
        request: BulkRequest,
    ) -> Result<(), RefusalCode> {
        let participant = self.people.by_id_mut(id).filter(|participant| participant.knows_secret(secret));
        let participant = participant.ok_or(RefusalCode::NotFound)?;
        let is_allowed = request == BulkRequest::Read || participant.info.grants.draw;
        if !participant.is_inside() || !is_allowed {
            return Err(RefusalCode::NotAllowed);
        }
        let meters = &mut participant.meters;
        let is_in_time = match request {
            BulkRequest::Read => meters.bulk.take(now, 1),
            BulkRequest::AddImage => meters.image.take(now, 1),
        };
        if is_in_time { Ok(()) } else { Err(RefusalCode::TooFast) }
    }
}
