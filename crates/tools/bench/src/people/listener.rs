use super::frame::read_frame;
use super::speech::FRAME;
use super::tally::Notes;
use atrium_link::VoicePacket;
use atrium_protocol::{Micros, ParticipantId};

/// Checks every voice packet that one client decrypts, and how evenly those of each counted speaker come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listener {
    voices: Vec<Heard>,
}

/// The newest packet of one speaker.
#[derive(Clone, Copy, Debug)]
struct Heard {
    speaker: u32,
    number: u32,
    captured: Micros,
    received: Micros,
}

impl Listener {
    /// A packet that arrived at `received`.
    pub(crate) fn take(
        &mut self,
        notes: &mut Notes,
        speaker: Option<ParticipantId>,
        packet: &VoicePacket,
        received: Micros,
    ) {
        let frame = match read_frame(&packet.payload) {
            Ok(frame) if speaker == Some(ParticipantId(frame.speaker)) => frame,
            Ok(frame) => {
                return notes.problems.add(format!("the voice of p{} came as that of {speaker:?}", frame.speaker));
            }
            Err(error) => return notes.problems.add(error.to_string()),
        };
        let Some(captured) = packet.captured else {
            return notes.problems.add("a voice packet came without its capture time");
        };
        notes.whole_frames += 1;
        notes.added_delay.record(received.since(captured));
        // Those who come and go end their speech when they like.
        if !notes.counted.contains(frame.speaker) {
            return;
        }
        let heard = Heard { speaker: frame.speaker, number: frame.number, captured, received };
        match self.voices.iter_mut().find(|voice| voice.speaker == heard.speaker) {
            Some(last) if heard.number > last.number => {
                // The speaker's own unevenness is not the server's doing; a packet that never came is.
                let is_next = heard.number == last.number + 1;
                let cadence = if is_next { captured.since(last.captured) } else { FRAME };
                notes.voice_gap.record(received.since(last.received).saturating_sub(cadence));
                *last = heard;
            }
            Some(_) => {}
            None => self.voices.push(heard),
        }
    }

    /// Ends the gaps that are open at `now`, while everyone still speaks; a voice that stopped for good counts.
    pub(crate) fn finish(&mut self, notes: &mut Notes, now: Micros) {
        for voice in self.voices.drain(..) {
            let open = now.since(voice.received).saturating_sub(FRAME);
            if open > FRAME {
                notes.voice_gap.record(open);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::speech::Speech;
    use super::*;
    use std::time::Duration;

    const START: Micros = Micros(1_000_000_000);

    fn at(ms: u64) -> Micros {
        START + Duration::from_millis(ms)
    }

    /// A listener that hears packets of one speaker: number, sent and received in ms.
    fn hear(packets: &[(usize, u64, u64)]) -> (Listener, Notes) {
        let (mut listener, mut notes) = (Listener::default(), Notes::default());
        notes.counted.insert(ParticipantId(4));
        let mut speech = Speech::new(4, 1);
        let spoken: Vec<VoicePacket> = (0..10).map(|_| speech.next_packet(START)).collect();
        for (number, sent_ms, received_ms) in packets {
            let packet = VoicePacket { captured: Some(at(*sent_ms)), ..spoken[*number].clone() };
            listener.take(&mut notes, Some(ParticipantId(4)), &packet, at(*received_ms));
        }
        (listener, notes)
    }

    fn longest_gap_ms(notes: &Notes) -> f64 {
        notes.voice_gap.summary().map_or(0.0, |gaps| gaps.max.round())
    }

    #[test]
    fn delay_is_from_capture_to_reception() {
        let (_, notes) = hear(&[(0, 0, 3), (1, 20, 27)]);
        assert_eq!(notes.whole_frames, 2);
        assert_eq!(notes.added_delay.summary().unwrap().max.round(), 7.0);
    }

    #[test]
    fn gaps_are_those_that_the_speaker_did_not_make() {
        assert_eq!(longest_gap_ms(&hear(&[(0, 0, 1), (1, 50, 51)]).1), 0.0, "the speaker was late");
        assert_eq!(longest_gap_ms(&hear(&[(0, 0, 1), (1, 20, 81)]).1), 60.0, "the packet was late");
        assert_eq!(longest_gap_ms(&hear(&[(0, 0, 1), (2, 40, 41)]).1), 20.0, "a packet was lost");
    }

    #[test]
    fn a_voice_that_stops_for_good_is_a_gap() {
        let (mut listener, mut notes) = hear(&[(0, 0, 1)]);
        listener.finish(&mut notes, at(521));
        assert_eq!(longest_gap_ms(&notes), 500.0);
        let (mut listener, mut notes) = hear(&[(0, 0, 1)]);
        listener.finish(&mut notes, at(20));
        assert_eq!(notes.voice_gap.count(), 0);
    }

    #[test]
    fn visitors_may_stop() {
        let (mut listener, mut notes) = (Listener::default(), Notes::default());
        listener.take(&mut notes, Some(ParticipantId(9)), &Speech::new(9, 1).next_packet(START), START);
        listener.finish(&mut notes, at(5_000));
        assert_eq!((notes.whole_frames, notes.voice_gap.count()), (1, 0));
    }

    #[test]
    fn changed_packets_are_noticed() {
        let (mut listener, mut notes) = (Listener::default(), Notes::default());
        let packet = Speech::new(4, 1).next_packet(START);
        listener.take(&mut notes, Some(ParticipantId(5)), &packet, START);
        listener.take(&mut notes, Some(ParticipantId(4)), &VoicePacket { captured: None, ..packet.clone() }, START);
        let broken = VoicePacket { payload: packet.payload.slice(1..), ..packet };
        listener.take(&mut notes, Some(ParticipantId(4)), &broken, START);
        assert_eq!((notes.problems.count, notes.whole_frames), (3, 0));
    }
}
