/// Loss of sound on its way through air of 20 °C, 50 % humidity and sea level, in decibels a metre (ISO 9613-1).
pub(crate) fn air_loss_db_per_m(frequency_hz: f32) -> f32 {
    const KELVIN: f64 = 293.15;
    const REFERENCE_KELVIN: f64 = 293.15;
    const TRIPLE_POINT_KELVIN: f64 = 273.16;
    const HUMIDITY_PERCENT: f64 = 50.0;

    let relative = KELVIN / REFERENCE_KELVIN;
    let saturation = 10f64.powf(-6.8346 * (TRIPLE_POINT_KELVIN / KELVIN).powf(1.261) + 4.6151);
    let water_percent = HUMIDITY_PERCENT * saturation;
    let oxygen_hz = 24.0 + 4.04e4 * water_percent * (0.02 + water_percent) / (0.391 + water_percent);
    let nitrogen_hz =
        relative.powf(-0.5) * (9.0 + 280.0 * water_percent * (-4.170 * (relative.powf(-1.0 / 3.0) - 1.0)).exp());

    let squared = f64::from(frequency_hz).powi(2);
    let classical = 1.84e-11 * relative.sqrt();
    let oxygen = 0.01275 * (-2239.1 / KELVIN).exp() / (oxygen_hz + squared / oxygen_hz);
    let nitrogen = 0.1068 * (-3352.0 / KELVIN).exp() / (nitrogen_hz + squared / nitrogen_hz);
    (8.686 * squared * (classical + relative.powf(-2.5) * (oxygen + nitrogen))) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_in_the_table_of_the_standard() {
        for (frequency_hz, db_per_km) in [(250.0, 1.32), (1_000.0, 4.66), (4_000.0, 29.7), (8_000.0, 105.0)] {
            let got = air_loss_db_per_m(frequency_hz) * 1_000.0;
            assert!((got / db_per_km - 1.0).abs() < 0.03, "{frequency_hz} Hz: {got} dB/km");
        }
    }
}
