//! Room tone: the faint even noise that a listener takes for a room, where digital silence would sound like a fault.

/// Its level: −75 dBFS, well below what a distributor allows (−60) and above one step of 16 bits.
const LEVEL: f32 = 0.000_177_8;

/// Adds room tone to the samples that begin at `position` of the book.
///
/// Each value is a hash of its own position alone, so it does not matter who renders which part, and no two
/// runs differ. Its triangular distribution also makes it the dither of whatever is cut to 16 bits afterwards.
pub(super) fn add(position: u64, samples: &mut [f32]) {
    // A difference of two even distributions over 0..1 has a mean square of 1/6.
    let width = LEVEL * 6f32.sqrt() / 4_294_967_296.0;
    for (offset, sample) in samples.iter_mut().enumerate() {
        let noise = hash(position.wrapping_add(offset as u64));
        let (one, other) = (noise as u32, (noise >> 32) as u32);
        *sample += (i64::from(one) - i64::from(other)) as f32 * width;
    }
}

/// `SplitMix64` (Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, 2014).
fn hash(index: u64) -> u64 {
    let mut z = index.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_tone_has_its_level_no_offset_and_no_echo_of_itself() {
        let mut tone = vec![0.0; 1 << 18];
        add(12_345, &mut tone);
        let mean = |f: &dyn Fn(usize) -> f64| {
            (0..tone.len() - 1).map(f).sum::<f64>() / (tone.len() - 1) as f64
        };
        let at = |i: usize| f64::from(tone[i]);
        let power = mean(&|i| at(i) * at(i));
        assert!((10.0 * power.log10() + 75.0).abs() < 0.1);
        assert!(mean(&at).abs() < 0.01 * power.sqrt());
        assert!(mean(&|i| at(i) * at(i + 1)).abs() < 0.01 * power);
    }

    #[test]
    fn room_tone_is_the_same_however_it_is_cut() {
        let (mut whole, mut parts) = (vec![0.0; 1_000], vec![0.0; 1_000]);
        add(7, &mut whole);
        add(7, &mut parts[..333]);
        add(340, &mut parts[333..]);
        assert_eq!(whole, parts);
    }
}
