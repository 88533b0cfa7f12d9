/// Length of the crossfade, 5 ms.
const FADE_FRAMES: usize = 240;
/// Shortest and longest piece that is taken out or put in, 2.5 ms and 15 ms: the pitch periods of 400 Hz and 67 Hz.
const SHORTEST_PIECE: usize = 120;
const LONGEST_PIECE: usize = 720;
const COMPARED_FRAMES: usize = FADE_FRAMES + LONGEST_PIECE;

/// How well a piece of sound must fit, so that nobody hears where it was taken out or put in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fit {
    /// Silence or low noise: any piece will do.
    Quiet,
    /// A voice: whole periods of its pitch, whose ends are so alike; 1 is equal.
    Alike(f32),
}

/// Takes a piece of at most `most` frames out of `frames`, and says how many are left; `None` when none fits.
///
/// Both directions join the sound to itself a pitch period later or earlier (WSOLA: W. Verhelst and M. Roelands,
/// 1993), so that pitch and timbre stay.
pub(crate) fn shorten(frames: &mut [[f32; 2]], most: usize, fit: Fit) -> Option<usize> {
    let piece = find_piece(frames, most, fit)?;
    for at in 0..FADE_FRAMES {
        frames[at] = crossfade(frames[at], frames[at + piece], at);
    }
    frames.copy_within(FADE_FRAMES + piece.., FADE_FRAMES);
    Some(frames.len() - piece)
}

/// Repeats a piece of at most `most` frames among the first `count` of `frames`, and says how many there are then;
/// `None` when none fits, or when there is no room behind `count`.
pub(crate) fn lengthen(frames: &mut [[f32; 2]], count: usize, most: usize, fit: Fit) -> Option<usize> {
    let room = frames.len().checked_sub(count)?;
    let piece = find_piece(frames.get(..count)?, most.min(room), fit)?;
    frames.copy_within(FADE_FRAMES..count, FADE_FRAMES + piece);
    // Backwards, since both parts of the fade may overlap.
    for at in (0..FADE_FRAMES).rev() {
        frames[piece + at] = crossfade(frames[piece + at], frames[at], at);
    }
    Some(count + piece)
}

/// Length of the piece between two places that sound alike, the first of them at the start of `frames`.
fn find_piece(frames: &[[f32; 2]], most: usize, fit: Fit) -> Option<usize> {
    let longest = frames.len().checked_sub(FADE_FRAMES)?.min(most).min(LONGEST_PIECE);
    if longest < SHORTEST_PIECE {
        return None;
    }
    let Fit::Alike(least) = fit else { return Some(longest) };
    let mut mono = [0.0; COMPARED_FRAMES];
    mono.iter_mut().zip(frames).for_each(|(mono, [left, right])| *mono = left + right);
    let candidates = (SHORTEST_PIECE..=longest).map(|piece| (piece, likeness(&mono, piece)));
    let (piece, likeness) = candidates.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (likeness >= least).then_some(piece)
}

/// Normalised correlation of the first samples with those after `piece`.
fn likeness(mono: &[f32], piece: usize) -> f32 {
    let pairs = || mono.iter().zip(&mono[piece..]).take(FADE_FRAMES).step_by(2);
    let (product, first, second) = pairs()
        .fold((0.0, 1e-9, 1e-9), |(product, first, second), (a, b)| (product + a * b, first + a * a, second + b * b));
    product / f32::sqrt(first * second)
}

