//! Decoding, measuring and limiting.

use fullcast::audio::{Audio, Gain, decode, limiter::Limiter, loudness::Loudness, wav};
use proptest::prelude::*;

use super::studio::babble;

/// Files that hold [`chirp`], each with how far it may be off, in dB below the sound.
const CHIRPS: [(&str, &[u8], f64); 4] = [
    ("FLAC", include_bytes!("chirp.flac"), -75.0),
    ("MP3", include_bytes!("chirp.mp3"), -20.0),
    ("Ogg Vorbis", include_bytes!("chirp.ogg"), -20.0),
    ("M4A", include_bytes!("chirp.m4a"), -20.0),
];

/// What the files hold: three quarters of a second rising from 200 to 800 Hz.
fn chirp() -> Audio {
    let (rate, frames) = (24_000, 18_000);
    let samples = (0..frames)
        .map(|i| {
            let t = f64::from(i) / f64::from(rate);
            let fade = (f64::from(i) / 240.0)
                .min(f64::from(frames - 1 - i) / 240.0)
                .min(1.0);
            let phase = std::f64::consts::TAU * (200.0 * t + 400.0 * t * t);
            (0.5 * phase.sin() * fade) as f32
        })
        .collect();
    Audio { rate, samples }
}

#[test]
fn every_format_decodes_to_the_sound_that_went_in_at_its_exact_length_and_place() {
    let wanted = chirp();
    let written = wav::bytes(&wanted).unwrap();
    let all = CHIRPS.into_iter().chain([("WAV", &written[..], -75.0)]);
    for (format, bytes, allowed) in all {
        let found = decode(bytes).unwrap();
        assert_eq!(found.rate, wanted.rate, "{format}");
        assert_eq!(found.frames(), wanted.frames(), "{format}");
        let power = |sound: &mut dyn Iterator<Item = f32>| {
            10.0 * sound.map(|v| f64::from(v).powi(2)).sum::<f64>().log10()
        };
        let mut apart = found
            .samples
            .iter()
            .zip(&wanted.samples)
            .map(|(a, b)| a - b);
        let error = power(&mut apart) - power(&mut wanted.samples.iter().copied());
        assert!(error < allowed, "{format} is {error} dB off");
    }
}

#[test]
fn stereo_becomes_the_mean_of_both_channels() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 48_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
    for _ in 0..4_800 {
        writer.write_sample(8_192i16).unwrap();
        writer.write_sample(-16_384i16).unwrap();
    }
    writer.finalize().unwrap();
    let audio = decode(bytes.get_ref()).unwrap();
    assert_eq!((audio.rate, audio.samples.len()), (48_000, 4_800));
    assert!(audio.samples.iter().all(|v| (v + 0.125).abs() < 1e-6));
}

