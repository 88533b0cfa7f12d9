use crate::people::{Comeback, Plan, Stage, Swarm};
use crate::random::Random;
use serde::Serialize;
use std::time::{Duration, Instant};

/// A network outage that is shorter than the server waits.
const OUTAGE: Duration = Duration::from_secs(2);
/// With the residents, never more speakers than voice slots, so that what residents hear is known exactly.
const SPEAKERS_MAX: usize = 2;
/// Time in which somebody must be in.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the people who come and go did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct ChurnCount {
    pub(super) joins: u64,
    pub(super) leaves: u64,
    pub(super) deaths: u64,
    pub(super) resumes: u64,
}

/// People who come, leave, vanish, and come back.
pub(super) struct Churn {
    most: usize,
    random: Random,
    visitors: Vec<Visitor>,
    away: Vec<(Instant, Comeback)>,
    named: u64,
    pub(super) count: ChurnCount,
}

struct Visitor {
    index: usize,
    asked_at: Instant,
    is_comeback: bool,
    is_greeted: bool,
    speaks: bool,
}

impl Churn {
    /// At most `most` visitors at a time.
    pub(super) fn new(most: usize, seed: u64) -> Self {
        let random = Random::new(seed.wrapping_add(77));
        Self { most, random, visitors: Vec::new(), away: Vec::new(), named: 0, count: ChurnCount::default() }
    }

    pub(super) fn present(&self) -> usize {
        self.visitors.len()
    }

    /// One step: somebody comes, or somebody goes.
    pub(super) fn tick(&mut self, swarm: &mut Swarm) -> anyhow::Result<()> {
        let now = Instant::now();
        self.look_after(now, swarm);
        let due = self.away.iter().position(|(at, _)| *at <= now);
        if let Some(due) = due {
            let (_, comeback) = self.away.swap_remove(due);
            return self.come(now, swarm, Some(comeback));
        }
        let is_full = self.visitors.len() + self.away.len() >= self.most;
        let chance = if self.visitors.len() * 2 < self.most { 0.2 } else { 0.5 };
        if is_full || self.random.unit() < chance {
            self.go(now, swarm);
            return Ok(());
        }
        self.come(now, swarm, None)
    }

    fn come(&mut self, now: Instant, swarm: &mut Swarm, comeback: Option<Comeback>) -> anyhow::Result<()> {
        self.named += 1;
        let is_comeback = comeback.is_some();
        let plan = Plan { name: format!("visitor {}", self.named), observes: false, comeback };
        let index = swarm.prepare(plan)?;
        swarm.ask(index)?;
        self.visitors.push(Visitor { index, asked_at: now, is_comeback, is_greeted: false, speaks: false });
        Ok(())
    }

    /// One of those inside leaves, dies silently, or loses the network for a moment.
    fn go(&mut self, now: Instant, swarm: &mut Swarm) {
        let inside: Vec<usize> = (0..self.visitors.len()).filter(|n| self.visitors[*n].is_greeted).collect();
        let Some(chosen) = inside.get(self.random.index(inside.len())).copied() else { return };
        let visitor = self.visitors.swap_remove(chosen);
        let comeback = swarm.client(visitor.index).and_then(|client| client.comeback());
        match (self.random.index(4), comeback) {
            (0 | 1, _) => {
                swarm.leave(visitor.index);
                self.count.leaves += 1;
            }
            (2, Some(comeback)) => {
                swarm.vanish(visitor.index);
                self.away.push((now + OUTAGE, comeback));
            }
            _ => {
                swarm.vanish(visitor.index);
                self.count.deaths += 1;
            }
        }
    }

    /// Notes who got in, and whoever should have and did not.
    fn look_after(&mut self, now: Instant, swarm: &mut Swarm) {
        let mut gone = Vec::new();
        for n in 0..self.visitors.len() {
            let visitor = &self.visitors[n];
            let stage = swarm.client(visitor.index).map(|client| (client.stage.clone(), client.was_resumed));
            match stage {
                Some((Stage::Inside, was_resumed)) if !visitor.is_greeted => self.greet(n, was_resumed, swarm),
                Some((Stage::Inside, _)) => {}
                Some((Stage::Over(why), _)) => {
                    if !visitor.is_greeted {
                        swarm.notes.problems.add(format!("a visitor did not get in: {why}"));
                    }
                    gone.push(n);
                }
                _ if now.duration_since(visitor.asked_at) > PATIENCE => {
                    swarm.notes.problems.add(format!("a visitor was not in after {PATIENCE:?}"));
                    gone.push(n);
                }
                _ => {}
            }
        }
        for n in gone.into_iter().rev() {
            let visitor = self.visitors.swap_remove(n);
            swarm.vanish(visitor.index);
        }
    }

    fn greet(&mut self, n: usize, was_resumed: bool, swarm: &mut Swarm) {
        let speakers = self.visitors.iter().filter(|visitor| visitor.speaks).count();
        let speaks = speakers < SPEAKERS_MAX && self.random.index(4) == 0;
        let visitor = &mut self.visitors[n];
        visitor.is_greeted = true;
        visitor.speaks = speaks;
        if visitor.is_comeback && was_resumed {
            self.count.resumes += 1;
        } else if visitor.is_comeback {
            swarm.notes.problems.add("a visitor who came back was taken for a new one");
        } else {
            self.count.joins += 1;
        }
        if speaks {
            swarm.begin_speech(visitor.index);
        }
    }
}
