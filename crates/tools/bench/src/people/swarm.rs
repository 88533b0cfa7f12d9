use super::client::{Client, Plan, Stage};
use super::drawing::{Drawing, LIVE_INTERVAL};
use super::schedule::{Act, Due, Schedule};
use super::speech::{FRAME, Speech};
use super::tally::Notes;
use super::walk::POSE_INTERVAL;
use crate::clock::micros_now;
use crate::host::{JoinCall, Joiner, ReceiveBatch, local_address};
use crate::random::Random;
use anyhow::{Context as _, bail};
use atrium_protocol::{BoardId, PersonId};
use atrium_session::JoinLink;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token, Waker};
use std::net::SocketAddr;
use std::os::fd::AsRawFd as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

const WAKER: Token = Token(usize::MAX);
const EVENTS: usize = 1_024;
/// Joins under way at a time when many people come in before a measurement.
const COMING_IN: usize = 8;
/// Longest wait in one step, so that Ctrl-C is never late.
const LONGEST_WAIT: Duration = Duration::from_millis(100);

/// Many clients in one thread.
pub(crate) struct Swarm {
    link: JoinLink,
    local: SocketAddr,
    poll: Poll,
    joiner: Joiner,
    events: Events,
    clients: Vec<Option<Client>>,
    /// When each client's timers are due, apart from the clients: it is looked through at every step.
    dues: Vec<Option<Instant>>,
    schedule: Schedule,
    random: Random,
    inbox: ReceiveBatch,
    pub(crate) notes: Notes,
}

