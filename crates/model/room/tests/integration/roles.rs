use crate::harness::*;
use atrium_protocol::*;

const NOT_ALLOWED: Option<RefusalCode> = Some(RefusalCode::NotAllowed);

fn set_role(world: &mut World, by: ParticipantId, target: ParticipantId, role: Role) -> Option<RefusalCode> {
    world.clear_inboxes();
    world.moderate(by, target, ModerateAction::SetRole { role });
    world.refused(by).map(|(_, code)| code)
}

#[test]
fn a_role_is_remembered_and_brings_its_grants() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    let guest = world.join(2, Role::Guest);
    assert!(!world.info(guest).grants.share);
    assert_eq!(set_role(&mut world, owner, guest, Role::Moderator), None);
    let change = PersonChange {
        role: Some(Role::Moderator),
        grants: Some(Grants::for_role(Role::Moderator)),
        ..PersonChange::default()
    };
    assert_eq!(world.control(guest), [ControlDown::Changed { id: guest, change }]);
    let mut world = world.restarted();
    let again = world.join(2, Role::Guest);
    assert_eq!(world.info(again).role, Role::Moderator);
}

#[test]
fn others_hear_of_a_role_only_when_it_is_on_disk() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    let guest = world.join(2, Role::Guest);
    world.is_disk_held = true;
    assert_eq!(set_role(&mut world, owner, guest, Role::Member), None);
    assert!(world.control(guest).is_empty());
    world.settle_promise(true);
    assert!(matches!(world.control(guest)[..], [ControlDown::Changed { .. }]));
}

#[test]
fn a_role_that_could_not_be_stored_is_stored_later() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    let guest = world.join(2, Role::Guest);
    world.is_disk_held = true;
    set_role(&mut world, owner, guest, Role::Owner);
    set_role(&mut world, owner, owner, Role::Guest);
    world.settle_promise(false);
    assert_eq!(world.refused(owner), Some(("moderate".into(), RefusalCode::StorageFailed)));
    world.settle_promise(true);
    world.settle_promise(false);
    assert_eq!(world.disk.saved.roles.get(&person(2)), None);
    world.say(guest, &ControlUp::SetLocked { locked: true });
    world.commit_all();
    assert_eq!(world.disk.saved.roles.get(&person(2)), Some(&Role::Owner));
    assert_eq!(world.disk.saved.roles.get(&person(1)), Some(&Role::Guest));
}

#[test]
fn the_last_owner_stays() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    let other = world.join(2, Role::Owner);
    assert_eq!(set_role(&mut world, owner, other, Role::Guest), None, "owners act on owners");
    assert_eq!(set_role(&mut world, owner, owner, Role::Guest), NOT_ALLOWED);
    world.moderate(owner, owner, ModerateAction::Ban { reason: reason("") });
    assert_eq!(world.refused(owner).map(|(_, code)| code), NOT_ALLOWED);
    assert_eq!(world.info(owner).role, Role::Owner);
    let again = world.join(2, Role::Owner);
    assert_eq!(world.info(again).role, Role::Guest, "the same invite does not undo it");
}

#[test]
fn moderators_rank_above_members_and_below_owners() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    let (moderator, equal) = (world.join(2, Role::Moderator), world.join(3, Role::Moderator));
    let (member, guest) = (world.join(4, Role::Member), world.join(5, Role::Guest));
    assert_eq!(set_role(&mut world, moderator, guest, Role::Owner), NOT_ALLOWED);
    assert_eq!(set_role(&mut world, moderator, equal, Role::Guest), NOT_ALLOWED);
    assert_eq!(set_role(&mut world, moderator, owner, Role::Guest), NOT_ALLOWED);
    assert_eq!(set_role(&mut world, member, guest, Role::Member), NOT_ALLOWED);
    assert_eq!(set_role(&mut world, moderator, member, Role::Moderator), None);
    assert_eq!(set_role(&mut world, equal, equal, Role::Member), None, "one may step down");
    assert_eq!(set_role(&mut world, equal, equal, Role::Moderator), NOT_ALLOWED);
}

#[test]
fn a_later_better_invite_raises_all_devices_of_a_person() {
    let mut world = World::new();
    let first = world.join(1, Role::Guest);
    world.clear_inboxes();
    let second = world.join(1, Role::Member);
    assert_eq!(world.info(first).role, Role::Member);
    assert_eq!(world.info(second).role, Role::Member);
    let mut mirror = Mirror::default();
    mirror.people.insert(first, PersonInfo { role: Role::Guest, ..world.info(first) });
    world.control(first).iter().for_each(|message| mirror.apply(message));
    assert_eq!(mirror.people[&first].role, Role::Member, "and they are told");
}

#[test]
fn a_host_who_hands_over_can_take_it_back_from_wherever_it_went() {
    let mut world = World::new();
    let host = world.join(1, Role::Owner);
    let (second, third) = (world.join(2, Role::Member), world.join(3, Role::Guest));
    let roles = |world: &World| [host, second, third].map(|id| world.info(id).role);
    world.moderate(host, second, ModerateAction::TransferHost);
    assert_eq!(roles(&world), [Role::Moderator, Role::Owner, Role::Guest]);
    world.moderate(second, third, ModerateAction::TransferHost);
    assert_eq!(roles(&world), [Role::Moderator, Role::Moderator, Role::Owner]);
    world.moderate(third, host, ModerateAction::SetRole { role: Role::Guest });
    world.say(host, &ControlUp::RecallHost);
    assert_eq!(roles(&world), [Role::Owner, Role::Member, Role::Guest]);
    world.clear_inboxes();
    world.say(second, &ControlUp::RecallHost);
    assert_eq!(world.refused(second), Some(("recall_host".into(), RefusalCode::NotAllowed)));
    assert_eq!((world.disk.audited("transfer_host"), world.disk.audited("recall_host")), (2, 2));
}

#[test]
fn giving_the_room_back_is_no_new_handover() {
    let mut world = World::new();
    let host = world.join(1, Role::Owner);
    let second = world.join(2, Role::Member);
    world.moderate(host, second, ModerateAction::TransferHost);
    world.moderate(second, host, ModerateAction::TransferHost);
    assert_eq!(world.info(host).role, Role::Owner);
    assert_eq!(world.info(second).role, Role::Moderator);
    for id in [host, second] {
        world.clear_inboxes();
        world.say(id, &ControlUp::RecallHost);
        assert_eq!(world.refused(id).map(|(_, code)| code), NOT_ALLOWED);
    }
}

#[test]
fn only_an_owner_hands_over_and_only_to_somebody_else() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    let (moderator, guest) = (world.join(2, Role::Moderator), world.join(3, Role::Guest));
    for (by, target) in [(moderator, guest), (guest, moderator), (owner, owner)] {
        world.clear_inboxes();
        world.moderate(by, target, ModerateAction::TransferHost);
        assert_eq!(world.refused(by).map(|(_, code)| code), NOT_ALLOWED);
    }
}
