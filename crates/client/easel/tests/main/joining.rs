use crate::boards::{at, scribble};
use crate::server::{World, person};
use atrium_easel::{Easel, Numbers};

#[test]
fn what_comes_before_the_fetch_is_answered_leaves_no_gap() {
    let mut world = World::new(1);
    let draw = |world: &mut World, down: f32| {
        world.drag(&scribble(30).iter().map(|place| *place + at(0.0, down)).collect::<Vec<_>>());
        world.settle();
    };
    draw(&mut world, 0.0);
    let snapshot = world.document.clone();
    (1..6_u8).for_each(|stroke| draw(&mut world, 50.0 * f32::from(stroke)));
    let missed = world.settled_after(snapshot.sequence());
    assert!(missed.len() > 3);
    for ahead in 0..missed.len() {
        let numbers = Numbers { ids: 7 << 32, nonce: 1 };
        let mut easel = Easel::new(crate::server::BOARD, person(9), snapshot.clone(), numbers);
        // Somebody draws on while this one comes in: the newest word is here first, then all that was missed.
        easel.hear(1.0, &missed[ahead]);
        missed.iter().for_each(|word| easel.hear(1.1, word));
        assert_eq!(easel.document(), &world.document, "{ahead} words too early");
    }
}
