use super::device::Device;
use super::drawing::{Drawing, Fate};
use super::listener::Listener;
use super::pose_log::PoseLog;
use super::rtp::{is_rtp, read_voice_header};
use super::speech::Speech;
use super::tally::{Notes, VoiceCount};
use super::walk::Walk;
use crate::clock::micros_now;
use crate::host::stamp_received;
use crate::random::Random;
use anyhow::Context as _;
use atrium_link::rtc_driver::ClientPeer;
use atrium_link::{ClosedBy, LinkEvent};
use atrium_protocol::{
    BoardDown, BoardUp, ControlDown, ControlUp, JoinAnswer, Lane, Micros, ParticipantId, PersonId, PoseUp, ResumeClaim,
    ResumeSecret, Tick, decode_message, encode_message, encode_pose_up,
};
use atrium_session::JoinLink;
use socket2::SockRef;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

const SOCKET_BUFFER_BYTES: usize = 1024 * 1024;
/// When to look again at a connection that says nothing about its timers.
const NO_TIMER: Duration = Duration::from_secs(1);
/// The first byte of a datagram that says what people do at boards.
const LIVE_DOWN: u8 = 4;

/// What a client is to do.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) name: String,
    /// Decrypts and checks every voice packet, and reads every pose. Others count by clear headers.
    pub(crate) observes: bool,
    /// Comes back as somebody who was here before.
    pub(crate) comeback: Option<Comeback>,
}

/// What somebody needs to come back after a loss.
#[derive(Clone)]
pub(crate) struct Comeback {
    device: Device,
    claim: ResumeClaim,
}

/// How far in a client is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Has an offer and a socket.
    Prepared,
    /// Has posted its join.
    Asked,
    /// Has the answer.
    Connecting,
    /// Was welcomed.
    Inside,
    /// Was refused, or its connection is over; the sentence says why.
    Over(String),
}

/// One person: a real connection on a socket of its own.
pub(crate) struct Client {
    pub(crate) socket: UdpSocket,
    peer: ClientPeer,
    device: Device,
    plan: Plan,
    offer: String,
    random: Random,
    pub(crate) stage: Stage,
    pub(crate) id: Option<ParticipantId>,
    pub(crate) person: Option<PersonId>,
    resume_secret: Option<ResumeSecret>,
    pub(crate) was_resumed: bool,
    asked_at: Option<Micros>,
    /// From posting the join to the first voice packet or pose datagram.
    pub(crate) joined_after: Option<Duration>,
    walk: Option<(Walk, Instant)>,
    sequence: Tick,
    pub(crate) speech: Option<Speech>,
    pub(crate) voice: VoiceCount,
    pub(crate) pose_datagrams: u64,
    pub(crate) pose_bytes: u64,
    pub(crate) drawing: Option<Drawing>,
    /// Operations that were settled, of everybody.
    pub(crate) settled: u64,
    pub(crate) live_datagrams: u64,
    pub(crate) chats: u64,
    chats_said: u64,
    pub(crate) listener: Option<Listener>,
    pub(crate) pose_log: Option<PoseLog>,
    /// When the connection's timers are due.
    pub(crate) due: Instant,
}

impl Client {
    /// Opens a socket at `local` and makes an offer.
    ///
    /// # Errors
    /// When the system gives no socket or no random numbers.
    pub(crate) fn prepare(local: SocketAddr, plan: Plan, seed: u64) -> anyhow::Result<Self> {
        let now = Instant::now();
        let socket = UdpSocket::bind(local).context("no more UDP sockets: raise `ulimit -n`")?;
        socket.set_nonblocking(true)?;
        let buffers = SockRef::from(&socket);
        buffers.set_recv_buffer_size(SOCKET_BUFFER_BYTES)?;
        buffers.set_send_buffer_size(SOCKET_BUFFER_BYTES)?;
        stamp_received(&socket)?;
        let mut random = Random::new(seed);
        let ssrc = (random.next() >> 32) as u32;
        let (peer, offer) = ClientPeer::offer(now, socket.local_addr()?, ssrc).context("cannot make an offer")?;
        let device = plan.comeback.as_ref().map_or_else(Device::new, |comeback| Ok(comeback.device.clone()))?;
        Ok(Self {
            socket,
            peer,
            device,
            offer,
            random,
            stage: Stage::Prepared,
            id: None,
            person: None,
            resume_secret: None,
            was_resumed: false,
            asked_at: None,
            joined_after: None,
            walk: None,
            sequence: Tick(0),
            speech: None,
            voice: VoiceCount::default(),
            pose_datagrams: 0,
            pose_bytes: 0,
            drawing: None,
            settled: 0,
            live_datagrams: 0,
            chats: 0,
            chats_said: 0,
            listener: plan.observes.then(Listener::default),
            pose_log: plan.observes.then(PoseLog::default),
            plan,
            due: now,
        })
    }

