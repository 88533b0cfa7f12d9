use super::listen::{Listen, render_delay};
use super::talk::{Talk, Talked};
use super::voice_test::VoiceTest;
use super::{SoundCommand, SoundEvent, SoundScene, SpokenPacket};
use crate::block::{MonoBlock, StereoBlock};
use atrium_protocol::Micros;
use atrium_spatial::Hrtf;
use atrium_voice::{VoiceError, VoicePacket};
use std::collections::VecDeque;
use std::time::Duration;

/// Events and packets that may wait; the owner takes them after each block, over it the oldest go.
const WAITING: usize = 256;

/// Everything between the devices and the network, without either: blocks and packets in, blocks and packets out, at
/// times that the caller says.
///
/// Blocks for the speaker and of the microphone take turns: what is handed to the speaker is what the microphone may hear
/// next.
pub struct SoundCore {
    talk: Talk,
    listen: Listen,
    test: VoiceTest,
    packets: VecDeque<SpokenPacket>,
    events: VecDeque<SoundEvent>,
}

impl SoundCore {
    /// An open microphone, nobody to hear, an office.
    ///
    /// # Errors
    /// [`VoiceError::Codec`] when memory is short.
    pub fn new(hrtf: Hrtf) -> Result<Self, VoiceError> {
        Ok(Self {
            talk: Talk::new()?,
            listen: Listen::new(hrtf)?,
            test: VoiceTest::default(),
            packets: VecDeque::new(),
            events: VecDeque::new(),
        })
    }

    /// Does what the app says; it counts from the next block on. Devices are not its business.
    ///
    /// # Errors
    /// [`VoiceError::Codec`] when memory is short; the encoder stays as it was.
    pub fn command(&mut self, now: Micros, command: SoundCommand) -> Result<(), VoiceError> {
        match command {
            SoundCommand::UseMicrophone(_) | SoundCommand::UseSpeaker(_) => {}
            SoundCommand::Mute(is_muted) => self.talk.mute(is_muted),
            SoundCommand::TalkWith(mode) => self.talk.set_talk_mode(mode),
            SoundCommand::HoldToTalk(is_held) => self.talk.hold(now, is_held),
            SoundCommand::Speak(mode) => self.talk.speak(mode)?,
            SoundCommand::Clean(settings) => self.talk.clean(settings),
            SoundCommand::ExpectLoss(percent) => self.talk.expect_loss(percent),
            SoundCommand::Volume { person, gain } => self.listen.set_volume(person, gain),
            SoundCommand::MutePerson { person, is_muted } => self.listen.mute_person(person, is_muted),
            SoundCommand::PlayFor(mode) => self.listen.set_output(mode),
            SoundCommand::Enter(room) => self.listen.set_room(&room),
            SoundCommand::IAm(me) => self.listen.set_me(me),
            SoundCommand::TestVoice(is_testing) => self.talk.test(is_testing),
        }
        Ok(())
    }

    /// Where everybody is from now on.
    pub fn place(&mut self, scene: SoundScene) {
        self.listen.set_scene(scene);
    }

    /// A packet of a voice slot arrived.
    pub fn hear(&mut self, slot: u8, arrived: Micros, packet: VoicePacket) {
        self.listen.push(slot, arrived, packet, &mut self.events);
    }

    /// Makes the next 10 ms for the speaker; they take `ahead` until the device has them.
    pub fn render(&mut self, now: Micros, ahead: Duration, output: &mut StereoBlock) {
        while let Some(packet) = self.test.pop(now) {
            self.listen.push_own(now, packet);
        }
        self.listen.render(now, ahead + render_delay(), output, &mut self.events);
        self.talk.hear_speaker(output);
        bound(&mut self.events);
    }

    /// Takes 10 ms of the microphone that began at `began`; cleans them in place.
    pub fn capture(&mut self, now: Micros, began: Micros, block: &mut MonoBlock) {
        let Talked { packet, is_test, meter, echo } = self.talk.block(now, began, block);
        self.events.extend(meter.into_iter().chain(echo));
        if let Some(packet) = packet {
            if is_test {
                self.test.push(now, packet);
            } else {
                self.packets.push_back(packet);
            }
        }
        bound(&mut self.packets);
        bound(&mut self.events);
    }

    /// The next packet to send.
    pub fn next_packet(&mut self) -> Option<SpokenPacket> {
        self.packets.pop_front()
    }

    /// The next thing to know.
    pub fn next_event(&mut self) -> Option<SoundEvent> {
        self.events.pop_front()
    }
}

fn bound<T>(queue: &mut VecDeque<T>) {
    let excess = queue.len().saturating_sub(WAITING);
    queue.drain(..excess);
}