impl Swarm {
    /// # Errors
    /// When the system gives no threads or sockets, or the server cannot be reached.
    pub(crate) fn new(link: JoinLink, seed: u64) -> anyhow::Result<Self> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKER)?);
        Ok(Self {
            local: local_address(&link)?,
            joiner: Joiner::start(&link, waker)?,
            link,
            poll,
            events: Events::with_capacity(EVENTS),
            clients: Vec::new(),
            dues: Vec::new(),
            schedule: Schedule::default(),
            random: Random::new(seed),
            inbox: ReceiveBatch::new(),
            notes: Notes::default(),
        })
    }

    /// Makes a client that is ready to join; its number is its index from now on.
    ///
    /// # Errors
    /// When the system gives no socket.
    pub(crate) fn prepare(&mut self, plan: Plan) -> anyhow::Result<usize> {
        let client = Client::prepare(self.local, plan, self.random.next())?;
        let index = self.clients.len();
        let fd = client.socket.as_raw_fd();
        self.poll.registry().register(&mut SourceFd(&fd), Token(index), Interest::READABLE)?;
        self.dues.push(Some(client.due));
        self.clients.push(Some(client));
        Ok(index)
    }

    /// Posts a prepared client's join. Once welcomed, it walks.
    ///
    /// # Errors
    /// When too many joins are under way.
    pub(crate) fn ask(&mut self, index: usize) -> anyhow::Result<()> {
        let Some(client) = self.clients.get_mut(index).and_then(Option::as_mut) else { return Ok(()) };
        let body = client.ask(&self.link)?;
        self.joiner.post(JoinCall { client: index, body })?;
        self.begin(index, Act::Pose, POSE_INTERVAL);
        // Many joins at once must not hold up those who speak.
        self.act();
        Ok(())
    }

    /// Has somebody do something again and again; if they do it already, anew, and not twice.
    fn begin(&mut self, client: usize, act: Act, interval: Duration) {
        self.schedule.cancel(client, act);
        let at = Instant::now() + interval.mul_f32(self.random.unit());
        self.schedule.add(Due { at, act, client });
    }

    /// Lets all of `plans` in, a few at a time, and waits until each is inside; returns their indices.
    ///
    /// # Errors
    /// When one does not get in, or not within `limit`.
    pub(crate) fn bring_in(&mut self, plans: Vec<Plan>, limit: Duration) -> anyhow::Result<Vec<usize>> {
        let deadline = Instant::now() + limit;
        let mut plans = plans.into_iter();
        let mut indices: Vec<usize> = Vec::with_capacity(plans.len());
        loop {
            let mut outside = 0;
            for index in &indices {
                match self.client(*index).map(|client| &client.stage) {
                    Some(Stage::Inside) => {}
                    Some(Stage::Over(why)) => bail!("somebody did not get in: {why}"),
                    _ => outside += 1,
                }
            }
            while outside < COMING_IN
                && let Some(plan) = plans.next()
            {
                let index = self.prepare(plan)?;
                self.ask(index)?;
                indices.push(index);
                outside += 1;
            }
            if outside == 0 {
                return Ok(indices);
            }
            if Instant::now() > deadline {
                bail!(
                    "{} of {} people did not get in within {limit:?}",
                    outside + plans.len(),
                    indices.len() + plans.len()
                );
            }
            self.step(Instant::now() + LONGEST_WAIT)?;
        }
    }

    pub(crate) fn client(&self, index: usize) -> Option<&Client> {
        self.clients.get(index)?.as_ref()
    }

    fn client_mut(&mut self, index: usize) -> Option<&mut Client> {
        self.clients.get_mut(index)?.as_mut()
    }

    /// Everyone who is not gone.
    pub(crate) fn clients(&self) -> impl Iterator<Item = (usize, &Client)> {
        self.clients.iter().enumerate().filter_map(|(index, client)| Some((index, client.as_ref()?)))
    }

    /// Has somebody who is inside speak from now on, and their packets counted.
    pub(crate) fn begin_counted_speech(&mut self, index: usize) {
        if let Some(id) = self.client(index).and_then(|client| client.id) {
            self.notes.counted.insert(id);
        }
        self.begin_speech(index);
    }

    /// Has somebody who is inside speak from now on.
    pub(crate) fn begin_speech(&mut self, index: usize) {
        let seed = self.random.next();
        let Some(client) = self.client_mut(index) else { return };
        let Some(id) = client.id else { return };
        client.speech = Some(Speech::new(id.0, seed));
        self.begin(index, Act::Voice, FRAME);
    }

    /// Ends somebody's speech; returns how many packets it had.
    pub(crate) fn end_speech(&mut self, index: usize) -> u64 {
        let speech = self.client_mut(index).and_then(|client| client.speech.take());
        speech.map_or(0, |speech| speech.packets())
    }

    /// Has somebody who is inside draw from now on, without a pause.
    pub(crate) fn begin_drawing(&mut self, index: usize, board: BoardId) {
        self.begin_at_board(index, |me, seed| Drawing::pen(board, me, seed, Instant::now()));
        self.begin(index, Act::Live, LIVE_INTERVAL);
    }

    /// Has somebody who is inside put so many strokes on a board.
    pub(crate) fn begin_filling(&mut self, index: usize, board: BoardId, strokes: usize) {
        self.begin_at_board(index, |me, seed| Drawing::filling(board, me, seed, strokes));
    }

    fn begin_at_board(&mut self, index: usize, drawing: impl FnOnce(PersonId, u64) -> Drawing) {
        let seed = self.random.next();
        let Some(client) = self.client_mut(index) else { return };
        let Some(me) = client.person else { return };
        let drawing = client.drawing.insert(drawing(me, seed));
        if let Some(interval) = drawing.interval() {
            self.begin(index, Act::Draw, interval);
        }
    }

    /// Somebody lifts the pen; what is under way is still answered.
    pub(crate) fn end_drawing(&mut self, index: usize) {
        if let Some(drawing) = self.client_mut(index).and_then(|client| client.drawing.as_mut()) {
            drawing.stop();
        }
    }

    /// Somebody says something in the chat; returns whether it was taken.
    pub(crate) fn say(&mut self, index: usize, text: &str) -> bool {
        let Some(client) = self.client_mut(index) else { return false };
        let is_taken = client.say(Instant::now(), text);
        self.dues[index] = self.client(index).map(|client| client.due);
        is_taken
    }

    /// Somebody leaves for good.
    pub(crate) fn leave(&mut self, index: usize) {
        if let Some(client) = self.client_mut(index) {
            client.leave(Instant::now());
        }
        self.vanish(index);
    }

    /// Somebody is gone without a word, as when their network is.
    pub(crate) fn vanish(&mut self, index: usize) {
        let Some(client) = self.clients.get_mut(index).and_then(Option::take) else { return };
        self.dues[index] = None;
        let fd = client.socket.as_raw_fd();
        if let Err(error) = self.poll.registry().deregister(&mut SourceFd(&fd)) {
            tracing::debug!(%error, "a socket was not registered");
        }
    }

    /// Voice packets that everyone here received of counted speakers.
    pub(crate) fn voice_packets(&self) -> u64 {
        self.clients().map(|(_, client)| client.voice.packets).sum()
    }

    /// Drives everyone for so long.
    ///
    /// # Errors
    /// After Ctrl-C.
    pub(crate) fn run_for(&mut self, time: Duration) -> anyhow::Result<()> {
        self.run_until(Instant::now() + time, |_| false)
    }

    /// Drives everyone until `is_done` or the deadline.
    ///
    /// # Errors
    /// After Ctrl-C.
    pub(crate) fn run_until(&mut self, deadline: Instant, is_done: impl Fn(&Self) -> bool) -> anyhow::Result<()> {
        while Instant::now() < deadline && !is_done(self) {
            self.step(deadline)?;
        }
        Ok(())
    }

    fn step(&mut self, until: Instant) -> anyhow::Result<()> {
        self.joiner.check_interrupt()?;
        self.act();
        self.run_timers();
        let wait = self.next_wait(until);
        let mut events = std::mem::replace(&mut self.events, Events::with_capacity(0));
        match self.poll.poll(&mut events, Some(wait)) {
            Err(error) if error.kind() != std::io::ErrorKind::Interrupted => return Err(error).context("poll failed"),
            _ => {}
        }
        for event in &events {
            if event.token() == WAKER {
                self.take_replies();
            } else {
                self.read(event.token().0);
            }
            self.act();
        }
        self.events = events;
        Ok(())
    }

    fn next_wait(&self, until: Instant) -> Duration {
        let timers = self.dues.iter().flatten().min().copied();
        let next = [Some(until), self.schedule.next_at(), timers].into_iter().flatten().min();
        let now = Instant::now();
        next.map_or(LONGEST_WAIT, |next| next.saturating_duration_since(now)).min(LONGEST_WAIT)
    }

    /// Sends what is due.
    fn act(&mut self) {
        let mut now = Instant::now();
        while let Some(due) = self.schedule.take(now) {
            let Some(client) = self.clients.get_mut(due.client).and_then(Option::as_mut) else { continue };
            if matches!(client.stage, Stage::Over(_)) {
                continue;
            }
            let interval = match due.act {
                Act::Voice if client.send_voice(now) => {
                    self.notes.send_late.record(now.saturating_duration_since(due.at));
                    FRAME
                }
                // Has ended its speech.
                Act::Voice => continue,
                Act::Pose => {
                    client.send_pose(now);
                    POSE_INTERVAL
                }
                Act::Draw => match client.draw(now, &mut self.notes) {
                    Some(interval) => interval,
                    None => continue,
                },
                Act::Live if client.send_live(now) => LIVE_INTERVAL,
                // Has lifted the pen.
                Act::Live => continue,
            };
            self.dues[due.client] = Some(client.due);
            self.schedule.repeat(now, due, interval);
            now = Instant::now();
        }
    }

    fn run_timers(&mut self) {
        let now = Instant::now();
        for (client, due) in self.clients.iter_mut().zip(&mut self.dues) {
            if due.is_some_and(|due| due <= now)
                && let Some(client) = client
            {
                client.run_timers(now, &mut self.notes);
                *due = Some(client.due);
            }
        }
    }

    fn take_replies(&mut self) {
        while let Some(reply) = self.joiner.next_reply() {
            if let Some(client) = self.clients.get_mut(reply.client).and_then(Option::as_mut) {
                client.answered(Instant::now(), reply.result);
                self.dues[reply.client] = Some(client.due);
            }
        }
    }

    fn read(&mut self, index: usize) {
        let Some(client) = self.clients.get_mut(index).and_then(Option::as_mut) else { return };
        let mut needs_flush = false;
        let mut may_have_more = true;
        while may_have_more {
            may_have_more = self.inbox.receive(&client.socket).unwrap_or(false);
            let now = Instant::now();
            for datagram in self.inbox.datagrams() {
                needs_flush |= client.take(now, datagram.from, datagram.at, datagram.bytes, &mut self.notes);
            }
        }
        if needs_flush {
            client.flush(Instant::now());
            self.dues[index] = Some(client.due);
        }
    }

    /// Begins to measure anew.
    pub(crate) fn restart_notes(&mut self) {
        self.notes.restart();
        for client in self.clients.iter_mut().flatten() {
            client.listener = client.listener.take().map(|_| Default::default());
            if let Some(log) = &mut client.pose_log {
                log.restart();
            }
        }
    }

    /// Ends the gaps in voices that are open, while everyone still speaks.
    pub(crate) fn finish_gaps(&mut self) {
        let now = micros_now();
        for client in self.clients.iter_mut().flatten() {
            if let Some(listener) = &mut client.listener {
                listener.finish(&mut self.notes, now);
            }
        }
    }
}
