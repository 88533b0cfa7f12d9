use atrium_protocol::Micros;

/// What encoders are told, in percent: few steps, since each change costs the encoder some of its memory.
const STEPS_PERCENT: [u8; 7] = [0, 2, 5, 10, 15, 20, 30];
/// A step is taken down only when the loss is so far under it, as a share of the step.
const HYSTERESIS: f32 = 0.7;
/// So little over a step needs no other: what is left of a loss long ago is none.
const COVERED_PERCENT: f32 = 0.25;
/// Time constants of the smoothing: losses are heard at once, calm must last.
const RISE_SECS: f32 = 2.0;
const FALL_SECS: f32 = 15.0;
/// Reports further apart say nothing of the time between.
const LONGEST_GAP_SECS: f32 = 10.0;

/// Turns the losses that receivers report into what [`crate::OpusEncoder::set_expected_loss`] is told: smoothed, quick to
/// rise and slow to fall, in steps with hysteresis.
///
/// With several receivers each report is fed in; the worst of them shapes the result, as it should: copies that a good
/// network does not need cost a few bits, copies that a bad one lacks cost words.
#[derive(Clone, Debug)]
pub struct ExpectedLoss {
    smoothed_percent: f32,
    percent: u8,
    last_report: Option<Micros>,
}

impl ExpectedLoss {
    /// Starts with what is assumed before anybody reports, in percent.
    pub fn new(assumed_percent: u8) -> Self {
        let assumed_percent = assumed_percent.min(100);
        let percent = step_for(f32::from(assumed_percent));
        Self { smoothed_percent: f32::from(assumed_percent), percent, last_report: None }
    }

    /// Takes what one receiver lost since its last report, 0…1 (in an RTCP receiver report, RFC 3550 section 6.4.1:
    /// `fraction lost` / 256). The expected loss in percent, if that has changed.
    pub fn report(&mut self, now: Micros, lost_share: f32) -> Option<u8> {
        if !lost_share.is_finite() {
            return None;
        }
        let lost_percent = 100.0 * lost_share.clamp(0.0, 1.0);
        let secs = self.last_report.map_or(RISE_SECS, |last| now.0.saturating_sub(last.0) as f32 * 1e-6);
        self.last_report = Some(now);
        let time_constant_secs = if lost_percent > self.smoothed_percent { RISE_SECS } else { FALL_SECS };
        let weight = 1.0 - (-secs.min(LONGEST_GAP_SECS) / time_constant_secs).exp();
        self.smoothed_percent += weight * (lost_percent - self.smoothed_percent);
        let step = step_for(self.smoothed_percent);
        let is_kept =
            step < self.percent && self.smoothed_percent > (HYSTERESIS * step_below(self.percent)).max(COVERED_PERCENT);
        if step == self.percent || is_kept {
            return None;
        }
        self.percent = step;
        Some(step)
    }

    /// The expected loss in percent.
    pub fn percent(&self) -> u8 {
        self.percent
    }
}

/// The first step that covers `percent`.
fn step_for(percent: f32) -> u8 {
    let covers = |step: &u8| f32::from(*step) + COVERED_PERCENT >= percent;
    STEPS_PERCENT.iter().copied().find(covers).unwrap_or(STEPS_PERCENT[STEPS_PERCENT.len() - 1])
}

fn step_below(percent: u8) -> f32 {
    STEPS_PERCENT.iter().rev().copied().find(|step| *step < percent).map_or(0.0, f32::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is expected after each of so many reports, one a second.
    fn after(loss: &mut ExpectedLoss, start_secs: u64, reports: u64, lost_share: impl Fn(u64) -> f32) -> Vec<u8> {
        (0..reports)
            .map(|n| {
                loss.report(Micros((start_secs + n) * 1_000_000), lost_share(n));
                loss.percent()
            })
            .collect()
    }

    #[test]
    fn losses_are_heard_at_once_and_forgotten_slowly() {
        let mut loss = ExpectedLoss::new(0);
        assert_eq!(after(&mut loss, 0, 6, |_| 0.08).last(), Some(&10));
        let calm = after(&mut loss, 6, 60, |_| 0.0);
        assert_eq!(calm[2], 10, "calm must last");
        assert_eq!(calm.last(), Some(&0));
    }

    #[test]
    fn losses_about_a_step_do_not_make_it_flutter() {
        let mut loss = ExpectedLoss::new(5);
        let steps = after(&mut loss, 0, 600, |n| if n % 2 == 0 { 0.04 } else { 0.065 });
        let changes = steps.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(changes <= 1, "{changes} changes");
    }

    #[test]
    fn the_worst_receiver_shapes_the_result() {
        let mut loss = ExpectedLoss::new(0);
        // Two receivers, one of which loses 10 %.
        assert!(*after(&mut loss, 0, 60, |n| if n % 2 == 0 { 0.1 } else { 0.0 }).last().unwrap() >= 10);
    }

    #[test]
    fn a_single_loss_on_a_good_network_is_no_reason() {
        let mut loss = ExpectedLoss::new(0);
        assert!(after(&mut loss, 0, 60, |n| if n == 30 { 0.02 } else { 0.0 }).iter().all(|percent| *percent <= 2));
    }

    proptest! {
        #[test]
        fn any_reports(assumed: u8, reports in prop::collection::vec((any::<u64>(), any::<f32>()), 0..50)) {
            let mut loss = ExpectedLoss::new(assumed);
            for (now, lost_share) in reports {
                let before = loss.percent();
                let changed = loss.report(Micros(now), lost_share);
                prop_assert_eq!(changed.unwrap_or(before), loss.percent());
                prop_assert!(STEPS_PERCENT.contains(&loss.percent()));
            }
        }
    }
}
