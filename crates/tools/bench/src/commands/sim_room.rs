use crate::host::hall;
use crate::people::{POSE_INTERVAL, Walk};
use crate::random::Random;
use anyhow::{Context as _, anyhow, bail};
use atrium_place::Place;
use atrium_protocol::{
    AvatarBytes, ControlDown, DeviceKey, DisplayName, InviteId, Lane, Micros, ParticipantId, PoseUp, ResumeSecret,
    Role, RoomId, Tick, decode_message, decode_pose_down, encode_pose_up,
};
use atrium_room::{Admission, Room, RoomConfig, RoomInput, RoomOutput, SavedRoom};
use bytes::Bytes;
use glam::Vec3;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::{Duration, Instant};

const START: Micros = Micros(1_800_000_000_000_000);
/// Virtual time from one join to the next.
const JOIN_EVERY: Duration = Duration::from_millis(5);

/// A room's logic without network and disk, on virtual time.
pub(super) struct SimRoom {
    room: Room,
    pub(super) now: Micros,
    /// Real time spent in the room.
    pub(super) room_time: Duration,
    random: Random,
    pub(super) people: Vec<SimPerson>,
    index_of: Vec<usize>,
    next_poses: BinaryHeap<Reverse<(Micros, usize)>>,
    /// By receiver, then sender.
    pub(super) sight: Vec<Sight>,
}

pub(super) struct SimPerson {
    id: ParticipantId,
    walk: Option<(Walk, Micros)>,
    sequence: Tick,
    pub(super) position: Vec3,
    /// Payload of the pose lane that they received.
    pub(super) bytes: u64,
}

/// What one person knows of another one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sight {
    /// When the newest head was captured.
    pub(super) captured: Micros,
    /// Heads received.
    pub(super) heads: u32,
}

impl SimRoom {
    /// A room that so many people have joined, one after the other.
    ///
    /// # Errors
    /// When the room does not let them in.
    pub(super) fn with_people(people: usize, seed: u64) -> anyhow::Result<Self> {
        let place = Place::parse(&hall(people)).map_err(|problems| anyhow!("the hall is not a place: {problems}"))?;
        let room_id = RoomId::parse("sim").map_err(anyhow::Error::msg)?;
        let config = RoomConfig { capacity: u32::try_from(people)?, ..RoomConfig::new(room_id) };
        let mut sim = Self {
            room: Room::new(config, Arc::new(place), SavedRoom { next_participant: 1, ..SavedRoom::default() }),
            now: START,
            room_time: Duration::ZERO,
            random: Random::new(seed),
            people: Vec::with_capacity(people),
            index_of: Vec::new(),
            next_poses: BinaryHeap::new(),
            sight: vec![Sight::default(); people * people],
        };
        for number in 0..people {
            sim.join(number)?;
            sim.run_for(JOIN_EVERY)?;
        }
        sim.run_for(Duration::from_secs(3))?;
        if sim.people.iter().any(|person| person.walk.is_none()) {
            bail!("the room did not welcome everyone");
        }
        Ok(sim)
    }

