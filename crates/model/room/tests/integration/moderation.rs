use crate::harness::*;
use atrium_protocol::*;
use atrium_room::*;

fn world_of_three() -> (World, ParticipantId, ParticipantId, ParticipantId) {
    let mut world = World::new();
    let (owner, moderator, guest) =
        (world.join(1, Role::Owner), world.join(2, Role::Moderator), world.join(3, Role::Guest));
    world.clear_inboxes();
    (world, owner, moderator, guest)
}

fn is_heard(world: &mut World, id: ParticipantId) -> bool {
    world.advance_ms(1_000);
    let now = world.now;
    !world.room.route_voice(now, id, 20, 80).is_empty()
}

#[test]
fn a_muted_person_cannot_unmute_until_a_moderator_relents() {
    let (mut world, _, moderator, guest) = world_of_three();
    assert!(is_heard(&mut world, guest));
    world.moderate(moderator, guest, ModerateAction::Mute);
    assert!(!is_heard(&mut world, guest));
    world.clear_inboxes();
    world.say(guest, &ControlUp::SetMuted { muted: false });
    assert_eq!(world.refused(guest), Some(("set_muted".into(), RefusalCode::NotAllowed)));
    assert!(!is_heard(&mut world, guest));
    world.moderate(moderator, guest, ModerateAction::AllowUnmute);
    assert!(!is_heard(&mut world, guest), "no microphone opens unasked");
    world.say(guest, &ControlUp::SetMuted { muted: false });
    assert!(is_heard(&mut world, guest));
}

#[test]
fn leaving_and_joining_again_does_not_undo_a_mute_or_taken_grants() {
    let (mut world, _, moderator, guest) = world_of_three();
    let grants = Grants { draw: false, ..Grants::for_role(Role::Guest) };
    world.moderate(moderator, guest, ModerateAction::Mute);
    world.moderate(moderator, guest, ModerateAction::SetGrants { grants });
    world.say(guest, &ControlUp::Leave);
    let again = world.join(3, Role::Guest);
    assert!(world.info(again).muted_by_moderator);
    assert_eq!(world.info(again).grants, grants);
    assert!(!is_heard(&mut world, again));
}

#[test]
fn mute_all_spares_equals_and_is_announced_over_a_few_ticks() {
    let (mut world, _, moderator, _) = world_of_three();
    let second = world.join(4, Role::Moderator);
    let guests: Vec<_> = (10..60).map(|n| world.join(n, Role::Guest)).collect();
    let witness = guests[0];
    let mut mirror = Mirror::default();
    world.control(witness).iter().for_each(|message| mirror.apply(message));
    world.say(moderator, &ControlUp::MuteAll);
    let at_once = world.control(witness);
    assert!(at_once.len() <= 16, "{} at once", at_once.len());
    at_once.iter().for_each(|message| mirror.apply(message));
    world.advance_ms(200);
    world.control(witness).iter().for_each(|message| mirror.apply(message));
    assert!(guests.iter().all(|id| mirror.people[id].muted_by_moderator));
    assert!(!mirror.people[&second].muted_by_moderator);
    assert!(mirror.people.values().eq(world.room.roster()));
    assert_eq!(world.disk.audited("mute_all"), 1);
    world.clear_inboxes();
    world.say(guests[1], &ControlUp::MuteAll);
    assert_eq!(world.refused(guests[1]), Some(("mute_all".into(), RefusalCode::NotAllowed)));
}

#[test]
fn removal_ends_every_device_of_a_person_at_once() {
    let (mut world, _, moderator, guest) = world_of_three();
    let second_device = world.join(3, Role::Guest);
    world.lose(second_device);
    world.clear_inboxes();
    world.moderate(moderator, guest, ModerateAction::Remove { reason: reason("be kind") });
    let last = world.control(guest);
    let closing = ControlDown::Closing { code: CloseCode::Removed, message: reason("be kind") };
    assert_eq!(last, [closing]);
    let gone = world.control(moderator);
    for id in [guest, second_device] {
        assert!(gone.contains(&ControlDown::Left { id, reason: LeaveReason::Removed }));
        assert!(!world.is_in_roster(id));
    }
    assert_eq!(world.refusal(resume(3, second_device, secret(3), secret(9))), JoinRefusalCode::ResumeFailed);
    world.join(3, Role::Guest);
}

#[test]
fn a_ban_acts_at_once_and_is_announced_when_it_is_on_disk() {
    let (mut world, owner, moderator, guest) = world_of_three();
    world.is_disk_held = true;
    world.moderate(moderator, guest, ModerateAction::Ban { reason: reason("spam") });
    assert_eq!(world.closed, [(guest, CloseCode::Banned)]);
    assert_eq!(world.refusal(admission(3, Role::Owner)), JoinRefusalCode::Banned);
    assert!(world.control(owner).is_empty());
    world.commit_all();
    assert_eq!(world.control(owner), [ControlDown::Left { id: guest, reason: LeaveReason::Banned }]);
    world.is_disk_held = false;
    let mut world = world.restarted();
    assert_eq!(world.refusal(admission(3, Role::Guest)), JoinRefusalCode::Banned);
    let owner = world.join(1, Role::Owner);
    world.say(owner, &ControlUp::Unban { person: person(3) });
    let mut world = world.restarted();
    world.join(3, Role::Guest);
}

