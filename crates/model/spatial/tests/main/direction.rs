//! Directions that were measured but left out are rendered from their neighbours.

use crate::support::{band_power, db, noise, open_air, rendered, rms, spectrum, towards, voice};
use atrium_spatial::{BLOCK_SAMPLES, Hrtf, HrtfPoint, OutputMode, Renderer};

const OCTAVES_HZ: [f32; 6] = [250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0];

/// What both ears hear of one sample from a direction.
fn impulse(renderer: &mut Renderer, point: &HrtfPoint) -> [Vec<f32>; 2] {
    let mut input = vec![0.0; 4 * BLOCK_SAMPLES];
    input[0] = 0.5;
    // Long enough for the renderer to forget the direction before.
    input.resize(16 * BLOCK_SAMPLES, 0.0);
    let position = 1.4 * towards(point.azimuth_deg, point.elevation_deg);
    let ears = rendered(renderer, &input, |_, samples| voice(samples, position));
    ears.map(|ear| ear[..2_048].to_vec())
}

fn octave_levels_db(response: &[f32]) -> [f32; 6] {
    let power = spectrum(response.to_vec());
    let bin_hz = 48_000.0 / response.len() as f32;
    OCTAVES_HZ.map(|octave_hz| {
        let band = octave_hz / 2f32.sqrt()..octave_hz * 2f32.sqrt();
        10.0 * power
            .iter()
            .enumerate()
            .filter(|(bin, _)| band.contains(&(*bin as f32 * bin_hz)))
            .map(|(_, p)| p)
            .sum::<f32>()
            .log10()
    })
}

/// By how much the right ear is later, below 3 kHz: the peak of the correlation, to a tenth of a sample.
fn interaural_delay_us(ears: &[Vec<f32>; 2]) -> f32 {
    let [left, right] = ears.each_ref().map(|ear| low_passed(&ear[..600]));
    let correlation = |lag: i32| -> f32 {
        let right = (0..600i32).map(|n| right.get((n + lag) as usize).copied().unwrap_or(0.0));
        left.iter().zip(right).map(|(a, b)| a * b).sum()
    };
    let best = (-60..=60).max_by(|a, b| correlation(*a).total_cmp(&correlation(*b))).unwrap();
    let [before, at, after] = [best - 1, best, best + 1].map(correlation);
    let fraction = 0.5 * (before - after) / (before - 2.0 * at + after);
    (best as f32 + fraction) / 48_000.0 * 1e6
}

/// A low-pass at 3 kHz of linear phase.
fn low_passed(samples: &[f32]) -> Vec<f32> {
    let taps: Vec<f32> = (-48..=48)
        .map(|n| {
            let x = n as f32 * 2.0 * 3_000.0 / 48_000.0 * std::f32::consts::PI;
            let sinc = if n == 0 { 1.0 } else { x.sin() / x };
            sinc * (0.5 + 0.5 * (std::f32::consts::PI * n as f32 / 49.0).cos())
        })
        .collect();
    (0..samples.len())
        .map(|n| {
            taps.iter().enumerate().filter_map(|(k, tap)| samples.get((n + k).wrapping_sub(48)).map(|x| x * tap)).sum()
        })
        .collect()
}

/// The share-th of the errors, by size.
fn percentile(errors: &mut [f32], share: f32) -> f32 {
    errors.sort_by(f32::total_cmp);
    errors[((errors.len() - 1) as f32 * share) as usize]
}

#[test]
fn directions_that_were_left_out_sound_as_they_were_measured() {
    let all = Hrtf::mit_kemar();
    let (kept, left_out): (Vec<_>, Vec<_>) = all.points().cloned().enumerate().partition(|(index, _)| index % 2 == 0);
    let half = Hrtf::from_points(kept.into_iter().map(|(_, point)| point).collect()).unwrap();
    let (mut measured, mut guessed) = (open_air(&all, OutputMode::Headphones), open_air(&half, OutputMode::Headphones));

    let (mut level_errors_db, mut delay_errors_us) = (Vec::new(), Vec::new());
    for (_, point) in left_out.iter().filter(|(_, point)| (-30.0..=60.0).contains(&point.elevation_deg)) {
        let expected = impulse(&mut measured, point);
        let got = impulse(&mut guessed, point);
        for ear in 0..2 {
            let (expected, got) = (octave_levels_db(&expected[ear]), octave_levels_db(&got[ear]));
            level_errors_db.extend(expected.iter().zip(got).map(|(expected, got)| (expected - got).abs()));
        }
        delay_errors_us.push((interaural_delay_us(&expected) - interaural_delay_us(&got)).abs());
    }
    assert!(delay_errors_us.len() > 280);
    let [level_p50, level_p95] = [0.5, 0.95].map(|share| percentile(&mut level_errors_db, share));
    let [delay_p50, delay_p95] = [0.5, 0.95].map(|share| percentile(&mut delay_errors_us, share));
    println!("level per octave: p50 {level_p50:.2} dB, p95 {level_p95:.2} dB");
    println!("interaural delay: p50 {delay_p50:.1} µs, p95 {delay_p95:.1} µs");
    assert!(level_p50 <= 0.1 && level_p95 <= 0.6);
    assert!(delay_p50 <= 5.0 && delay_p95 <= 20.0);
}