    /// The body of its join request; the clock of the join runs from now on.
    ///
    /// # Errors
    /// Only if our own offer is not a possible one.
    pub(crate) fn ask(&mut self, link: &JoinLink) -> anyhow::Result<Vec<u8>> {
        let claim = self.plan.comeback.as_ref().map(|comeback| comeback.claim.clone());
        let body = self.device.join_body(link, &self.plan.name, std::mem::take(&mut self.offer), claim)?;
        self.stage = Stage::Asked;
        self.asked_at = Some(micros_now());
        Ok(body)
    }

    /// Takes the answer to its join.
    pub(crate) fn answered(&mut self, now: Instant, result: Result<Box<JoinAnswer>, String>) {
        let accepted = result.and_then(|answer| {
            self.peer.accept(now, &answer.sdp).map_err(|error| format!("the answer is not understood: {error}"))?;
            Ok(answer)
        });
        match accepted {
            Ok(answer) => {
                self.id = Some(answer.participant);
                self.person = Some(answer.person);
                self.resume_secret = Some(answer.resume_secret);
                self.was_resumed = answer.resumed;
                self.stage = Stage::Connecting;
            }
            Err(sentence) => self.stage = Stage::Over(sentence),
        }
        self.flush(now);
    }

    /// What it takes to come back after this client vanished.
    pub(crate) fn comeback(&self) -> Option<Comeback> {
        let claim = ResumeClaim { participant: self.id?, secret: self.resume_secret.clone()? };
        Some(Comeback { device: self.device.clone(), claim })
    }

    /// Takes a datagram; returns whether [`Self::flush`] is needed afterwards.
    pub(crate) fn take(
        &mut self,
        now: Instant,
        from: SocketAddr,
        at: Option<Micros>,
        bytes: &[u8],
        notes: &mut Notes,
    ) -> bool {
        let is_media = is_rtp(bytes);
        if let Some(header) = read_voice_header(bytes) {
            self.voice.take(&header, &notes.counted);
            self.note_arrival();
        }
        if !is_media || self.listener.is_some() {
            self.peer.handle_datagram(now, from, bytes);
            self.take_events(now, at, notes);
        }
        !is_media
    }

    fn note_arrival(&mut self) {
        if self.joined_after.is_none() {
            self.joined_after = self.asked_at.map(|asked_at| micros_now().since(asked_at));
        }
    }

    fn take_events(&mut self, now: Instant, at: Option<Micros>, notes: &mut Notes) {
        while let Some(event) = self.peer.poll_event() {
            let at = at.unwrap_or_else(micros_now);
            match event {
                LinkEvent::LaneOpen(Lane::Control) => {
                    // The room speaks when it has been spoken to.
                    self.send_control(now, &ControlUp::Ping { client_us: 0 });
                }
                LinkEvent::LaneOpen(_) => {}
                LinkEvent::Message { lane: Lane::Control, bytes } => self.take_control(now, &bytes, notes),
                LinkEvent::Message { lane: Lane::Pose, bytes } if bytes.first() == Some(&LIVE_DOWN) => {
                    self.live_datagrams += 1;
                }
                LinkEvent::Message { lane: Lane::Pose, bytes } => {
                    self.note_arrival();
                    self.pose_datagrams += 1;
                    self.pose_bytes += bytes.len() as u64;
                    if let Some(log) = &mut self.pose_log {
                        log.take(notes, &bytes, at);
                    }
                }
                LinkEvent::Message { lane: Lane::Board, bytes } => self.take_board(&bytes, at, notes),
                LinkEvent::Voice { speaker, packet, .. } => {
                    if let Some(listener) = &mut self.listener {
                        listener.take(notes, speaker, &packet, at);
                    }
                }
                LinkEvent::Closed(ClosedBy::Us) => {}
                LinkEvent::Closed(by) => self.over(format!("the connection was closed: {by:?}"), notes),
            }
        }
    }

    fn take_control(&mut self, now: Instant, bytes: &[u8], notes: &mut Notes) {
        match decode_message::<ControlDown>(bytes, Lane::Control.spec().max_message_bytes) {
            Ok(ControlDown::Welcome(welcome)) => {
                self.walk = Some((Walk::new(&welcome.placement, &mut self.random), now));
                self.stage = Stage::Inside;
            }
            Ok(ControlDown::Placed { placement, .. }) => {
                self.walk = Some((Walk::new(&placement, &mut self.random), now));
            }
            Ok(ControlDown::Chat { .. }) => self.chats += 1,
            Ok(ControlDown::Refused { what, message, .. }) => notes.problems.add(format!("{what} refused: {message}")),
            Ok(ControlDown::Closing { message, .. }) => self.over(message.to_string(), notes),
            Ok(_) => {}
            Err(error) => notes.problems.add(error.to_string()),
        }
    }

