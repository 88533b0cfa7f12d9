use crate::body::pose;
use crate::config::BotConfig;
use crate::drawing::{Desk, PEN_INTERVAL};
use crate::listening::Ears;
use crate::narrator::Narrator;
use crate::random::Random;
use crate::report::{ParticipantReport, VoiceReport};
use crate::sound::SoundLibrary;
use crate::speaking::{FRAME, Speaker};
use crate::tally::Tally;
use crate::walker::Walker;
use anyhow::{Context, Result};
use atrium_audio::Listener;
use atrium_place::Place;
use atrium_protocol::{
    AvatarBytes, BoardDown, ControlDown, DisplayName, Grants, HeadPose, ParticipantId, PersonChange, Placement, Pose,
    PoseEpoch, Role, Welcome,
};
use atrium_session::{
    ConnectTimes, RoomFiles, Session, SessionCommand, SessionConfig, SessionEvent, SessionHandle, SessionState,
};
use ed25519_dalek::SigningKey;
use glam::{Quat, Vec3};
use hdrhistogram::Histogram;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep_until};

/// How long leaving may take.
const LEAVE_WITHIN: Duration = Duration::from_secs(2);
const NARRATE_INTERVAL: Duration = Duration::from_millis(250);

/// What a bot brings home.
pub(crate) struct Visit {
    pub(crate) report: ParticipantReport,
    pub(crate) pose_age_us: Histogram<u64>,
}

/// One headless person.
pub(crate) struct Bot {
    name: String,
    session: SessionHandle,
    phase: f32,
    walker: Walker,
    epoch: PoseEpoch,
    speaker: Option<Speaker>,
    ears: Option<Ears>,
    desk: Option<Desk>,
    rights: (Grants, Role),
    narrator: Option<Narrator>,
    tally: Tally,
    others: HashMap<ParticipantId, HeadPose>,
    my_pose: Option<Pose>,
    me: Option<ParticipantId>,
    times: Option<ConnectTimes>,
    was_alone: bool,
    has_roster: bool,
    is_in: bool,
    closed: Option<String>,
    ticks: Ticks,
}

/// What happens by the clock.
struct Ticks {
    began: Instant,
    stepped: Instant,
    pose: Interval,
    voice: Interval,
    pen: Interval,
    narrate: Interval,
}

impl Ticks {
    fn new(now: Instant) -> Self {
        let every = |period, behaviour| {
            let mut ticks = interval(period);
            ticks.set_missed_tick_behavior(behaviour);
            ticks
        };
        Self {
            began: now,
            stepped: now,
            pose: every(Duration::from_micros(33_333), MissedTickBehavior::Skip),
            // A voice makes up for a stall: what was said was said.
            voice: every(FRAME, MissedTickBehavior::Burst),
            pen: every(PEN_INTERVAL, MissedTickBehavior::Skip),
            narrate: every(NARRATE_INTERVAL, MissedTickBehavior::Delay),
        }
    }
}

