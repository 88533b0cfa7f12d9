/// The level of silence.
pub const SILENT_DBOV: u8 = 127;

/// Loudness of `samples` as the audio-level header extension has it (RFC 6464): −dBov, so 0 is the loudest
/// (full scale) and 127 is silence. Samples that are not finite count as silent.
pub fn level_dbov(samples: &[f32]) -> u8 {
    let energy: f64 = samples.iter().filter(|x| x.is_finite()).map(|x| f64::from(*x) * f64::from(*x)).sum();
    if energy <= 0.0 {
        return SILENT_DBOV;
    }
    let below_full_scale = -10.0 * (energy / samples.len() as f64).log10();
    below_full_scale.round().clamp(0.0, f64::from(SILENT_DBOV)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_levels() {
        assert_eq!(level_dbov(&[]), 127);
        assert_eq!(level_dbov(&[0.0; 960]), 127);
        assert_eq!(level_dbov(&[1.0; 960]), 0);
        assert_eq!(level_dbov(&[-0.1; 960]), 20);
        assert_eq!(level_dbov(&[1e-9; 960]), 127);
        assert_eq!(level_dbov(&[4.0; 960]), 0);
        let sine: Vec<f32> = (0..960).map(|n| (n as f32 * std::f32::consts::TAU / 48.0).sin()).collect();
        assert_eq!(level_dbov(&sine), 3);
        assert_eq!(level_dbov(&[f32::NAN, f32::INFINITY]), 127);
    }

    proptest! {
        #[test]
        fn every_level_is_in_range(samples in prop::collection::vec(any::<f32>(), 0..100)) {
            prop_assert!(level_dbov(&samples) <= 127);
        }
    }
}