    fn take_board(&mut self, bytes: &[u8], at: Micros, notes: &mut Notes) {
        let word = match decode_message::<BoardDown>(bytes, Lane::Board.spec().max_message_bytes) {
            Ok(word) => word,
            Err(error) => return notes.problems.add(error.to_string()),
        };
        self.settled += u64::from(matches!(word, BoardDown::Settled { .. }));
        match self.drawing.as_mut().and_then(|drawing| drawing.hear(&word, at)) {
            Some(Fate::Settled(after)) => notes.acknowledged.record(after),
            Some(Fate::Refused(why)) => {
                notes.problems.add(format!("a stroke of {} was refused: {why}", self.plan.name))
            }
            None => {}
        }
    }

    fn over(&mut self, why: String, notes: &mut Notes) {
        if !matches!(self.stage, Stage::Over(_)) {
            notes.problems.add(format!("{}: {why}", self.plan.name));
            self.stage = Stage::Over(why);
        }
    }

    /// Sends where it is now.
    pub(crate) fn send_pose(&mut self, now: Instant) {
        let Some((walk, since)) = &self.walk else { return };
        let pose = walk.pose_at(now.saturating_duration_since(*since).as_secs_f32());
        self.sequence = self.sequence.next();
        let up = PoseUp { sequence: self.sequence, captured_ms: micros_now().wrapped_millis(), pose };
        // Not open yet, or full: a pose that cannot go now is stale later.
        let _ = self.peer.send(now, Lane::Pose, &encode_pose_up(&up));
        self.flush(now);
    }

    /// Says the next 20 ms, if it speaks; returns whether it does.
    pub(crate) fn send_voice(&mut self, now: Instant) -> bool {
        let Some(speech) = &mut self.speech else { return false };
        // Nobody hears it before the handshake; the tallies of the listeners show what is missing.
        let _ = self.peer.send_voice(now, &speech.next_packet(micros_now()));
        self.flush(now);
        true
    }

    /// Draws on, if it is time; returns when to come again.
    pub(crate) fn draw(&mut self, now: Instant, notes: &mut Notes) -> Option<Duration> {
        let drawing = self.drawing.as_mut()?;
        let interval = drawing.interval();
        match drawing.next(now) {
            Ok(Some(up)) => {
                if !self.send_board(now, &up) {
                    notes.problems.add("a stroke found no room on the way out");
                }
                self.flush(now);
            }
            Ok(None) => {}
            Err(error) => notes.problems.add(format!("{error:#}")),
        }
        interval
    }

    /// Shows the stroke that it is drawing; returns whether it draws.
    pub(crate) fn send_live(&mut self, now: Instant) -> bool {
        let Some(drawing) = self.drawing.as_mut().filter(|drawing| drawing.interval().is_some()) else { return false };
        if let Some(datagram) = drawing.live(now) {
            // As a pose: what cannot go now is stale later.
            let _ = self.peer.send(now, Lane::Pose, &datagram);
            self.flush(now);
        }
        true
    }

    /// Says something in the chat; returns whether it was taken.
    pub(crate) fn say(&mut self, now: Instant, text: &str) -> bool {
        let Ok(text) = text.to_owned().try_into() else { return false };
        self.chats_said += 1;
        let nonce = micros_now().0.wrapping_add(self.chats_said);
        let is_taken = self.send_control(now, &ControlUp::Chat { nonce, text });
        self.flush(now);
        is_taken
    }

    /// Leaves for good.
    pub(crate) fn leave(&mut self, now: Instant) {
        self.send_control(now, &ControlUp::Leave);
        self.flush(now);
        self.peer.close();
        self.flush(now);
    }

    fn send_control(&mut self, now: Instant, message: &ControlUp) -> bool {
        let bytes = encode_message(message, Lane::Control.spec().max_message_bytes);
        bytes.is_ok_and(|bytes| self.peer.send(now, Lane::Control, &bytes).is_ok())
    }

    fn send_board(&mut self, now: Instant, message: &BoardUp) -> bool {
        let bytes = encode_message(message, Lane::Board.spec().max_message_bytes);
        bytes.is_ok_and(|bytes| self.peer.send(now, Lane::Board, &bytes).is_ok())
    }

    /// Lets the connection's timers run.
    pub(crate) fn run_timers(&mut self, now: Instant, notes: &mut Notes) {
        self.peer.handle_timeout(now);
        self.take_events(now, None, notes);
        self.flush(now);
    }

    /// Sends what the connection wants sent.
    pub(crate) fn flush(&mut self, now: Instant) {
        while let Some((to, datagram)) = self.peer.poll_datagram() {
            if let Err(error) = self.socket.send_to(&datagram, to) {
                tracing::debug!(%error, %to, "a datagram was not sent");
            }
        }
        self.due = self.peer.poll_timeout().unwrap_or(now + NO_TIMER);
    }
}
