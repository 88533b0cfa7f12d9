use super::Manner;
use crate::delays::{DelaySummary, Delays};
use atrium_audio::{BLOCK, MADE_AHEAD};
use atrium_protocol::Micros;
use atrium_spatial::{Renderer, SAMPLE_RATE_HZ};
use serde::Serialize;
use std::time::{Duration, Instant};

/// Two notes of the same packet say the same moment to within this; packets are 10 ms apart.
const SAME_PACKET: Duration = Duration::from_millis(3);
/// The longest packet.
const PACKET: Duration = Duration::from_millis(20);

/// A packet as it left the speaker's engine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    /// When its first sample was spoken, on the server's clock.
    pub(crate) captured: Micros,
    /// When the engine handed it over.
    pub(crate) handed: Instant,
    /// How long before that the first sample was spoken.
    pub(crate) age: Duration,
}

/// A packet as it came to the listener.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrived {
    /// When its first sample was spoken, as it says itself.
    pub(crate) captured: Micros,
    pub(crate) at: Instant,
}

/// A moment of what the listener's engine plays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Played {
    /// When it was spoken, as its packet says.
    pub(crate) spoken: Micros,
    /// When it is heard.
    pub(crate) heard: Instant,
}

/// Where the time goes between mouth and ear.
pub(crate) struct Stages {
    manner: Manner,
    encode: Delays,
    server: Delays,
    jitter_buffer: Delays,
}

/// The stages in milliseconds; those that are the same for every sample have one figure for all quantiles.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct StagesReport {
    /// A period of the microphone's device.
    capture: Option<DelaySummary>,
    /// The windows of echo canceller and noise suppressor.
    uplink: Option<DelaySummary>,
    /// The rest of the frame, and the work of cleaning and encoding.
    encode: Option<DelaySummary>,
    /// From the speaker's engine to the listener's session: both clients' network threads, the server, and the network.
    server: Option<DelaySummary>,
    /// From a packet's arrival until its first sample is taken.
    jitter_buffer: Option<DelaySummary>,
    /// The codec's look-ahead.
    decode: Option<DelaySummary>,
    /// The limiter's look-ahead and the head's own delay.
    render: Option<DelaySummary>,
    /// From the engine until the loudspeaker's device plays it.
    device: Option<DelaySummary>,
}

impl StagesReport {
    /// The stages and their names, in the order in which sound passes them.
    pub(crate) fn in_order(&self) -> [(&'static str, Option<DelaySummary>); 8] {
        [
            ("capture", self.capture),
            ("uplink", self.uplink),
            ("encode", self.encode),
            ("server", self.server),
            ("jitter_buffer", self.jitter_buffer),
            ("decode", self.decode),
            ("render", self.render),
            ("device", self.device),
        ]
    }

    /// All middles together; `None` where a stage was not seen.
    pub(crate) fn sum_ms(&self) -> Option<f64> {
        self.in_order().iter().map(|(_, stage)| stage.map(|stage| stage.p50)).sum()
    }

    /// The same without devices, cleaning and rendering: what a browser's figures have in them.
    pub(crate) fn between_ms(&self) -> Option<f64> {
        [self.encode, self.server, self.jitter_buffer, self.decode].iter().map(|s| s.map(|stage| stage.p50)).sum()
    }
}

impl Stages {
    pub(crate) fn new(manner: Manner) -> Self {
        Self { manner, encode: Delays::default(), server: Delays::default(), jitter_buffer: Delays::default() }
    }

    /// Takes in the packets that arrived `since` a moment, and what was played of them.
    pub(crate) fn add(&mut self, since: Instant, sent: &[Sent], arrived: &[Arrived], played: &[Played]) {
        let fixed = BLOCK + self.manner.uplink_delay();
        for packet in arrived.iter().filter(|packet| packet.at >= since) {
            let Some(sent) = sent.iter().rev().find(|sent| is_same(sent.captured, packet.captured)) else { continue };
            self.encode.record(sent.age.saturating_sub(fixed));
            self.server.record(packet.at.saturating_duration_since(sent.handed));
        }
        for Played { spoken, heard } in played {
            let of_it = arrived
                .iter()
                .rev()
                .find(|packet| *spoken >= packet.captured && spoken.since(packet.captured) < PACKET);
            let Some(packet) = of_it else { continue };
            // How late the engine's thread was woken makes no difference to the ear.
            let taken = *heard - render_delay() - MADE_AHEAD;
            let packet_taken = taken - spoken.since(packet.captured);
            self.jitter_buffer.record(packet_taken.saturating_duration_since(packet.at));
        }
    }

    /// # Errors
    /// When memory is short.
    pub(crate) fn report(&self) -> anyhow::Result<StagesReport> {
        Ok(StagesReport {
            capture: always(BLOCK),
            uplink: always(self.manner.uplink_delay()),
            encode: self.encode.summary(),
            server: self.server.summary(),
            jitter_buffer: self.jitter_buffer.summary(),
            decode: always(self.manner.codec_delay()?),
            render: always(render_delay()),
            device: always(MADE_AHEAD),
        })
    }
}

fn is_same(a: Micros, b: Micros) -> bool {
    a.since(b).max(b.since(a)) < SAME_PACKET
}

fn render_delay() -> Duration {
    Duration::from_secs_f64(Renderer::DELAY_SAMPLES as f64 / f64::from(SAMPLE_RATE_HZ))
}

fn always(delay: Duration) -> Option<DelaySummary> {
    let ms = delay.as_secs_f64() * 1e3;
    Some(DelaySummary { p50: ms, p95: ms, p99: ms, max: ms })
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_audio::{UplinkSettings, VoiceMode};

    #[test]
    fn the_stages_add_up() {
        let manner = Manner { mode: VoiceMode::Speech, clean: UplinkSettings::default() };
        let mut stages = Stages::new(manner);
        let (start, ms) = (Instant::now(), Duration::from_millis);
        let server_start = Micros(5_000_000);
        let packets = (0..50_u32).map(|n| (start + ms(20) * n, server_start + ms(20) * n));
        // Handed over 36 ms after they were spoken, 3 ms on the way, taken 8 ms later.
        let sent: Vec<_> =
            packets.clone().map(|(at, captured)| Sent { captured, handed: at + ms(36), age: ms(36) }).collect();
        let arrived: Vec<_> = packets.clone().map(|(at, captured)| Arrived { captured, at: at + ms(39) }).collect();
        let ear = ms(47) + MADE_AHEAD + render_delay();
        let played: Vec<_> =
            packets.map(|(at, spoken)| Played { spoken: spoken + ms(7), heard: at + ms(7) + ear }).collect();
        stages.add(start + ms(200), &sent, &arrived, &played);
        let report = stages.report().unwrap();
        let p50 = |stage: Option<DelaySummary>| stage.expect("seen").p50;
        assert!((p50(report.server) - 3.0).abs() < 0.1 && (p50(report.jitter_buffer) - 8.0).abs() < 0.1, "{report:?}");
        assert!((p50(report.encode) - 12.0).abs() < 0.1, "{report:?}");
        let spoken_to_heard_ms = ear.as_secs_f64() * 1e3 + p50(report.decode);
        assert!((report.sum_ms().expect("seen") - spoken_to_heard_ms).abs() < 0.2, "{report:?}");
    }
}
