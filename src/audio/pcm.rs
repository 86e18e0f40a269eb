//! Samples cut to 16 bits.

/// What one step of 16 bits is worth.
const STEPS: f32 = 32_768.0;

/// Adding and taking away 1.5 · 2²³ rounds an `f32` to the nearest whole number.
///
/// Baseline x86-64 has no instruction for it, and `f32::round` would be a call for every sample.
const ROUND: f32 = 12_582_912.0;

/// The 16-bit sample nearest to `sample`; what lies beyond full scale is held there.
///
/// No dither is added: the mixer's room tone lies under every sample and is loud enough to be one, and a
/// clip's own noise does the same for it.
pub fn quantise(sample: f32) -> i16 {
    let scaled = (sample * STEPS).clamp(-STEPS, STEPS - 1.0);
    ((scaled + ROUND) - ROUND) as i16
}

#[cfg(test)]
mod tests {
    use super::quantise;

    #[test]
    fn samples_are_rounded_to_the_nearest_step_and_held_at_full_scale() {
        for (sample, expected) in [
            (0.0, 0),
            (1.0, i16::MAX),
            (-1.0, i16::MIN),
            (9.0, i16::MAX),
            (-9.0, i16::MIN),
            (1.4 / 32_768.0, 1),
            (-1.6 / 32_768.0, -2),
            (f32::NAN, 0),
        ] {
            assert_eq!(quantise(sample), expected, "{sample}");
        }
    }

    #[test]
    fn every_16_bit_sample_survives_the_way_to_floats_and_back() {
        for value in i16::MIN..=i16::MAX {
            assert_eq!(quantise(f32::from(value) / 32_768.0), value);
        }
    }
}
