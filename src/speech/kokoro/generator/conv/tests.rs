//! Convolutions against plain sums.

use super::*;
use crate::speech::kokoro::generator::{kernel::Portable, tests::Dice};

fn conv(weights: &[u8], channels: usize, taps: usize, dilation: usize, bias: Vec<f32>) -> Conv {
    let scale = 1.0;
    Conv::new(&Weights {
        levels: weights,
        zero: 120,
        scale,
        bias,
        channels,
        taps,
        dilation,
    })
}

/// The plain sum, with the input 0 beyond its ends.
fn plain(
    weights: &[u8],
    input: &[f32],
    channels: usize,
    taps: usize,
    dilation: usize,
    time: usize,
    output: usize,
) -> f64 {
    let mut sum = 0.0;
    for tap in 0..taps {
        let Some(from) = (time + tap * dilation).checked_sub((taps - 1) / 2 * dilation) else {
            continue;
        };
        let Some(row) = input.get(from * channels..(from + 1) * channels) else {
            continue;
        };
        for (channel, &value) in row.iter().enumerate() {
            let weight = f64::from(weights[(output * channels + channel) * taps + tap]) - 120.0;
            sum += f64::from(value) * weight;
        }
    }
    sum
}

/// Whole inputs with the greatest level among them pass quantisation unchanged, so all must come out as in plain
/// sums, but for the rounding of the last step in 32-bit floats.
fn check(kernel: impl Kernel, channels: usize, taps: usize, dilation: usize, times: usize) {
    let mut dice = Dice::new((channels * taps * dilation + times) as u64);
    let outputs = 32;
    let weights: Vec<u8> = (0..outputs * channels * taps)
        .map(|_| (dice.whole(127) + 128) as u8)
        .collect();
    let conv = conv(&weights, channels, taps, dilation, dice.reals(outputs));
    let most = conv.levels as i16;
    let mut input: Vec<f32> = dice
        .wholes(times * channels, most)
        .into_iter()
        .map(f32::from)
        .collect();
    for row in input.chunks_exact_mut(channels) {
        row[3] = f32::from(most);
    }
    let straight = Activation {
        gain: vec![1.0; channels],
        offset: vec![0.0; channels],
        turns: vec![0.0; channels],
        inverse: vec![1.0; channels],
    };
    let residual = dice.reals(times * outputs);
    let mut found = vec![0.0; times * outputs];
    let totals = conv.run(
        kernel,
        &straight,
        &input,
        Residual::From(&residual),
        &mut found,
        &mut Scratch::default(),
    );
    let scale = f64::from(most) * 255.0 * ((channels * taps) as f64).sqrt();
    for (at, &found) in found.iter().enumerate().step_by(1 + times / 40) {
        let (time, output) = (at / outputs, at % outputs);
        let wanted = plain(&weights, &input, channels, taps, dilation, time, output)
            + f64::from(conv.bias[output])
            + f64::from(residual[at]);
        let off = (f64::from(found) - wanted).abs() / scale;
        assert!(
            off < 1e-5,
            "{channels}×{taps}/{dilation}, {times}: {found} for {wanted} at {time}, {output}"
        );
    }
    for output in 0..outputs {
        let column = || {
            found
                .iter()
                .skip(output)
                .step_by(outputs)
                .map(|&value| f64::from(value))
        };
        assert!((totals.sums[output] - column().sum::<f64>()).abs() <= 1e-4 * scale * times as f64);
        let squares = column().map(|value| value * value).sum::<f64>();
        assert!((totals.squares[output] - squares).abs() <= 1e-5 * squares);
    }
}

#[test]
fn every_shape_of_the_model_and_every_length_gives_the_plain_sums() {
    for channels in [128, 256] {
        for (taps, dilation) in [
            (3, 1),
            (3, 3),
            (3, 5),
            (7, 1),
            (7, 3),
            (7, 5),
            (11, 1),
            (11, 3),
            (11, 5),
        ] {
            for times in [1, 2, 3, 5, 19, 64, 383, 777, 1001] {
                #[cfg(target_arch = "x86_64")]
                if let Some(kernel) = crate::speech::kokoro::generator::avx2::Avx2::detect() {
                    check(kernel, channels, taps, dilation, times);
                }
                if times < 64 {
                    check(Portable, channels, taps, dilation, times);
                }
            }
        }
    }
}

#[test]
fn silence_gives_the_bias() {
    let conv = conv(&[7; 32 * 128 * 3], 128, 3, 1, vec![0.5; 32]);
    let activation = Activation {
        gain: vec![1.0; 128],
        offset: vec![0.0; 128],
        turns: vec![1.0; 128],
        inverse: vec![1.0; 128],
    };
    let mut output = vec![0.0; 10 * 32];
    conv.run(
        Portable,
        &activation,
        &[0.0; 10 * 128],
        Residual::Nothing,
        &mut output,
        &mut Scratch::default(),
    );
    assert_eq!(output, vec![0.5; 10 * 32]);
}
