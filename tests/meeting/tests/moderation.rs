//! Who may do what to whom, and that it holds.

use crate::world::ink::Hand;
use crate::world::join_form::offer;
use crate::world::mirror::Mirror;
use crate::world::{Host, JoinForm, Person, PersonPlan, ROOM, Speech, eventually};
use atrium_protocol::{
    CloseCode, ControlUp, Grants, JoinRefusalCode, LeaveReason, ModerateAction, ParticipantId, ReasonText, RefusalCode,
    Role, SeatId,
};
use atrium_session::{ClosedCode, JoinLink, SessionState};

/// The first of the two seats in the Boardroom's private nook.
const NOOK_1: SeatId = SeatId(12);
const NOOK_2: SeatId = SeatId(13);

/// A room with its owner and a guest.
struct Meeting {
    host: Host,
    owner: Person,
    guest: Person,
    guest_link: JoinLink,
}

impl Meeting {
    async fn new() -> Self {
        let host = Host::start().await;
        let owner = host.welcome("Olga", Role::Owner).await;
        let guest_link = host.invite(Role::Guest).await;
        let guest = Person::enter(PersonPlan::new("Gus", guest_link.clone(), host.folder())).await;
        let guest_id = guest.id();
        owner.eventually("the guest is here", |mirror| mirror.people.contains_key(&guest_id)).await;
        Self { host, owner, guest, guest_link }
    }

    /// Somebody who asks to come in by the guest's link.
    fn visitor(&self, name: &str) -> Person {
        Person::come(PersonPlan::new(name, self.guest_link.clone(), self.host.folder()))
    }

    /// The guest once more.
    fn guest_again(&self) -> Person {
        let plan = PersonPlan::new("Gus", self.guest_link.clone(), self.host.folder());
        Person::come(plan.with_key(self.guest.key()))
    }
}

fn reason() -> ReasonText {
    ReasonText::new("off topic").expect("short")
}

fn is_in_lobby(mirror: &Mirror) -> bool {
    matches!(mirror.states.last(), Some(SessionState::InLobby { .. }))
}

/// Waits until voice comes that was not there before.
async fn hears_more(person: &Person, speaker: ParticipantId) {
    let before = person.look(|mirror| mirror.heard(speaker));
    person.eventually("voice", |mirror| mirror.heard(speaker) > before + 20).await;
}

