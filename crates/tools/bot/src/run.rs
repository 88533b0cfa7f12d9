use crate::bot::{Bot, Visit};
use crate::config::BotConfig;
use crate::report::{ParticipantReport, Report, delay_histogram, summarise};
use crate::sound::SoundLibrary;
use anyhow::{Context, Result, ensure};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Time between two arrivals: people come one after another.
const ARRIVAL_INTERVAL: Duration = Duration::from_millis(20);

/// Runs bots on the current tokio runtime until they have stayed their time, until `stop` becomes true, or until all
/// of them are out. A bot that does not get in says so in its report.
///
/// # Errors
/// When bots cannot even begin: a speech that cannot be read, a recording that cannot be written.
pub async fn run_bots(config: &BotConfig, stop: watch::Receiver<bool>) -> Result<Report> {
    ensure!(config.count > 0, "at least one bot is needed");
    let sounds = SoundLibrary::open(&config.voice)?;
    let until = config.stay.map(|stay| Instant::now() + stay);
    let mut visits = JoinSet::new();
    for index in 0..config.count {
        if index > 0 {
            tokio::time::sleep(ARRIVAL_INTERVAL).await;
        }
        let bot = Bot::start(config, index, &sounds)?;
        let (stop, tells) = (stop.clone(), config.narrates);
        visits.spawn(async move { (index, bot.live(until, stop, tells).await) });
    }
    gather(config, visits).await
}

async fn gather(config: &BotConfig, mut visits: JoinSet<(usize, Result<Visit>)>) -> Result<Report> {
    let mut pose_age_us = delay_histogram()?;
    let mut participants = Vec::with_capacity(config.count);
    while let Some(visit) = visits.join_next().await {
        let (index, visit) = visit.context("a bot failed")?;
        match visit {
            Ok(visit) => {
                pose_age_us.add(&visit.pose_age_us)?;
                participants.push((index, visit.report));
            }
            Err(error) => {
                let (name, error) = (config.name_of(index), Some(format!("{error:#}")));
                participants.push((index, ParticipantReport { name, error, ..ParticipantReport::default() }));
            }
        }
    }
    participants.sort_by_key(|(index, _)| *index);
    summarise(participants.into_iter().map(|(_, report)| report).collect(), &pose_age_us)
}
