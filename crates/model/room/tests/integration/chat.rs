use crate::harness::*;
use atrium_protocol::*;

fn chat(nonce: u64, text: &str) -> ControlUp {
    ControlUp::Chat { nonce, text: ChatText::new(text).unwrap() }
}

fn heard(world: &mut World, id: ParticipantId) -> Vec<(u64, String)> {
    let said = |message| match message {
        ControlDown::Chat { message } => Some((message.sequence, message.text.as_str().to_owned())),
        _ => None,
    };
    world.control(id).into_iter().filter_map(said).collect()
}

#[test]
fn a_message_is_heard_by_all_when_it_is_on_disk_and_not_before() {
    let mut world = World::new();
    let (author, other) = (world.join(1, Role::Owner), world.join(2, Role::Guest));
    world.is_disk_held = true;
    world.say(author, &chat(1, "one"));
    world.say(other, &chat(1, "two"));
    assert!(heard(&mut world, author).is_empty());
    world.commit_all();
    for id in [author, other] {
        assert_eq!(heard(&mut world, id), [(1, "one".to_owned()), (2, "two".to_owned())]);
    }
}

#[test]
fn a_repeated_message_is_answered_again_to_its_author_alone() {
    let mut world = World::new();
    let (author, other) = (world.join(1, Role::Owner), world.join(2, Role::Guest));
    world.say(author, &chat(5, "once"));
    world.clear_inboxes();
    world.say(author, &chat(5, "once"));
    assert_eq!(heard(&mut world, author), [(1, "once".to_owned())]);
    assert!(heard(&mut world, other).is_empty());
    world.say(author, &chat(4, "too late"));
    assert_eq!(world.refused(author), Some(("chat".into(), RefusalCode::Invalid)));
    assert_eq!(world.disk.saved.chat.len(), 1);
    let mut world = world.restarted();
    let author = world.join(1, Role::Owner);
    world.clear_inboxes();
    world.say(author, &chat(5, "once"));
    assert_eq!(heard(&mut world, author), [(1, "once".to_owned())], "after a restart, too");
}

#[test]
fn a_message_that_could_not_be_stored_is_refused_and_leaves_no_gap() {
    let mut world = World::new();
    let author = world.join(1, Role::Owner);
    world.clear_inboxes();
    world.is_disk_held = true;
    world.say(author, &chat(1, "lost"));
    world.say(author, &chat(2, "kept"));
    world.settle_promise(false);
    let news = world.control(author);
    let [ControlDown::Refused { what, nonce: Some(1), code: RefusalCode::StorageFailed, .. }] = &news[..] else {
        panic!("{news:?}")
    };
    assert_eq!(what, "chat");
    world.commit_all();
    assert_eq!(heard(&mut world, author), [(1, "kept".to_owned())]);
}

#[test]
fn newcomers_get_the_last_hundred() {
    let mut world = World::new();
    let author = world.join(1, Role::Owner);
    for nonce in 1..=130 {
        world.say(author, &chat(nonce, &"x".repeat(3_000)));
        world.advance_ms(1_000);
    }
    let late = world.join(2, Role::Guest);
    let mut mirror = Mirror::default();
    world.control(late).iter().for_each(|message| mirror.apply(message));
    let sequences: Vec<_> = mirror.chat.iter().map(|message| message.sequence).collect();
    assert_eq!(sequences, (31..=130).collect::<Vec<_>>());
}

#[test]
fn an_empty_message_is_refused() {
    let mut world = World::new();
    let author = world.join(1, Role::Owner);
    world.clear_inboxes();
    world.say(author, &chat(1, " \u{202e}\n"));
    assert_eq!(world.refused(author), Some(("chat".into(), RefusalCode::Invalid)));
}