#[test]
fn a_wav_file_whose_length_was_not_known_when_it_began_is_read_to_its_end() {
    let mut bytes = wav::bytes(&chirp()).unwrap();
    bytes[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    bytes[40..44].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(decode(&bytes).unwrap().samples.len(), 18_000);
}

#[test]
fn empty_foreign_and_cut_short_files_are_errors() {
    let wav = wav::bytes(&chirp()).unwrap();
    let silent = wav::bytes(&Audio {
        rate: 24_000,
        samples: Vec::new(),
    });
    for bytes in [
        &b""[..],
        b"RIFF",
        b"Once upon a time there was a file that was no sound at all.",
        &silent.unwrap(),
        &wav[..wav.len() / 2],
        &wav[..40],
        &CHIRPS[0].1[..8_000],
        &CHIRPS[3].1[..3_000],
    ] {
        let error = decode(bytes).expect_err("nothing to be heard");
        assert!(error.to_string().starts_with("could not read a sound file"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_never_crash_the_decoder(
        format in 0usize..5,
        keep in 0.0f64..1.2,
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..12),
    ) {
        let written = wav::bytes(&chirp()).unwrap();
        let mut bytes = CHIRPS.get(format).map_or(&written[..], |chirp| chirp.1).to_vec();
        for (place, value) in damage {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        bytes.truncate((bytes.len() as f64 * keep) as usize);
        if let Ok(audio) = decode(&bytes) {
            prop_assert!(!audio.samples.is_empty());
            prop_assert!(audio.samples.iter().all(|v| (-1.0..=1.0).contains(v)));
        }
    }

    #[test]
    fn a_limiter_gives_the_same_whatever_the_blocks(cuts in proptest::collection::vec(1usize..3_000, 1..40)) {
        let source = babble(0.5, 140.0, 3.0, 44_100).samples;
        let mut whole = source.clone();
        Limiter::new(0.4, 44_100).process(&mut whole);
        let mut parts = source;
        let mut limiter = Limiter::new(0.4, 44_100);
        let mut rest = &mut parts[..];
        for cut in cuts.into_iter().cycle() {
            let (block, later) = rest.split_at_mut(cut.min(rest.len()));
            limiter.process(block);
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert!(whole == parts);
        prop_assert!(limiter.lowest() < 0.8);
    }
}

#[test]
fn loudness_and_peak_agree_with_an_independent_meter() {
    for rate in [22_050, 24_000, 44_100, 48_000] {
        let mut audio = babble(6.0, 130.0, 0.7, rate);
        audio.samples.truncate(rate as usize * 6);
        let ours = Loudness::of(&audio.samples, rate);
        let mode = ebur128::Mode::I | ebur128::Mode::TRUE_PEAK;
        let mut theirs = ebur128::EbuR128::new(1, rate, mode).unwrap();
        theirs.add_frames_f32(&audio.samples).unwrap();
        let (found, wanted) = (
            ours.integrated().unwrap(),
            theirs.loudness_global().unwrap(),
        );
        assert!(
            (found - wanted).abs() < 0.05,
            "{rate} Hz: {found} for {wanted}"
        );
        let (found, wanted) = (ours.peak(), 20.0 * theirs.true_peak(0).unwrap().log10());
        assert!(
            (found - wanted).abs() < 0.3,
            "{rate} Hz: {found} for {wanted}"
        );
        let power: f64 = audio.samples.iter().map(|v| f64::from(*v).powi(2)).sum();
        let wanted = 10.0 * (power / audio.samples.len() as f64).log10();
        assert!((ours.rms() - wanted).abs() < 0.01);
    }
}

#[test]
fn a_sine_at_full_scale_is_as_loud_as_the_standard_says() {
    let sine: Vec<f32> = (0..480_000)
        .map(|i| (std::f64::consts::TAU * 997.0 * f64::from(i) / 48_000.0).sin() as f32)
        .collect();
    let loudness = Loudness::of(&sine, 48_000).integrated().unwrap();
    assert!((loudness + 3.01).abs() < 0.02, "{loudness}");
}

#[test]
fn silence_and_very_short_sounds_have_no_loudness() {
    assert_eq!(Loudness::of(&vec![0.0; 48_000], 24_000).integrated(), None);
    assert_eq!(Loudness::of(&[0.5; 4_000], 24_000).integrated(), None);
}

#[test]
fn a_limiter_holds_the_true_peak_and_leaves_the_quiet_untouched() {
    let ceiling = Gain::decibels(-4.5).factor() as f32;
    let mut loud = babble(4.0, 160.0, 4.0, 44_100).samples;
    let before = loud.iter().fold(0.0f32, |high, v| high.max(v.abs()));
    assert!(before > 1.5);
    Limiter::new(ceiling, 44_100).process(&mut loud);
    let mut meter = ebur128::EbuR128::new(1, 44_100, ebur128::Mode::TRUE_PEAK).unwrap();
    meter.add_frames_f32(&loud).unwrap();
    let peak = 20.0 * meter.true_peak(0).unwrap().log10();
    assert!((-5.2..=-4.4).contains(&peak), "{peak}");

    let quiet = babble(1.0, 160.0, 0.3, 44_100).samples;
    let mut limiter = Limiter::new(ceiling, 44_100);
    let latency = limiter.latency().to_usize();
    let mut result = quiet.clone();
    limiter.process(&mut result);
    assert_eq!(result[latency..], quiet[..quiet.len() - latency]);
    assert!(limiter.lowest() >= 1.0);
}

#[test]
fn a_saved_wav_file_appears_whole_and_for_everyone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clip.wav");
    wav::save(&path, &chirp()).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), wav::bytes(&chirp()).unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let plain = folder.path().join("plain");
    std::fs::write(&plain, "").unwrap();
    let mode = |path| std::fs::metadata(path).unwrap().permissions();
    assert_eq!(mode(&path), mode(&plain));
    assert!(wav::save(&folder.path().join("no such folder/clip.wav"), &chirp()).is_err());
}
