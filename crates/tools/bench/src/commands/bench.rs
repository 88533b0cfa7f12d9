use crate::arguments::Arguments;
use crate::host::{Cores, CpuTime, OwnServer, ProcessMeter, pin_this_thread};
use crate::people::{Problems, Swarm};
use anyhow::Context as _;
use atrium_session::JoinLink;
use serde::Serialize;
use std::time::{Duration, Instant};

/// Time after the last join in which connections and memory settle.
pub(super) const WARM_UP: Duration = Duration::from_secs(3);

/// What every measurement on a real server starts from.
pub(super) struct Bench<'a> {
    pub(super) arguments: &'a Arguments,
    cores: Cores,
}

/// A server, if it is ours, and the people in it.
pub(super) struct Meeting {
    // Before the server, so that its people are gone first.
    pub(super) swarm: Swarm,
    pub(super) server: Option<OwnServer>,
    resident_kb_before: Option<u64>,
}

impl<'a> Bench<'a> {
    /// Keeps this process on its own core, before it starts any thread.
    pub(super) fn new(arguments: &'a Arguments) -> anyhow::Result<Self> {
        let cores = Cores::of_this_machine();
        match cores.generator {
            Some(core) => pin_this_thread(core).context("this process cannot be kept on one core")?,
            None => {
                eprintln!("There is one core for server and clients together: figures are worse than they would be.")
            }
        }
        Ok(Self { arguments, cores })
    }

    /// A meeting for so many people; nobody is in it yet.
    pub(super) fn open(&self, people: usize) -> anyhow::Result<Meeting> {
        let (server, link) = match &self.arguments.server {
            Some(link) => (None, JoinLink::parse(link)?),
            None => {
                let server =
                    OwnServer::start(self.arguments.server_binary.as_deref(), self.cores.server, people, None)?;
                let link = server.invite()?;
                (Some(server), link)
            }
        };
        let resident_kb_before = server.as_ref().map(|server| server.meter().resident_kb()).transpose()?;
        Ok(Meeting { swarm: Swarm::new(link, self.arguments.seed)?, server, resident_kb_before })
    }
}

impl Meeting {
    /// Adds the end of the server's log to an error, because that is usually where the reason stands.
    pub(super) fn explain<T>(&self, result: anyhow::Result<T>) -> anyhow::Result<T> {
        result.map_err(|error| match &self.server {
            Some(server) => anyhow::anyhow!("{error:#}; of the server: {}", server.last_words()),
            None => error,
        })
    }

    /// How much memory each of `people` takes on the server.
    pub(super) fn server_kb_per_person(&self, people: usize) -> anyhow::Result<Option<f64>> {
        let (Some(server), Some(before)) = (&self.server, self.resident_kb_before) else { return Ok(None) };
        let grown = server.meter().resident_kb()?.saturating_sub(before);
        Ok(Some(grown as f64 / people.max(1) as f64))
    }

    /// Begins to measure.
    pub(super) fn mark(&self) -> anyhow::Result<Mark> {
        Ok(Mark {
            at: Instant::now(),
            server_cpu: self.server.as_ref().map(|server| server.meter().cpu()).transpose()?,
            own_cpu: ProcessMeter::of_this_process().cpu()?,
            voice_packets: self.swarm.voice_packets(),
        })
    }

    /// Ends what [`Self::mark`] began.
    pub(super) fn span_since(&self, start: &Mark) -> anyhow::Result<Span> {
        let end = self.mark()?;
        let secs = end.at.duration_since(start.at).as_secs_f64();
        let server_cpu = end.server_cpu.zip(start.server_cpu).map(|(end, start)| end.since(&start));
        let own_cpu = end.own_cpu.since(&start.own_cpu);
        let share = |time: Duration| time.as_secs_f64() / secs;
        Ok(Span {
            secs,
            server_cpu_secs: server_cpu.map(|cpu| cpu.ran.as_secs_f64()),
            generator_busy: share(own_cpu.ran),
            waited: share(own_cpu.waited).max(server_cpu.map_or(0.0, |cpu| share(cpu.waited))),
            voice_packets: end.voice_packets.saturating_sub(start.voice_packets),
        })
    }
}

/// The meters at one moment.
pub(super) struct Mark {
    at: Instant,
    server_cpu: Option<CpuTime>,
    own_cpu: CpuTime,
    voice_packets: u64,
}

/// What the meters say of the time between two moments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) secs: f64,
    /// CPU time of the server, if it is ours.
    pub(super) server_cpu_secs: Option<f64>,
    /// The part of a core that this program used: 0 to 1.
    pub(super) generator_busy: f64,
    /// The part of the time in which the server or this program was ready to run, but its core was taken: whichever
    /// had to wait longer.
    pub(super) waited: f64,
    /// Voice packets that the clients received.
    pub(super) voice_packets: u64,
}

impl Span {
    /// The part of a core that the server used: 0 to 1 on one core.
    pub(super) fn server_busy(&self) -> Option<f64> {
        self.server_cpu_secs.map(|cpu| cpu / self.secs)
    }
}

/// What went wrong, for a report.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct ProblemReport {
    pub(super) count: u64,
    pub(super) first: Vec<String>,
}

impl From<&Problems> for ProblemReport {
    fn from(problems: &Problems) -> Self {
        Self { count: problems.count, first: problems.first.clone() }
    }
}

/// What to say of figures from a machine on which server or clients had to wait for their cores.
pub(super) fn waited_note(waited: f64) -> &'static str {
    if waited > 0.1 { "SOMETHING ELSE RUNS ON THIS MACHINE: DELAYS ARE VOID" } else { "≤ 10 %, else delays are void" }
}

/// What to say of a delay that a generator measured which was so busy.
pub(super) fn busy_note(generator_busy: f64) -> &'static str {
    if generator_busy > 0.9 { "OVER 90 %: DELAYS ARE VOID" } else { "≤ 90 %, else delays are void" }
}