/// From `a` to `b`, at one place of the fade.
fn crossfade(a: [f32; 2], b: [f32; 2], at: usize) -> [f32; 2] {
    let share = (at as f32 + 0.5) / FADE_FRAMES as f32;
    [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VOICE: Fit = Fit::Alike(0.9);

    fn tone(hz: f32) -> Vec<[f32; 2]> {
        (0..960)
            .map(|n| 0.5 * (n as f32 * std::f32::consts::TAU * hz / 48_000.0).sin())
            .map(|x| [x, -0.5 * x])
            .collect()
    }

    fn largest_step(frames: &[[f32; 2]]) -> f32 {
        frames.windows(2).map(|pair| (pair[1][0] - pair[0][0]).abs()).fold(0.0, f32::max)
    }

    /// The longest that `frames` can become and still fit into what a decoder gives.
    fn with_room(frames: &[[f32; 2]]) -> Vec<[f32; 2]> {
        [frames, &vec![[0.0; 2]; LONGEST_PIECE]].concat()
    }

    #[track_caller]
    fn assert_whole_periods(hz: f32, frames: usize) {
        let periods = frames as f32 * hz / 48_000.0;
        assert!((periods - periods.round()).abs() < 0.05 * hz / 400.0 + 0.02, "{hz} Hz: {periods} periods");
    }

    #[test]
    fn a_tone_loses_and_gains_whole_periods_and_no_smoothness() {
        for hz in [90.0, 150.0, 440.0, 1_000.0, 3_000.0] {
            let usual_step = largest_step(&tone(hz));
            let mut shorter = tone(hz);
            let left = shorten(&mut shorter, usize::MAX, VOICE).unwrap();
            assert!((240..=840).contains(&left), "{hz} Hz: {left}");
            assert!(largest_step(&shorter[..left]) <= usual_step * 1.05, "{hz} Hz");
            assert_whole_periods(hz, 960 - left);
            let mut longer = with_room(&tone(hz));
            let count = lengthen(&mut longer, 960, usize::MAX, VOICE).unwrap();
            assert!((1_080..=1_680).contains(&count), "{hz} Hz: {count}");
            assert!(largest_step(&longer[..count]) <= usual_step * 1.05, "{hz} Hz");
            assert_whole_periods(hz, count - 960);
            assert_eq!(longer[count - 1], tone(hz)[959], "the end stays, so that what follows fits");
        }
    }

    #[test]
    fn no_more_than_asked_for() {
        for most in [120, 300, 500] {
            let left = shorten(&mut tone(400.0), most, VOICE).unwrap();
            let count = lengthen(&mut with_room(&tone(400.0)), 960, most, VOICE).unwrap();
            assert!(960 - left <= most && count - 960 <= most);
        }
        assert_eq!(shorten(&mut tone(440.0), 119, Fit::Quiet), None);
        assert_eq!(lengthen(&mut tone(440.0), 960, 480, Fit::Quiet), None, "there is no room");
    }

    #[test]
    fn noise_is_left_alone_unless_it_is_quiet() {
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        let samples: Vec<[f32; 2]> = (0..960).map(|_| [0.3 * noise(); 2]).collect();
        assert_eq!(shorten(&mut samples.clone(), usize::MAX, VOICE), None);
        assert_eq!(lengthen(&mut with_room(&samples), 960, usize::MAX, VOICE), None);
        assert_eq!(shorten(&mut samples.clone(), usize::MAX, Fit::Quiet), Some(240));
        assert_eq!(lengthen(&mut with_room(&samples), 960, usize::MAX, Fit::Quiet), Some(1_680));
    }

    proptest! {
        #[test]
        fn any_samples(
            samples in prop::collection::vec(-1.0_f32..1.0, 0..1_200),
            most in 0_usize..2_000,
            room in 0_usize..1_000,
            is_quiet: bool,
        ) {
            let fit = if is_quiet { Fit::Quiet } else { Fit::Alike(0.2) };
            let mut frames: Vec<[f32; 2]> = samples.iter().map(|x| [*x, -*x]).collect();
            let before = frames.len();
            if let Some(left) = shorten(&mut frames.clone(), most, fit) {
                prop_assert!(left < before && before - left <= most.min(720));
            }
            frames.extend(vec![[0.0; 2]; room]);
            if let Some(count) = lengthen(&mut frames, before, most, fit) {
                prop_assert!(count > before && count - before <= most.min(720) && count <= frames.len());
            }
            prop_assert!(frames.iter().flatten().all(|x| x.abs() <= 1.0));
        }
    }
}