#[test]
fn a_banned_owner_loses_the_role() {
    let (mut world, owner, _, _) = world_of_three();
    let other = world.join(4, Role::Owner);
    world.moderate(owner, other, ModerateAction::Ban { reason: reason("") });
    assert_eq!(world.disk.saved.roles.get(&person(4)), Some(&Role::Guest));
    world.say(owner, &ControlUp::Unban { person: person(4) });
    let again = world.join(4, Role::Owner);
    assert_eq!(world.info(again).role, Role::Guest);
}

#[test]
fn rank_decides_who_acts_on_whom() {
    let (mut world, owner, moderator, guest) = world_of_three();
    let actions = [
        ModerateAction::Mute,
        ModerateAction::Remove { reason: reason("") },
        ModerateAction::Ban { reason: reason("") },
        ModerateAction::SetGrants { grants: Grants::for_role(Role::Guest) },
    ];
    for (by, target) in [(guest, moderator), (moderator, owner), (moderator, moderator), (owner, owner), (guest, guest)]
    {
        for action in actions.clone() {
            world.clear_inboxes();
            world.moderate(by, target, action.clone());
            assert_eq!(world.refused(by), Some(("moderate".into(), RefusalCode::NotAllowed)), "{by} {action:?}");
        }
    }
    world.moderate(owner, ParticipantId(99), ModerateAction::Mute);
    assert_eq!(world.refused(owner), Some(("moderate".into(), RefusalCode::NotFound)));
}

#[test]
fn taking_the_voice_grant_silences_and_taking_share_ends_presenting() {
    let (mut world, owner, moderator, _) = world_of_three();
    world.say(moderator, &ControlUp::Present { on: true });
    assert!(world.info(moderator).presenting);
    let grants = Grants { voice: false, draw: true, share: false, record: false };
    world.moderate(owner, moderator, ModerateAction::SetGrants { grants });
    assert!(!world.info(moderator).presenting);
    assert!(!is_heard(&mut world, moderator));
    assert_eq!(world.disk.audited("grants"), 1);
}

#[test]
fn one_person_presents_and_a_moderator_may_take_over() {
    let (mut world, _, moderator, guest) = world_of_three();
    let (first, second) = (world.join(4, Role::Member), world.join(5, Role::Member));
    world.clear_inboxes();
    world.say(guest, &ControlUp::Present { on: true });
    assert_eq!(world.refused(guest), Some(("present".into(), RefusalCode::NotAllowed)));
    world.say(first, &ControlUp::Present { on: true });
    world.clear_inboxes();
    world.say(second, &ControlUp::Present { on: true });
    assert_eq!(world.refused(second), Some(("present".into(), RefusalCode::Taken)));
    world.say(moderator, &ControlUp::Present { on: true });
    let presenting = |world: &World| world.room.roster().filter(|info| info.presenting).map(|info| info.id).collect();
    let now: Vec<_> = presenting(&world);
    assert_eq!(now, [moderator]);
    world.lose(moderator);
    world.say(second, &ControlUp::Present { on: true });
    let now: Vec<_> = presenting(&world);
    assert_eq!(now, [second], "nobody waits for a presenter who is away");
}

#[test]
fn hands_go_up_and_moderators_lower_them() {
    let (mut world, _, moderator, guest) = world_of_three();
    world.say(guest, &ControlUp::RaiseHand { up: true });
    assert_eq!(world.info(guest).hand_raised_at_ms, Some(world.now.millis()));
    world.moderate(moderator, guest, ModerateAction::LowerHand);
    assert_eq!(world.info(guest).hand_raised_at_ms, None);
    let change = PersonChange { hand_raised_at_ms: Some(0), ..PersonChange::default() };
    assert_eq!(world.control(guest).last(), Some(&ControlDown::Changed { id: guest, change }));
}

#[test]
fn settings_are_announced_kept_and_only_for_moderators() {
    let (mut world, owner, moderator, guest) = world_of_three();
    world.say(guest, &ControlUp::SetLocked { locked: true });
    assert_eq!(world.refused(guest), Some(("set_locked".into(), RefusalCode::NotAllowed)));
    world.say(moderator, &ControlUp::SetLocked { locked: true });
    let news = world.control(owner);
    assert!(matches!(&news[..], [ControlDown::Room { info }] if info.locked && !info.lobby), "{news:?}");
    assert_eq!(world.disk.saved.settings, SavedSettings { locked: true, lobby: false });
}

#[test]
fn names_looks_and_reactions_reach_everyone() {
    let (mut world, owner, _, guest) = world_of_three();
    let name = DisplayName::new("New name").unwrap();
    let avatar = AvatarBytes::new(vec![1, 2, 3]).unwrap();
    let reaction = ReactionText::new("👏").unwrap();
    world.say(guest, &ControlUp::SetName { name: name.clone() });
    world.say(guest, &ControlUp::SetAvatar { avatar: avatar.clone() });
    world.say(guest, &ControlUp::React { reaction: reaction.clone() });
    let expected = [
        ControlDown::Changed { id: guest, change: PersonChange { name: Some(name), ..PersonChange::default() } },
        ControlDown::Changed { id: guest, change: PersonChange { avatar: Some(avatar), ..PersonChange::default() } },
        ControlDown::Reaction { from: guest, reaction },
    ];
    assert_eq!(world.control(owner), expected);
}
