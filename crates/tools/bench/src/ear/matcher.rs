use super::{CHIRP_SAMPLES, chirp};
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// Most samples in which a chirp is looked for: half a second and a chirp.
const LONGEST: usize = 24_000 + CHIRP_SAMPLES;
const TRANSFORM: usize = 32_768;
/// How alike a chirp and what is taken for it must be: 1 is the same. Made-up sound is under it.
const ALIKE: f32 = 0.35;

/// Finds a chirp in sound by cross-correlation.
pub(crate) struct Matcher {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    chirp_spectrum: Vec<Complex<f32>>,
    chirp_energy: f32,
}

impl Matcher {
    pub(crate) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(TRANSFORM), planner.plan_fft_inverse(TRANSFORM));
        let chirp = chirp();
        let chirp_energy = chirp.iter().map(|sample| sample * sample).sum();
        let chirp_spectrum = spectrum(&*forward, &chirp);
        Self { forward, inverse, chirp_spectrum, chirp_energy }
    }

    /// Where in `heard` the chirp begins, in samples; `None` where there is none. Of what is longer than half a second
    /// the rest is not looked at.
    pub(crate) fn find(&mut self, heard: &[f32]) -> Option<f64> {
        let heard = &heard[..heard.len().min(LONGEST)];
        let lags = heard.len().checked_sub(CHIRP_SAMPLES)?;
        let mut product = spectrum(&*self.forward, heard);
        product.iter_mut().zip(&self.chirp_spectrum).for_each(|(heard, chirp)| *heard *= chirp.conj());
        // Of a real signal these two are real; rounding is taken out.
        for edge in [0, product.len() - 1] {
            product[edge].im = 0.0;
        }
        let mut correlation = vec![0.0; TRANSFORM];
        self.inverse.process(&mut product, &mut correlation).ok()?;
        let peak = (0..lags).max_by(|a, b| correlation[*a].total_cmp(&correlation[*b]))?;
        let energy: f32 = heard[peak..peak + CHIRP_SAMPLES].iter().map(|sample| sample * sample).sum();
        let alike = correlation[peak] / TRANSFORM as f32 / (energy * self.chirp_energy).sqrt().max(1e-9);
        (alike > ALIKE).then(|| peak as f64 + vertex(&correlation, peak))
    }
}

fn spectrum(forward: &dyn RealToComplex<f32>, samples: &[f32]) -> Vec<Complex<f32>> {
    let mut padded = vec![0.0; TRANSFORM];
    padded[..samples.len()].copy_from_slice(samples);
    let mut spectrum = forward.make_output_vec();
    // Both lengths are the plan's own.
    let _ = forward.process(&mut padded, &mut spectrum);
    spectrum
}

/// How far beside the highest sample the top of the parabola through it and its neighbours is, −0.5…0.5.
fn vertex(values: &[f32], peak: usize) -> f64 {
    let Some(&[before, top, after]) = peak.checked_sub(1).and_then(|first| values.get(first..first + 3)) else {
        return 0.0;
    };
    let bend = before - 2.0 * top + after;
    if bend < 0.0 { f64::from((0.5 * (before - after) / bend).clamp(-0.5, 0.5)) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chirp_is_found_in_noise_and_noise_is_none() {
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((state >> 8) as f32 / (1 << 23) as f32 - 1.0) * 0.1
        };
        let mut heard: Vec<f32> = (0..20_000).map(|_| noise()).collect();
        let mut matcher = Matcher::new();
        assert_eq!(matcher.find(&heard), None);
        assert_eq!(matcher.find(&heard[..100]), None, "too short");
        assert_eq!(matcher.find(&[0.0; 20_000]), None);
        heard[7_777..].iter_mut().zip(chirp()).for_each(|(sample, chirped)| *sample += chirped);
        let found = matcher.find(&heard).expect("a chirp");
        assert!((found - 7_777.0).abs() < 1.0, "{found}");
    }
}
