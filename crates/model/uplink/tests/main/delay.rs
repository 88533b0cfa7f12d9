//! How late cleaned sound is.

use crate::speech::speech;
use crate::support::run;
use atrium_uplink::{NoiseSuppression, Uplink, UplinkSettings};

/// The shift in samples at which both are most alike.
fn shift(late: &[f32], original: &[f32]) -> usize {
    let likeness = |shift: usize| (48_000..late.len()).step_by(3).map(|n| late[n] * original[n - shift]).sum::<f32>();
    (0..1_200).max_by(|a, b| likeness(*a).total_cmp(&likeness(*b))).unwrap()
}

#[test]
fn sound_is_as_late_as_the_uplink_says() {
    let voice = speech(3, 150.0, -20.0, 4.0).samples;
    let silence = vec![[0.0; 2]; voice.len()];
    for echo_cancellation in [false, true] {
        for noise_suppression in [NoiseSuppression::Off, NoiseSuppression::Strong] {
            let settings = UplinkSettings { echo_cancellation, noise_suppression, ..UplinkSettings::default() };
            let mut uplink = Uplink::new(settings);
            let (heard, _) = run(&mut uplink, &voice, &silence);
            let stated_samples = uplink.delay().as_millis() as usize * 48;
            // The high-pass filter turns phases by about a millisecond.
            let samples = shift(&heard, &voice);
            assert!(samples.abs_diff(stated_samples) <= 72, "{settings:?}: {samples} samples");
        }
    }
}
