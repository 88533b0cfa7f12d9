//! Too much on every lane at once: the flooders are told, then put out; whoever is inside notices nothing.

use crate::world::{Delivery, Host, RawClient};
use atrium_protocol::{
    BoardId, BoardUp, CloseCode, ControlUp, HeadPose, Lane, LeaveReason, OperationBytes, Pose, RefusalCode, Role,
    encode_message, limits,
};
use atrium_session::JoinLink;
use glam::{Quat, Vec3};
use std::time::Duration;

/// Between two bursts of a flood.
const PAUSE: Duration = Duration::from_millis(20);
/// Messages in a burst: 500 a second on control, board and pose lane, 1,000 voice packets.
const BURST: u32 = 10;
const VOICE_BURST: u32 = 20;
/// The server's patience is 10 s; a flood is over well before this.
const BURSTS_MAX: u32 = 1_000;
const BOARD: BoardId = BoardId(0);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flood {
    Pings,
    Chats,
    Operations,
    Poses,
    Voice,
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_on_every_lane_end_with_their_senders() {
    let host = Host::start().await;
    let ada = host.welcome("Ada", Role::Owner).await;
    let bo = host.welcome("Bo", Role::Member).await;
    let link = host.invite(Role::Member).await;
    let kinds = [Flood::Pings, Flood::Chats, Flood::Operations, Flood::Poses, Flood::Voice];
    let floods = async {
        let floods = kinds.map(|kind| tokio::spawn(flood(link.clone(), kind)));
        let mut flooders = Vec::new();
        for flood in floods {
            flooders.push(flood.await.expect("a flood"));
        }
        flooders
    };
    let (delivery, flooders) = Delivery::during(&ada, &bo, floods).await;
    for (kind, flooder) in kinds.iter().zip(&flooders) {
        assert_eq!(flooder.closing(), Some(CloseCode::Misbehaved), "{kind:?}");
        // Voice has no words of its own to be told with.
        let is_told = flooder.is_refused(RefusalCode::TooFast);
        assert!(is_told || *kind == Flood::Voice, "{kind:?} was not told");
        let id = flooder.id();
        bo.eventually("they are out", |mirror| mirror.left.contains(&(id, LeaveReason::Misbehaved))).await;
    }
    delivery.assert_whole();
    assert!(bo.look(|mirror| mirror.chat.len()) < 200, "most of the flood went nowhere");
    host.is_well_for(&ada, &bo).await;
}

/// Sends until the server hangs up.
async fn flood(link: JoinLink, kind: Flood) -> RawClient {
    let mut client = RawClient::enter(&link, &format!("{kind:?}")).await;
    let mut number = 0;
    for _ in 0..BURSTS_MAX {
        if client.closed.is_some() {
            break;
        }
        let burst = if kind == Flood::Voice { VOICE_BURST } else { BURST };
        for _ in 0..burst {
            number += 1;
            send(&mut client, kind, number);
        }
        client.pump(PAUSE).await;
    }
    client
}

fn send(client: &mut RawClient, kind: Flood, number: u32) {
    let nonce = u64::from(number);
    match kind {
        Flood::Pings => drop(client.say(&ControlUp::Ping { client_us: nonce })),
        Flood::Chats => {
            let text = "x".repeat(100).try_into().expect("a short text");
            client.say(&ControlUp::Chat { nonce, text });
        }
        Flood::Operations => {
            let operation = OperationBytes::new(vec![7; 1_000]).expect("a small operation");
            let append = BoardUp::Append { board: BOARD, nonce, operation };
            client.send(Lane::Board, &encode_message(&append, limits::BOARD_MESSAGE_BYTES).expect("small"));
        }
        Flood::Poses => {
            let position = Vec3::from_array(client.placement().position) + Vec3::Y * 1.6;
            let head = HeadPose { position, rotation: Quat::IDENTITY };
            client.send_pose(Pose { head: Some(head), ..Pose::default() });
        }
        Flood::Voice => client.send_voice(vec![0x78; 80]),
    }
}
