use anyhow::{Context, Result};
use atrium_audio::{
    BLOCK, BLOCK_SAMPLES, Listener, Mouth, Reach, SAMPLE_RATE_HZ, SoundCommand, SoundCore, SoundScene, StereoBlock,
    occlusion, room_sound,
};
use atrium_place::Place;
use atrium_protocol::{HeadPose, Micros, ParticipantId, VOICE_SLOTS};
use atrium_spatial::Hrtf;
use atrium_voice::VoicePacket;
use glam::Vec3;
use hound::{SampleFormat, WavSpec, WavWriter};
use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::time::{Duration, Instant};

/// A mouth is below the eyes.
const MOUTH_FROM_EYES: Vec3 = Vec3::new(0.0, -0.07, -0.02);

/// Ears: what a person with headphones would hear, in a file that keeps time with the clock on the wall.
pub(crate) struct Ears {
    sound: SoundCore,
    place: Option<Place>,
    /// Who speaks in each voice slot: the only ones of whom it matters where they are.
    speakers: [Option<ParticipantId>; VOICE_SLOTS],
    file: WavWriter<BufWriter<File>>,
    began: Instant,
    blocks: u64,
}

impl Ears {
    pub(crate) fn open(path: &Path, now: Instant) -> Result<Self> {
        let spec =
            WavSpec { channels: 2, sample_rate: SAMPLE_RATE_HZ, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let file = WavWriter::create(path, spec).with_context(|| format!("cannot write {}", path.display()))?;
        let sound = SoundCore::new(Hrtf::mit_kemar())?;
        Ok(Self { sound, place: None, speakers: [None; VOICE_SLOTS], file, began: now, blocks: 0 })
    }

    /// From now on it sounds as in this place.
    pub(crate) fn enter(&mut self, place: Place, now: Instant) -> Result<()> {
        self.sound.command(self.steady(now), SoundCommand::Enter(room_sound(&place)))?;
        self.place = Some(place);
        Ok(())
    }

    /// When the next block is due.
    pub(crate) fn next_due(&self) -> Instant {
        self.began + BLOCK * u32::try_from(self.blocks + 1).unwrap_or(u32::MAX)
    }

    pub(crate) fn hear(
        &mut self,
        slot: u8,
        speaker: ParticipantId,
        packet: atrium_link::VoicePacket,
        arrived: Instant,
    ) {
        if let Some(known) = self.speakers.get_mut(usize::from(slot)) {
            *known = Some(speaker);
        }
        let atrium_link::VoicePacket { sequence, timestamp, marker, captured, payload, .. } = packet;
        let packet = VoicePacket { sequence, timestamp, marker, speaker: Some(speaker), captured, payload };
        self.sound.hear(slot, self.steady(arrived), packet);
    }

    /// Renders and writes everything up to `now`, for ears at `ears`.
    pub(crate) fn write_until(
        &mut self,
        now: Instant,
        ears: Listener,
        others: &HashMap<ParticipantId, HeadPose>,
    ) -> Result<()> {
        let speakers = self.speakers.iter().flatten();
        let mouths = speakers.filter_map(|id| Some(self.mouth(*id, others.get(id)?, ears))).collect();
        self.sound.place(SoundScene { ears, mouths });
        while self.next_due() <= now {
            let mut block: StereoBlock = [[0.0; 2]; BLOCK_SAMPLES];
            self.sound.render(self.steady(self.next_due()), Duration::ZERO, &mut block);
            self.write(&block).context("the recording cannot be written")?;
            self.blocks += 1;
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<()> {
        self.file.finalize().context("the recording cannot be finished")
    }

    fn mouth(&self, id: ParticipantId, head: &HeadPose, ears: Listener) -> Mouth {
        let position = head.position + head.rotation * MOUTH_FROM_EYES;
        let place = self.place.as_ref();
        let zone = place.and_then(|place| place.zone(place.zone_at(head.position)?));
        Mouth {
            facing: head.rotation * Vec3::NEG_Z,
            occlusion: place.map_or(0.0, |place| occlusion(place, position, ears.position)),
            reach: if zone.is_some_and(|zone| zone.stage) { Reach::Everyone } else { Reach::Near },
            ..Mouth::new(id, position)
        }
    }

    fn write(&mut self, block: &StereoBlock) -> hound::Result<()> {
        for sample in block.iter().flatten() {
            self.file.write_sample((sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16)?;
        }
        Ok(())
    }

    fn steady(&self, at: Instant) -> Micros {
        let since = at.saturating_duration_since(self.began);
        Micros(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::SoundSource;
    use crate::speaking::{FRAME, Speaker};
    use atrium_voice::FRAME_SAMPLES;
    use glam::Quat;

    const ADA: ParticipantId = ParticipantId(5);
    const HEAD: Vec3 = Vec3::new(0.0, 1.6, 0.0);

    /// Levels in dB of both ears, while a tone sounds from `offset` for two seconds in `place`.
    fn levels_db(offset: Vec3, place: Option<&str>) -> [f32; 2] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.wav");
        let began = Instant::now();
        let mut ears = Ears::open(&path, began).unwrap();
        if let Some(place) = place {
            ears.enter(Place::parse(place).unwrap(), began).unwrap();
        }
        let me = Listener { position: HEAD, ..Listener::default() };
        let others = HashMap::from([(ADA, HeadPose { position: HEAD + offset, rotation: Quat::IDENTITY })]);
        let mut speaker = Speaker::new(SoundSource::Tone { hz: 2_000.0, turns: 0.0 }).unwrap();
        for sequence in 0..100_u16 {
            let now = began + FRAME * u32::from(sequence);
            let frame = speaker.next_frame(now).unwrap().unwrap();
            let packet = atrium_link::VoicePacket {
                sequence,
                timestamp: frame.timestamp,
                marker: frame.marker,
                level_dbov: frame.level_dbov,
                captured: None,
                payload: frame.payload,
            };
            ears.hear(3, ADA, packet, now);
            ears.write_until(now, me, &others).unwrap();
        }
        ears.finish().unwrap();
        let mut file = hound::WavReader::open(&path).unwrap();
        let samples: Vec<f32> = file.samples::<i16>().map(|sample| f32::from(sample.unwrap()) / 32_767.0).collect();
        assert_eq!(samples.len(), 99 * FRAME_SAMPLES * 2, "the file keeps time");
        [0, 1].map(|ear| {
            let late = samples.iter().skip(48_000 + ear).step_by(2);
            10.0 * (late.clone().map(|sample| sample * sample).sum::<f32>() / late.count() as f32).log10()
        })
    }

    #[test]
    fn who_stands_on_the_right_is_heard_on_the_right() {
        let [left, right] = levels_db(Vec3::X * 2.0, None);
        assert!((-40.0..-10.0).contains(&right) && right - left > 4.0, "{left} dB left, {right} dB right");
        let mirrored = levels_db(Vec3::X * -2.0, None);
        assert!(mirrored[0] - mirrored[1] > 4.0, "{mirrored:?}");
    }

    #[test]
    fn a_wall_in_between_makes_a_voice_quieter() {
        let room = |solids: &str| {
            format!(
                "Room(title: \"T\", bounds: (min: (-6, 0, -6), max: (6, 3, 6)), \
                 spawns: [(position: (0, 0, 0), yaw_degrees: 0)], {solids})"
            )
        };
        let wall = "walls: [(position: (1, 1.5, 0), shape: Box(size: (0.2, 3, 8)))]";
        let open = levels_db(Vec3::X * 2.0, Some(&room("")));
        let behind = levels_db(Vec3::X * 2.0, Some(&room(wall)));
        assert!(open[1] - behind[1] > 6.0, "{open:?} without, {behind:?} with a wall");
    }
}