#[test]
fn measured_directions_come_out_as_they_went_in() {
    let all = Hrtf::mit_kemar();
    let mut renderer = open_air(&all, OutputMode::Headphones);
    for point in all.points().step_by(37) {
        let got = impulse(&mut renderer, point);
        for (ear, got) in point.ears.iter().zip(&got) {
            let mut expected = ear.taps.clone();
            expected.resize(2_048, 0.0);
            let gain = db(0.5 / 1.4);
            for (got, expected) in octave_levels_db(got).iter().zip(octave_levels_db(&expected)) {
                assert!(
                    (got - expected - gain).abs() < 0.1,
                    "{} {}: {got} {expected}",
                    point.azimuth_deg,
                    point.elevation_deg
                );
            }
        }
    }
}

#[test]
fn interaural_delay_is_that_of_a_head() {
    let hrtf = Hrtf::mit_kemar();
    let mut renderer = open_air(&hrtf, OutputMode::Headphones);
    let mut at = |azimuth_deg| {
        let point = hrtf.points().find(|p| p.azimuth_deg == azimuth_deg && p.elevation_deg == 0.0).unwrap();
        interaural_delay_us(&impulse(&mut renderer, point))
    };
    assert!(at(0.0).abs() < 5.0);
    assert!((at(90.0) - 680.0).abs() < 70.0, "{}", at(90.0));
    assert!((at(270.0) + 680.0).abs() < 70.0);
    assert!((at(30.0) - 260.0).abs() < 40.0, "{}", at(30.0));
}

/// Levels of both ears for noise from a direction.
fn noise_from(azimuth_deg: f32, elevation_deg: f32, mode: OutputMode) -> [Vec<f32>; 2] {
    let input = noise(0.1, 0.5);
    let position = 1.4 * towards(azimuth_deg, elevation_deg);
    rendered(&mut open_air(&Hrtf::mit_kemar(), mode), &input, |_, samples| voice(samples, position))
        .map(|ear| ear[4_800..].to_vec())
}

#[test]
fn left_is_louder_in_the_left_ear() {
    for mode in [OutputMode::Headphones, OutputMode::Stereo] {
        let [left, right] = noise_from(90.0, 0.0, mode);
        assert!(db(rms(&left) / rms(&right)) > 9.0);
        let [left, right] = noise_from(300.0, 0.0, mode);
        assert!(db(rms(&right) / rms(&left)) > 6.0);
    }
    for azimuth_deg in [0.0, 90.0, 200.0] {
        let [left, right] = noise_from(azimuth_deg, 0.0, OutputMode::Mono);
        assert_eq!(left, right);
    }
}

#[test]
fn front_and_back_and_up_and_down_differ() {
    let largest_db = |a: &[f32], b: &[f32]| {
        let bands = [500.0, 1_000.0, 2_000.0, 4_000.0, 5_600.0, 8_000.0, 11_000.0f32];
        let level = |x: &[f32], f: f32| 10.0 * band_power(x, f * 0.84..f * 1.19).log10();
        bands.map(|f| (level(a, f) - level(b, f)).abs()).into_iter().fold(0.0, f32::max)
    };
    let of = |azimuth_deg, elevation_deg| noise_from(azimuth_deg, elevation_deg, OutputMode::Headphones)[0].clone();
    let front_back_db = largest_db(&of(0.0, 0.0), &of(180.0, 0.0));
    let up_down_db = largest_db(&of(0.0, 50.0), &of(0.0, -40.0));
    assert!(front_back_db > 3.0 && up_down_db > 5.0, "{front_back_db} {up_down_db}");
    assert!(largest_db(&of(0.0, 0.0), &of(0.0, 0.0)) < 0.1);
}

#[test]
fn the_whole_sphere_is_heard_and_has_no_gap() {
    let hrtf = Hrtf::mit_kemar();
    let mut renderer = open_air(&hrtf, OutputMode::Headphones);
    let mut point = hrtf.points().next().unwrap().clone();
    let mut levels = |azimuth_deg, elevation_deg| {
        (point.azimuth_deg, point.elevation_deg) = (azimuth_deg, elevation_deg);
        impulse(&mut renderer, &point).map(|ear| octave_levels_db(&ear))
    };
    // From below to above in steps of 3°, on four sides.
    for azimuth_deg in [0.0, 77.0, 180.0, 301.0] {
        let mut before = levels(azimuth_deg, -90.0);
        for step in 1..=60 {
            let now = levels(azimuth_deg, -90.0 + 3.0 * step as f32);
            for (before, now) in before.iter().flatten().zip(now.iter().flatten()) {
                assert!((before - now).abs() < 4.0, "{azimuth_deg} {step}: {before} {now}");
            }
            before = now;
        }
    }
}
