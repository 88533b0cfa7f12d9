//! What every client does, whichever driver it stands on, against the one server's end: the same functions for the
//! sans-IO driver on virtual time and for the `webrtc` driver over real sockets.

mod endings;
mod lanes;
mod limits;
mod voice;

macro_rules! conforms {
    ($client:ident, $rig:expr) => {
        conforms!($client, $rig;
            lanes::all_open_on_both_ends,
            lanes::messages_of_every_size_arrive_whole,
            lanes::reliable_lanes_lose_nothing_and_keep_their_order,
            lanes::poses_are_never_sent_again,
            limits::larger_messages_are_refused_aloud,
            limits::larger_voice_is_refused_aloud,
            voice::the_server_hears_level_and_capture_time,
            voice::the_client_hears_who_speaks_and_when_in_every_slot,
            voice::slots_mark_new_speakers_and_go_on_without_a_jump,
            endings::the_server_learns_that_the_client_left,
            endings::the_client_learns_that_the_server_left,
            endings::nothing_is_sent_after_the_end,
            endings::the_client_notices_that_the_network_is_gone,
        );
    };
    ($client:ident, $rig:expr; $($module:ident::$behaviour:ident),* $(,)?) => {
        mod $client {
            $(#[test]
            fn $behaviour() {
                super::$module::$behaviour(&mut $rig);
            })*
        }
    };
}

conforms!(sans_io, crate::rigs::VirtualRig::connected());
#[cfg(feature = "webrtc")]
conforms!(webrtc_udp, crate::rigs::SocketRig::connected(atrium_link::webrtc_driver::Transport::Udp));
#[cfg(feature = "webrtc")]
conforms!(webrtc_tcp, crate::rigs::SocketRig::connected(atrium_link::webrtc_driver::Transport::Tcp));
