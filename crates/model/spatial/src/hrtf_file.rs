use crate::hrtf::{EarResponse, HrtfPoint};
use crate::{HrtfError, SAMPLE_RATE_HZ};

/// Most directions and taps that a file may have.
const MOST_DIRECTIONS: usize = 20_000;
pub(crate) const MOST_TAPS: usize = 128;
/// The longest delay between two ears that a file may claim.
pub(crate) const MOST_DELAY_SECS: f32 = 0.002;
/// Most that a filter may amplify a sample; measured heads stay below 3.
const MOST_SCALE: f32 = 1e-3;

/// Reads the layout that assets/source/hrtf/README.md describes.
pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<HrtfPoint>, HrtfError> {
    let mut reader = Reader(bytes);
    if reader.take::<4>().ok_or(HrtfError::NotHrtf)? != *b"AHR1" {
        return Err(HrtfError::NotHrtf);
    }
    let rate_hz = reader.u32()?;
    if rate_hz != SAMPLE_RATE_HZ {
        return Err(HrtfError::SampleRate { got_hz: rate_hz });
    }
    let (directions, taps) = (reader.u32()? as usize, reader.u32()? as usize);
    let record_bytes = 8 + 2 * (8 + 2 * taps.min(MOST_TAPS));
    if !(1..=MOST_DIRECTIONS).contains(&directions)
        || !(1..=MOST_TAPS).contains(&taps)
        || reader.0.len() != directions * record_bytes
    {
        return Err(HrtfError::Size);
    }
    let mut points = Vec::with_capacity(directions);
    for index in 0..directions {
        let point = read_point(&mut reader, taps)?;
        if !point.is_possible() {
            return Err(HrtfError::Direction { index });
        }
        points.push(point);
    }
    Ok(points)
}

fn read_point(reader: &mut Reader<'_>, taps: usize) -> Result<HrtfPoint, HrtfError> {
    let (azimuth_deg, elevation_deg) = (reader.f32()?, reader.f32()?);
    let mut ear = || {
        let (delay_secs, scale) = (reader.f32()?, reader.f32()?);
        // Out of range: becomes a number that the check refuses.
        let scale = if (0.0..=MOST_SCALE).contains(&scale) { scale } else { f32::NAN };
        let taps = (0..taps).map(|_| reader.i16().map(|tap| f32::from(tap) * scale)).collect::<Result<_, _>>()?;
        Ok(EarResponse { delay_secs, taps })
    };
    Ok(HrtfPoint { azimuth_deg, elevation_deg, ears: [ear()?, ear()?] })
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn u32(&mut self) -> Result<u32, HrtfError> {
        self.take().map(u32::from_le_bytes).ok_or(HrtfError::Size)
    }

    fn f32(&mut self) -> Result<f32, HrtfError> {
        self.take().map(f32::from_le_bytes).ok_or(HrtfError::Size)
    }

    fn i16(&mut self) -> Result<i16, HrtfError> {
        self.take().map(i16::from_le_bytes).ok_or(HrtfError::Size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEMAR: &[u8] = include_bytes!("../../../../assets/hrtf/mit_kemar.hrtf");

    #[test]
    fn damage_is_named() {
        assert_eq!(parse(b"").unwrap_err(), HrtfError::NotHrtf);
        assert_eq!(parse(b"RIFFxxxxxxxxxxxxxxx").unwrap_err(), HrtfError::NotHrtf);
        assert_eq!(parse(&KEMAR[..KEMAR.len() - 1]).unwrap_err(), HrtfError::Size);
        let changed = |at: usize, to: &[u8]| {
            let mut bytes = KEMAR.to_vec();
            bytes[at..at + to.len()].copy_from_slice(to);
            parse(&bytes)
        };
        assert_eq!(changed(4, &44_100u32.to_le_bytes()).unwrap_err(), HrtfError::SampleRate { got_hz: 44_100 });
        assert_eq!(changed(8, &u32::MAX.to_le_bytes()).unwrap_err(), HrtfError::Size);
        assert_eq!(changed(12, &u32::MAX.to_le_bytes()).unwrap_err(), HrtfError::Size);
        assert_eq!(changed(16, &f32::NAN.to_le_bytes()).unwrap_err(), HrtfError::Direction { index: 0 });
        assert_eq!(changed(20, &91f32.to_le_bytes()).unwrap_err(), HrtfError::Direction { index: 0 });
        assert_eq!(changed(24, &1f32.to_le_bytes()).unwrap_err(), HrtfError::Direction { index: 0 });
        assert_eq!(changed(28, &f32::INFINITY.to_le_bytes()).unwrap_err(), HrtfError::Direction { index: 0 });
        assert_eq!(changed(4, &48_000u32.to_le_bytes()).unwrap().len(), 710);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn a_flipped_file_is_read_or_refused(
            directions in 0u32..4, taps in 0u32..4, body in prop::collection::vec(any::<u8>(), 0..100),
        ) {
            let mut bytes = b"AHR1".to_vec();
            bytes.extend([SAMPLE_RATE_HZ, directions, taps].iter().flat_map(|n| n.to_le_bytes()));
            bytes.extend(body);
            if let Ok(points) = parse(&bytes) {
                prop_assert_eq!(points.len(), directions as usize);
                let finite = points.iter().flat_map(|p| &p.ears).all(|e| e.taps.iter().all(|t| t.is_finite()));
                prop_assert!(finite);
            }
        }
    }
}