/// Checks that nothing more comes of `silent`, while `speaker` is heard.
async fn is_silent_to(witness: &Person, silent: ParticipantId, speaker: ParticipantId) {
    // What was on its way is there before the speaker's next words.
    hears_more(witness, speaker).await;
    let heard = witness.look(|mirror| mirror.heard(silent));
    hears_more(witness, speaker).await;
    assert_eq!(witness.look(|mirror| mirror.heard(silent)), heard, "nothing of them is forwarded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_muted_person_is_not_heard_and_cannot_undo_it() {
    let Meeting { host, owner, guest, .. } = Meeting::new().await;
    let (owner_id, guest_id) = (owner.id(), guest.id());
    let witness = host.welcome("Wim", Role::Member).await;
    guest.talk(Speech::Counted).await;
    owner.talk(Speech::Counted).await;
    hears_more(&witness, guest_id).await;

    owner.moderate(guest_id, ModerateAction::Mute).await;
    witness.eventually("muted", |mirror| mirror.people[&guest_id].muted_by_moderator).await;
    // What was on its way is there before the owner's next words.
    hears_more(&witness, owner_id).await;
    let heard = witness.look(|mirror| mirror.heard(guest_id));
    guest.say(ControlUp::SetMuted { muted: false }).await;
    guest.eventually("refused", |mirror| mirror.is_refused("set_muted", RefusalCode::NotAllowed)).await;
    hears_more(&witness, owner_id).await;
    assert_eq!(witness.look(|mirror| mirror.heard(guest_id)), heard, "the guest talks on and nobody hears it");

    owner.moderate(guest_id, ModerateAction::AllowUnmute).await;
    guest.eventually("may speak", |mirror| !mirror.people[&guest_id].muted_by_moderator).await;
    assert!(guest.look(|mirror| mirror.people[&guest_id].muted), "no microphone opens unasked");
    guest.say(ControlUp::SetMuted { muted: false }).await;
    hears_more(&witness, guest_id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_packets_of_whoever_is_muted_or_may_not_speak_stop_at_the_server() {
    let Meeting { host, owner, guest, .. } = Meeting::new().await;
    let (owner_id, guest_id) = (owner.id(), guest.id());
    let witness = host.welcome("Wim", Role::Member).await;
    guest.talk(Speech::Counted).await;
    owner.talk(Speech::Counted).await;
    hears_more(&witness, guest_id).await;

    // The guest's client goes on sending all the while: only the server can be what holds it back.
    guest.say(ControlUp::SetMuted { muted: true }).await;
    witness.eventually("muted", |mirror| mirror.people[&guest_id].muted).await;
    is_silent_to(&witness, guest_id, owner_id).await;
    guest.say(ControlUp::SetMuted { muted: false }).await;
    hears_more(&witness, guest_id).await;

    let silent = Grants { voice: false, ..Grants::for_role(Role::Guest) };
    owner.moderate(guest_id, ModerateAction::SetGrants { grants: silent }).await;
    witness.eventually("may not speak", |mirror| mirror.people[&guest_id].grants == silent).await;
    is_silent_to(&witness, guest_id, owner_id).await;
    let grants = Grants::for_role(Role::Guest);
    owner.moderate(guest_id, ModerateAction::SetGrants { grants }).await;
    hears_more(&witness, guest_id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_of_a_lower_role_is_muted_at_once() {
    let Meeting { host, owner, guest, .. } = Meeting::new().await;
    let member = host.welcome("Mia", Role::Member).await;
    let ids = [guest.id(), member.id()];
    member.say(ControlUp::MuteAll).await;
    member.eventually("refused", |mirror| mirror.is_refused("mute_all", RefusalCode::NotAllowed)).await;
    owner.say(ControlUp::MuteAll).await;
    guest.eventually("all muted", |mirror| ids.iter().all(|id| mirror.people[id].muted_by_moderator)).await;
    assert!(!guest.look(|mirror| mirror.people[&owner.id()].muted));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_person_is_out_and_may_come_back() {
    let meeting = Meeting::new().await;
    let guest_id = meeting.guest.id();
    meeting.guest.moderate(meeting.owner.id(), ModerateAction::Remove { reason: reason() }).await;
    meeting.guest.eventually("refused", |mirror| mirror.is_refused("moderate", RefusalCode::NotAllowed)).await;
    meeting.owner.moderate(guest_id, ModerateAction::Remove { reason: reason() }).await;
    let removed = ClosedCode::Server(CloseCode::Removed);
    meeting.guest.eventually("removed", |mirror| mirror.closed() == Some(removed)).await;
    meeting.owner.eventually("gone", |mirror| mirror.left == [(guest_id, LeaveReason::Removed)]).await;
    let again = meeting.guest_again();
    again.eventually("back", |mirror| mirror.me().is_some_and(|me| me != guest_id)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ban_survives_rejoining_and_a_restart() {
    let mut meeting = Meeting::new().await;
    let guest_id = meeting.guest.id();
    meeting.owner.moderate(guest_id, ModerateAction::Ban { reason: reason() }).await;
    let banned = ClosedCode::Server(CloseCode::Banned);
    meeting.guest.eventually("banned", |mirror| mirror.closed() == Some(banned)).await;
    meeting.owner.eventually("gone", |mirror| mirror.left == [(guest_id, LeaveReason::Banned)]).await;
    let refused = ClosedCode::Refused(JoinRefusalCode::Banned);
    let again = meeting.guest_again();
    again.eventually("refused", |mirror| mirror.closed() == Some(refused)).await;

    // Another key on the same invite may be the same person: it waits to be looked at.
    let stranger = meeting.visitor("Nobody");
    stranger.eventually("in the lobby", is_in_lobby).await;

    meeting.host.restart().await;
    let after_restart = meeting.guest_again();
    after_restart.eventually("refused", |mirror| mirror.closed() == Some(refused)).await;
    meeting.owner.eventually("the owner is back", |mirror| mirror.arrivals() == 2 && mirror.me().is_some()).await;
    assert_eq!(meeting.owner.look(|mirror| mirror.welcome.as_ref().map(|welcome| welcome.role)), Some(Role::Owner));
    meeting.owner.say(ControlUp::Unban { person: meeting.guest.person_id() }).await;
    let https = meeting.host.https().await;
    eventually("the ban is lifted", async || {
        let form = JoinForm { key: meeting.guest.key().clone(), ..JoinForm::new(&meeting.guest_link, &offer()) };
        https.join(ROOM, form.body()).await.is_ok()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_wait_in_the_lobby() {
    let meeting = Meeting::new().await;
    let owner = &meeting.owner;
    meeting.guest.say(ControlUp::SetLobby { enabled: true }).await;
    meeting.guest.eventually("refused", |mirror| mirror.is_refused("set_lobby", RefusalCode::NotAllowed)).await;
    owner.say(ControlUp::SetLobby { enabled: true }).await;
    meeting.guest.eventually("a lobby", |mirror| mirror.info.as_ref().is_some_and(|info| info.lobby)).await;

    let visitor = meeting.visitor("Vic");
    visitor.eventually("in the lobby", is_in_lobby).await;
    let knock = |name: &'static str| {
        move |mirror: &Mirror| mirror.knocks.iter().find(|(_, known)| known.as_str() == name).map(|(id, _)| *id)
    };
    let visitor_id = owner.find("a knock", knock("Vic")).await;
    assert!(!meeting.guest.look(|mirror| mirror.people.contains_key(&visitor_id)), "nobody sees who waits");
    assert_eq!(meeting.guest.look(|mirror| mirror.knocks.len()), 0, "only moderators hear knocks");
    owner.moderate(visitor_id, ModerateAction::Admit).await;
    visitor.eventually("let in", |mirror| mirror.me() == Some(visitor_id)).await;
    meeting.guest.eventually("a new person", |mirror| mirror.people.contains_key(&visitor_id)).await;

    let unwanted = meeting.visitor("Una");
    let unwanted_id = owner.find("a knock", knock("Una")).await;
    owner.moderate(unwanted_id, ModerateAction::Deny).await;
    let denied = ClosedCode::Server(CloseCode::Denied);
    unwanted.eventually("turned away", |mirror| mirror.closed() == Some(denied)).await;
    owner.eventually("nobody waits", |mirror| mirror.knocks.is_empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_room_opens_for_moderators_alone() {
    let meeting = Meeting::new().await;
    meeting.owner.say(ControlUp::SetLocked { locked: true }).await;
    meeting.guest.eventually("locked", |mirror| mirror.info.as_ref().is_some_and(|info| info.locked)).await;
    let late = meeting.visitor("Late");
    let locked = ClosedCode::Refused(JoinRefusalCode::Locked);
    late.eventually("refused", |mirror| mirror.closed() == Some(locked)).await;
    meeting.host.welcome("Mod", Role::Moderator).await;
    meeting.owner.say(ControlUp::SetLocked { locked: false }).await;
    meeting.guest.eventually("open", |mirror| mirror.info.as_ref().is_some_and(|info| !info.locked)).await;
    meeting.visitor("Early").eventually("in", |mirror| mirror.me().is_some()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_and_grants_change_while_the_meeting_runs() {
    let Meeting { host: _host, owner, guest, .. } = Meeting::new().await;
    let (owner_id, guest_id) = (owner.id(), guest.id());
    owner.moderate(guest_id, ModerateAction::SetRole { role: Role::Moderator }).await;
    guest.eventually("a moderator", |mirror| mirror.people[&guest_id].role == Role::Moderator).await;
    guest.moderate(owner_id, ModerateAction::Mute).await;
    guest.eventually("not the owner", |mirror| mirror.is_refused("moderate", RefusalCode::NotAllowed)).await;
    owner.moderate(owner_id, ModerateAction::SetRole { role: Role::Guest }).await;
    owner.eventually("the last owner stays", |mirror| mirror.is_refused("moderate", RefusalCode::NotAllowed)).await;

    let grants = Grants { draw: false, ..Grants::for_role(Role::Guest) };
    owner.moderate(guest_id, ModerateAction::SetGrants { grants }).await;
    guest.eventually("no drawing", |mirror| mirror.people[&guest_id].grants == grants).await;
    let nonce = guest.append(&Hand::new(1).stroke()).await;
    guest.eventually("refused", |mirror| mirror.board_refusals == [(nonce, RefusalCode::NotAllowed)]).await;
    guest.say(ControlUp::Present { on: true }).await;
    guest.eventually("refused", |mirror| mirror.is_refused("present", RefusalCode::NotAllowed)).await;

    owner.moderate(guest_id, ModerateAction::TransferHost).await;
    let roles = |mirror: &Mirror| (mirror.people[&owner_id].role, mirror.people[&guest_id].role);
    owner.eventually("handed over", |mirror| roles(mirror) == (Role::Moderator, Role::Owner)).await;
    owner.say(ControlUp::RecallHost).await;
    guest.eventually("taken back", |mirror| roles(mirror).0 == Role::Owner && roles(mirror).1 < Role::Owner).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_nook_keeps_its_words() {
    let Meeting { host, owner, guest, .. } = Meeting::new().await;
    let inside = host.welcome("Ines", Role::Member).await;
    let (owner_id, guest_id) = (owner.id(), guest.id());
    guest.sit(NOOK_1).await;
    inside.sit(NOOK_2).await;
    owner.eventually("in the nook", |mirror| mirror.people[&guest_id].zone.is_some()).await;
    guest.talk(Speech::Counted).await;
    owner.talk(Speech::Counted).await;
    hears_more(&inside, guest_id).await;
    hears_more(&inside, guest_id).await;
    assert_eq!(owner.look(|mirror| mirror.heard(guest_id)), 0, "outside of the nook one hears nothing of it");
    assert_eq!(inside.look(|mirror| mirror.heard(owner_id)), 0, "and inside nothing of the room");
    guest.sit(SeatId(1)).await;
    hears_more(&owner, guest_id).await;
}
