//! The engine as a thread, with devices that need no sound card.

use atrium_audio::{Cable, DeviceChoice, Sound, SoundCommand, SoundError, SoundSettings};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

#[test]
fn a_thread_speaks_and_hears_and_ends() {
    let cable = Cable::new();
    let (packets, arrived) = sync_channel(64);
    let settings = |microphone, speaker| SoundSettings { microphone, speaker, is_muted: false };
    let speaker = Sound::start(settings(DeviceChoice::Null, DeviceChoice::Loopback(cable.clone())), |_| {}).unwrap();
    let microphone = Sound::start(settings(DeviceChoice::Loopback(cable), DeviceChoice::Null), move |packet| {
        let _ = packets.try_send(packet);
    })
    .unwrap();
    // Silence, but sent: the first frames of a pause are.
    let packet = arrived.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(packet.marker && !packet.payload.is_empty());
    assert!(packet.age < Duration::from_millis(500), "{:?}", packet.age);
    microphone.command(SoundCommand::Mute(true)).unwrap();
    microphone.command(SoundCommand::UseMicrophone(DeviceChoice::Null)).unwrap();
    let clock = microphone.clock();
    let now = Instant::now();
    assert!(clock.instant(clock.micros(now)).abs_diff(now) < Duration::from_millis(1));
    drop((speaker, microphone));
    // All senders are gone with the engine.
    while arrived.recv_timeout(Duration::from_secs(10)).is_ok() {}
    assert!(SoundError::Busy.to_string().contains("try again"));
}

trait AbsDiff {
    fn abs_diff(self, other: Self) -> Duration;
}

impl AbsDiff for Instant {
    fn abs_diff(self, other: Self) -> Duration {
        self.max(other) - self.min(other)
    }
}