impl Bot {
    pub(crate) fn start(config: &BotConfig, index: usize, sounds: &SoundLibrary) -> Result<Self> {
        let name = config.name_of(index);
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).context("the system gives no random numbers")?;
        let now = Instant::now();
        let ears = match &config.listen {
            Some(path) if index == 0 => Some(Ears::open(path, now)?),
            _ => None,
        };
        let speaker = sounds.source(index, config.count).map(Speaker::new).transpose()?;
        let session = Session::spawn(SessionConfig {
            link: config.link.clone(),
            name: DisplayName::new(&name).context("this name cannot be used")?,
            avatar: AvatarBytes::default(),
            device_key: SigningKey::from_bytes(&seed),
            cache: config.cache.clone(),
            fetch_files: true,
        })?;
        let mut random = Random::new(index as u64 + 1);
        let phase = random.unit() * std::f32::consts::TAU;
        Ok(Self {
            name,
            session,
            walker: Walker::new(config.movement, random.next_u64(), Vec3::ZERO, 0.0),
            phase,
            epoch: PoseEpoch::default(),
            speaker,
            ears,
            desk: config.draws.then(|| Desk::new(config.board, random.clone(), now)),
            rights: (Grants::for_role(Role::Guest), Role::Guest),
            narrator: (config.narrates && index == 0).then(Narrator::default),
            tally: Tally::new()?,
            others: HashMap::new(),
            my_pose: None,
            me: None,
            times: None,
            was_alone: true,
            has_roster: false,
            is_in: false,
            closed: None,
            ticks: Ticks::new(now),
        })
    }

    /// Lives until `until`, until `stop` says so, or until the session is over.
    pub(crate) async fn live(
        mut self,
        until: Option<Instant>,
        mut stop: watch::Receiver<bool>,
        tells: bool,
    ) -> Result<Visit> {
        let far_future = Instant::now() + Duration::from_secs(86_400 * 365);
        let until = until.unwrap_or(far_future);
        while self.closed.is_none() {
            let listens = self.ears.is_some();
            let block_due = self.ears.as_ref().map_or(far_future, Ears::next_due);
            tokio::select! {
                event = self.session.next() => match event {
                    Some(event) => self.on_event(event, tells)?,
                    None => self.closed = Some("the session ended".to_owned()),
                },
                _ = self.ticks.pose.tick() => self.move_on(),
                _ = self.ticks.voice.tick(), if self.is_in && self.speaker.is_some() => self.speak()?,
                () = sleep_until(block_due.into()), if listens => self.record()?,
                _ = self.ticks.pen.tick(), if self.is_in && self.desk.is_some() => self.draw(tells),
                _ = self.ticks.narrate.tick(), if self.narrator.is_some() => self.narrate_time(),
                () = sleep_until(until.into()) => break,
                _ = stop.wait_for(|stop| *stop) => break,
            }
        }
        self.leave().await?;
        Ok(self.visit())
    }

    fn on_event(&mut self, event: SessionEvent, tells: bool) -> Result<()> {
        match event {
            SessionEvent::State(state) => self.on_state(state, tells),
            SessionEvent::Control(message) => self.on_control(&message),
            SessionEvent::Board(word) => self.on_board(&word),
            SessionEvent::Live { records, .. } => {
                if let Some(desk) = &mut self.desk {
                    desk.hear_live(&records);
                }
            }
            SessionEvent::Poses { poses, arrived } => {
                let arrived_server = self.session.clock().server_time(arrived);
                self.tally.on_poses(&poses, arrived, arrived_server);
                for record in &poses.records {
                    let Some(head) = record.pose.head else { continue };
                    self.others.insert(record.id, head);
                    self.tell(|narrator| narrator.on_head(record.id, head.position, arrived));
                }
            }
            SessionEvent::Voice { slot, speaker, packet, arrived } => {
                self.tally.on_voice(slot, speaker, packet.sequence, arrived);
                self.tell(|narrator| narrator.on_voice(speaker, arrived));
                if let Some(ears) = &mut self.ears {
                    ears.hear(slot, speaker, packet, arrived);
                }
            }
            SessionEvent::Files(files) => self.on_files(files.context("the place could not be fetched")?)?,
        }
        Ok(())
    }

    fn on_state(&mut self, state: SessionState, tells: bool) {
        let line = match state {
            SessionState::Connecting => None,
            SessionState::InLobby { message } => Some(format!("{} waits in the lobby: {message}", self.name)),
            SessionState::Connected { me, person, resumed, times } => {
                if let Some(desk) = &mut self.desk {
                    desk.on_connected(me, person);
                }
                Some(self.on_connected(me, resumed, times))
            }
            SessionState::Reconnecting { .. } => {
                self.is_in = false;
                Some(format!("{} lost the connection and tries to come back", self.name))
            }
            SessionState::Closed { message, .. } => {
                self.is_in = false;
                self.closed = Some(message.clone());
                Some(format!("{} is out: {message}", self.name))
            }
        };
        if let Some(line) = line.filter(|_| tells) {
            println!("{line}");
        }
    }

    fn on_connected(&mut self, me: ParticipantId, resumed: bool, times: ConnectTimes) -> String {
        let is_back = self.me.is_some();
        if is_back {
            self.tally.reconnects += 1;
        } else {
            self.times = Some(times);
        }
        self.me = Some(me);
        self.is_in = true;
        self.tally.on_connected();
        self.ticks.voice.reset();
        if let Some(narrator) = &mut self.narrator {
            narrator.on_me(me);
        }
        let took_ms = (times.welcomed - times.requested).as_millis();
        match (is_back, resumed) {
            (false, _) => format!("{} is in the room as {me}, after {took_ms} ms", self.name),
            (true, true) => format!("{} is back as {me}", self.name),
            (true, false) => format!("{} joined anew as {me}", self.name),
        }
    }

    fn on_control(&mut self, message: &ControlDown) {
        match message {
            ControlDown::Welcome(welcome) => self.on_welcome(welcome),
            ControlDown::Placed { placement, .. } => self.on_placed(placement),
            ControlDown::Roster { people, complete } => {
                let has_others = people.iter().any(|person| Some(person.id) != self.me);
                // The first roster counts; later ones come with a resume.
                self.was_alone &= self.has_roster || !has_others;
                self.has_roster |= complete;
            }
            ControlDown::Changed { id, change } if Some(*id) == self.me => self.on_changed(change),
            ControlDown::Left { id, .. } => drop(self.others.remove(id)),
            ControlDown::Chat { .. } => self.tally.chats += 1,
            ControlDown::ChatHistory { messages } => self.tally.chats += messages.len() as u64,
            _ => {}
        }
        if let Some(narrator) = &mut self.narrator {
            narrator.on_control(message).iter().for_each(|line| println!("{line}"));
        }
    }

    fn on_welcome(&mut self, welcome: &Welcome) {
        let period = Duration::from_secs(1) / u32::from(welcome.tick_hz.clamp(1, 120));
        self.ticks.pose = interval(period);
        self.ticks.pose.set_missed_tick_behavior(MissedTickBehavior::Skip);
        self.on_placed(&welcome.placement);
        self.set_rights(welcome.grants, welcome.role);
    }

    fn on_changed(&mut self, change: &PersonChange) {
        let (grants, role) = self.rights;
        self.set_rights(change.grants.unwrap_or(grants), change.role.unwrap_or(role));
    }

    fn set_rights(&mut self, grants: Grants, role: Role) {
        self.rights = (grants, role);
        if let Some(desk) = &mut self.desk {
            desk.set_rights(grants, role);
        }
    }

    fn on_board(&mut self, word: &BoardDown) {
        match word {
            BoardDown::Settled { .. } => self.tally.settled += 1,
            BoardDown::Refused { .. } => self.tally.refused += 1,
            _ => {}
        }
        if let Some(desk) = &mut self.desk {
            desk.hear(word);
        }
    }

    fn on_placed(&mut self, placement: &Placement) {
        self.epoch = placement.epoch;
        self.walker.place_at(Vec3::from_array(placement.position), placement.yaw);
    }

    fn on_files(&mut self, files: RoomFiles) -> Result<()> {
        let path = files.path_of("room.ron").context("this room's place has no room.ron")?;
        let text = std::fs::read_to_string(path).context("the place's room.ron cannot be read")?;
        let place = Place::parse(&text).map_err(|problems| anyhow::anyhow!("the place's room.ron: {problems}"))?;
        self.walker.enter(&place);
        if let Some(desk) = &mut self.desk {
            desk.enter(&place, self.walker.goal())?;
        }
        self.ears.as_mut().map_or(Ok(()), |ears| ears.enter(place, Instant::now()))
    }

    fn move_on(&mut self) {
        let now = Instant::now();
        let elapsed = now.saturating_duration_since(self.ticks.stepped);
        self.ticks.stepped = now;
        if !self.is_in {
            return;
        }
        self.walker.step(elapsed);
        let secs = now.saturating_duration_since(self.ticks.began).as_secs_f32();
        let speaks = self.speaker.as_ref().is_some_and(Speaker::is_speaking);
        let pose = pose(&self.walker, self.epoch, secs, self.phase, speaks);
        self.my_pose = Some(pose);
        // A pose that finds no room is stale in a moment anyway.
        let _ = self.session.try_send(SessionCommand::Pose { pose, captured: now });
    }

    fn speak(&mut self) -> Result<()> {
        let Some(speaker) = &mut self.speaker else { return Ok(()) };
        if let Some(frame) = speaker.next_frame(Instant::now())? {
            let is_sent = self.session.try_send(SessionCommand::Voice(frame)).is_ok();
            self.tally.voice_unsent += u64::from(!is_sent);
        }
        Ok(())
    }

    fn record(&mut self) -> Result<()> {
        let Some(ears) = &mut self.ears else { return Ok(()) };
        let position = self.my_pose.and_then(|pose| pose.head).map_or(self.walker.position(), |head| head.position);
        // Bots look about; their recordings are made straight ahead.
        let listener = Listener { position, room_from_head: Quat::from_rotation_y(self.walker.yaw()) };
        ears.write_until(Instant::now(), listener, &self.others)
    }

    fn draw(&mut self, tells: bool) {
        let Some(desk) = &mut self.desk else { return };
        let done = desk.tick(&self.session);
        self.tally.drawn += done.sent;
        if tells {
            done.tells.iter().for_each(|what| println!("{} {what}", self.name));
        }
    }

    fn narrate_time(&mut self) {
        if let Some(narrator) = &mut self.narrator {
            narrator.on_time(Instant::now()).iter().for_each(|line| println!("{line}"));
        }
    }

    fn tell(&mut self, line: impl FnOnce(&mut Narrator) -> Option<String>) {
        if let Some(line) = self.narrator.as_mut().and_then(line) {
            println!("{line}");
        }
    }

    /// Says goodbye; events on the way out no longer count.
    async fn leave(&mut self) -> Result<()> {
        self.session.leave();
        let farewell = async {
            while let Some(event) = self.session.next().await {
                if matches!(event, SessionEvent::State(SessionState::Closed { .. })) {
                    return;
                }
            }
        };
        if tokio::time::timeout(LEAVE_WITHIN, farewell).await.is_err() {
            tracing::debug!(name = self.name, "left without a farewell");
        }
        self.record()?;
        self.ears.take().map_or(Ok(()), Ears::finish)
    }

    fn visit(self) -> Visit {
        let voice = |(id, count): (ParticipantId, crate::tally::VoiceCount)| {
            (id.0, VoiceReport { packets: count.received, lost: count.lost })
        };
        let join_ms = self.times.and_then(|times| {
            let arrived = if self.was_alone { Some(times.welcomed) } else { self.tally.first_media };
            Some(arrived?.saturating_duration_since(times.requested).as_secs_f64() * 1_000.0)
        });
        let report = ParticipantReport {
            name: self.name,
            id: self.me.filter(|_| self.times.is_some()).map(|me| me.0),
            error: self.closed,
            join_ms,
            people_seen: self.tally.pose_records.keys().filter(|id| Some(**id) != self.me).count(),
            voice: self.tally.voices.into_iter().map(voice).collect(),
            poses: self.tally.pose_records.values().sum(),
            voice_unsent: self.tally.voice_unsent,
            chats: self.tally.chats,
            drawn: self.tally.drawn,
            settled: self.tally.settled,
            refused: self.tally.refused,
            reconnects: self.tally.reconnects,
        };
        Visit { report, pose_age_us: self.tally.pose_age_us }
    }
}