    fn join(&mut self, number: usize) -> anyhow::Result<()> {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&(number as u64).to_le_bytes());
        let admission = Admission {
            person: DeviceKey(key).person(),
            name: DisplayName::try_from(format!("person {number}")).map_err(|error| anyhow!("{error}"))?,
            avatar: AvatarBytes::default(),
            invite: InviteId::parse("sim").map_err(anyhow::Error::msg)?,
            invited_role: Role::Member,
            uses: None,
            resume: None,
            new_secret: ResumeSecret(key),
        };
        let now = self.now;
        let admitted = self.timed(|room| room.admit(now, admission));
        let id = admitted.map_err(|refused| anyhow!(refused.message))?.participant;
        let index = self.people.len();
        self.people.push(SimPerson { id, walk: None, sequence: Tick(0), position: Vec3::ZERO, bytes: 0 });
        let slot = id.0 as usize;
        self.index_of.resize(self.index_of.len().max(slot + 1), usize::MAX);
        self.index_of[slot] = index;
        self.drain()?;
        self.handle(RoomInput::Connected { id })?;
        let phase = POSE_INTERVAL.mul_f32(self.random.unit());
        self.next_poses.push(Reverse((self.now + phase, index)));
        Ok(())
    }

    /// Lets virtual time pass.
    pub(super) fn run_for(&mut self, time: Duration) -> anyhow::Result<()> {
        let until = self.now + time;
        loop {
            let pose_at = self.next_poses.peek().map(|Reverse((at, _))| *at);
            let timer_at = self.room.poll_timeout();
            let Some(next) = [pose_at, timer_at].into_iter().flatten().min().filter(|next| *next <= until) else {
                self.now = until;
                return Ok(());
            };
            self.now = self.now.max(next);
            if pose_at == Some(next) {
                self.pose()?;
            } else {
                let now = self.now;
                self.timed(|room| room.handle_timeout(now));
                self.drain()?;
            }
        }
    }

    /// The next person whose pose is due sends it.
    fn pose(&mut self) -> anyhow::Result<()> {
        let Some(Reverse((at, index))) = self.next_poses.pop() else { return Ok(()) };
        self.next_poses.push(Reverse((at + POSE_INTERVAL, index)));
        let Some(person) = self.people.get_mut(index) else { return Ok(()) };
        let Some((walk, since)) = &person.walk else { return Ok(()) };
        let pose = walk.pose_at(at.since(*since).as_secs_f32());
        person.position = pose.head.map_or(person.position, |head| head.position);
        person.sequence = person.sequence.next();
        let up = PoseUp { sequence: person.sequence, captured_ms: at.wrapped_millis(), pose };
        let (id, bytes) = (person.id, Bytes::from(encode_pose_up(&up)));
        self.handle(RoomInput::Received { id, lane: Lane::Pose, bytes })
    }

    fn handle(&mut self, input: RoomInput) -> anyhow::Result<()> {
        let now = self.now;
        self.timed(|room| room.handle(now, input));
        self.drain()
    }

    fn timed<T>(&mut self, act: impl FnOnce(&mut Room) -> T) -> T {
        let start = Instant::now();
        let result = act(&mut self.room);
        self.room_time += start.elapsed();
        result
    }

    fn drain(&mut self) -> anyhow::Result<()> {
        while let Some(output) = self.room.poll_output() {
            match output {
                RoomOutput::Persist { ticket, .. } => {
                    let now = self.now;
                    self.timed(|room| room.handle(now, RoomInput::Committed { ticket }));
                }
                RoomOutput::Send { to, lane, bytes } => self.receive(to, lane, &bytes)?,
                RoomOutput::Close { reason, .. } => bail!("the room closed a connection: {reason}"),
                RoomOutput::LoadBoard { .. } => bail!("the room asked for a board that nobody asked for"),
            }
        }
        Ok(())
    }

    fn receive(&mut self, to: ParticipantId, lane: Lane, bytes: &[u8]) -> anyhow::Result<()> {
        let index = self.index_of.get(to.0 as usize).copied().unwrap_or(usize::MAX);
        let Some(person) = self.people.get_mut(index) else { return Ok(()) };
        match lane {
            Lane::Pose => {
                person.bytes += bytes.len() as u64;
                self.see(index, bytes)
            }
            Lane::Control if person.walk.is_none() => {
                let message = decode_message(bytes, Lane::Control.spec().max_message_bytes)?;
                if let ControlDown::Welcome(welcome) = message {
                    person.walk = Some((Walk::new(&welcome.placement, &mut self.random), self.now));
                }
                Ok(())
            }
            Lane::Control | Lane::Board => Ok(()),
        }
    }

    fn see(&mut self, receiver: usize, datagram: &[u8]) -> anyhow::Result<()> {
        let down = decode_pose_down(datagram).context("the room sent poses that cannot be read")?;
        let width = self.sight.len().isqrt();
        for record in down.records.iter().filter(|record| record.pose.head.is_some()) {
            let sender = self.index_of.get(record.id.0 as usize).copied().unwrap_or(usize::MAX);
            if sender < width
                && let Some(sight) = self.sight.get_mut(receiver * width + sender)
            {
                sight.captured = self.now - Duration::from_millis(record.age_ms.into());
                sight.heads += 1;
            }
        }
        Ok(())
    }

    /// Begins to measure.
    pub(super) fn restart(&mut self) {
        self.room_time = Duration::ZERO;
        self.people.iter_mut().for_each(|person| person.bytes = 0);
        self.sight.iter_mut().for_each(|sight| sight.heads = 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_in_a_small_room_sees_everyone_move() {
        let mut sim = SimRoom::with_people(5, 1).unwrap();
        sim.restart();
        sim.run_for(Duration::from_secs(2)).unwrap();
        for receiver in 0..5 {
            for sender in (0..5).filter(|sender| *sender != receiver) {
                let sight = sim.sight[receiver * 5 + sender];
                assert!((50..=62).contains(&sight.heads), "{receiver} sees {sender} {} times", sight.heads);
                assert!(sim.now.since(sight.captured) < Duration::from_millis(150));
            }
        }
        assert!(sim.people.iter().all(|person| person.bytes > 0) && sim.room_time > Duration::ZERO);
    }
}
