/// How much a series grows from its start to its end by the straight line that fits it best, relative to the line's
/// start; 0 for fewer than two points. Points are (time, value).
pub(super) fn growth(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let (Some((first, _)), Some((last, _))) = (points.first(), points.last()) else { return 0.0 };
    let mean_time = points.iter().map(|(time, _)| time).sum::<f64>() / count;
    let mean_value = points.iter().map(|(_, value)| value).sum::<f64>() / count;
    let spread: f64 = points.iter().map(|(time, _)| (time - mean_time).powi(2)).sum();
    let together: f64 = points.iter().map(|(time, value)| (time - mean_time) * (value - mean_value)).sum();
    if spread == 0.0 || mean_value == 0.0 {
        return 0.0;
    }
    let slope = together / spread;
    let start = mean_value + slope * (first - mean_time);
    slope * (last - first) / start
}

#[cfg(test)]
mod tests {
    use super::growth;

    #[test]
    fn it_sees_a_slope_through_noise() {
        let series = |slope: f64| -> Vec<(f64, f64)> {
            (0..100)
                .map(|n| (f64::from(n), 1_000.0 + slope * f64::from(n) + if n % 2 == 0 { 20.0 } else { -20.0 }))
                .collect()
        };
        assert!(growth(&series(0.0)).abs() < 0.005);
        assert!((growth(&series(1.0)) - 0.099).abs() < 0.005);
        assert!(growth(&series(-1.0)) < -0.09);
        assert_eq!((growth(&[]), growth(&[(1.0, 5.0)])), (0.0, 0.0));
    }
}
