//! The embedded voice with its real weights: every wrong result met so far was silent, so these tests listen.
//!
//! The voice pack is taken from where `fullcast` keeps it and brought in if it is not there.

use std::{collections::BTreeMap, sync::OnceLock, thread};

use fullcast::{
    audio::Audio,
    event::Silent,
    folders,
    speech::{Synthesizer, Utterance, kokoro::Kokoro},
    voice::{self, InstalledPack, Pack},
};

const KEEPER: &str =
    "The old lighthouse keeper climbed the stairs slowly, counting each one aloud.";
const NAMES: &str = "Jezeil of Hamatra drew her blade; Siobhan and Drusilla did not.";
const ASKED: &str = "“Why on earth would I do that?” she whispered.";

/// Voices, sentences and how long each takes (seconds), as first heard, recognised and found right.
const GOLDEN: &[(&str, &str, f64)] = &[
    ("af_heart", KEEPER, 4.00),
    ("am_onyx", KEEPER, 4.47),
    ("bf_emma", KEEPER, 3.92),
    ("bm_daniel", KEEPER, 4.12),
    ("af_bella", NAMES, 3.82),
    ("bm_george", NAMES, 4.47),
    ("af_nicole", ASKED, 3.10),
    ("am_puck", ASKED, 2.09),
];

fn installed() -> &'static InstalledPack {
    static PACK: OnceLock<InstalledPack> = OnceLock::new();
    PACK.get_or_init(|| {
        let home = folders::data_folder().unwrap();
        voice::install(Pack::kokoro(), &home, None, &Silent).unwrap()
    })
}

fn kokoro() -> &'static Kokoro {
    static KOKORO: OnceLock<Kokoro> = OnceLock::new();
    KOKORO.get_or_init(|| {
        let pack = installed();
        let style = |id: &String| pack.read(&format!("voices/{id}.bin")).unwrap();
        let ids = pack.pack().voices().iter().cloned();
        let voices: BTreeMap<String, Vec<u8>> = ids.map(|id| (id.clone(), style(&id))).collect();
        let model = pack.read("kokoro-v1.0.int8.onnx").unwrap();
        let words = pack.read("oov_bart_en_us.npz").unwrap();
        Kokoro::load(model, &words, voices, "test").unwrap()
    })
}

fn speak(voice: &str, text: &str) -> Audio {
    kokoro().speak(&Utterance::plain(text, voice)).unwrap()
}

fn rms(samples: &[f32]) -> f32 {
    (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt()
}

#[test]
fn every_golden_sentence_is_heard_at_its_length_and_level() {
    for &(voice, text, seconds) in GOLDEN {
        let audio = speak(voice, text);
        let place = format!("{voice}: {text}");
        assert_eq!(audio.rate, 24_000);
        assert!(
            audio.samples.iter().all(|sample| sample.is_finite()),
            "{place}"
        );
        assert!(
            (0.02..0.2).contains(&rms(&audio.samples)),
            "{place}: {}",
            rms(&audio.samples)
        );
        let full = audio
            .samples
            .iter()
            .filter(|sample| sample.abs() >= 0.999)
            .count();
        assert!(
            full * 1000 <= audio.samples.len(),
            "{place}: {full} samples at full scale"
        );
        let off = (audio.seconds() / seconds - 1.0).abs();
        assert!(off < 0.05, "{place}: {:.2} s", audio.seconds());
    }
}

#[test]
fn two_threads_speak_the_same_samples_as_one() {
    let alone = speak("bm_george", ASKED);
    let together: Vec<Audio> = thread::scope(|scope| {
        let threads = [(); 2].map(|()| scope.spawn(|| speak("bm_george", ASKED)));
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(together.iter().all(|audio| *audio == alone));
}

#[test]
fn a_text_longer_than_the_network_takes_is_spoken_to_its_end() {
    let clause = "and the gulls that had followed the boat all morning cried over the grey water";
    let text = format!("He walked along the shore {}.", [clause; 6].join(" "));
    let (whole, once) = (speak("am_michael", &text), speak("am_michael", clause));
    assert!(
        whole.seconds() > 5.0 * once.seconds(),
        "{:.1} s",
        whole.seconds()
    );
    assert!(
        whole.seconds() < 8.0 * once.seconds(),
        "{:.1} s",
        whole.seconds()
    );
}

#[test]
fn twice_the_speed_takes_less_time() {
    let at = |speed| {
        let utterance = Utterance {
            text: KEEPER,
            voice: "af_sky",
            speed,
            ..Utterance::plain("", "")
        };
        kokoro().speak(&utterance).unwrap().seconds()
    };
    let (natural, fast) = (at(1.0), at(1.5));
    assert!(
        (1.3..1.7).contains(&(natural / fast)),
        "{natural:.2} s, {fast:.2} s"
    );
}

#[test]
fn what_has_nothing_to_say_is_a_short_silence() {
    let audio = speak("af_heart", " … * — ❤ ");
    assert!(audio.seconds() < 0.5 && audio.samples.iter().all(|sample| *sample == 0.0));
}

#[test]
fn an_unknown_voice_and_an_absurd_speed_are_errors() {
    let refused = |voice, speed| {
        let error = kokoro()
            .speak(&Utterance {
                text: ASKED,
                voice,
                speed,
                ..Utterance::plain("", "")
            })
            .unwrap_err();
        assert!(!error.transient);
        error.message
    };
    assert!(refused("bm_goerge", 1.0).contains("`bm_george`"));
    assert!(refused("bm_george", f32::NAN).contains("speed"));
}

#[test]
fn names_that_no_dictionary_holds_have_phonemes() {
    let said = |text, voice| kokoro().phonemes(text, voice).unwrap();
    assert_eq!(said("Jezeil", "af_heart"), "ʤˈɛzəl");
    assert_eq!(said("Hamatra's", "af_heart"), "həmˈɑtɹəz");
    assert_eq!(said("Siobhan", "af_heart"), "ʃɪvˈɔn");
    assert_eq!(said("Siobhan", "bm_george"), "ʃɪvˈɔːn");
    assert_eq!(said("Angelus, Drusilla", "af_heart"), "ˈænʤələs, dɹusˈɪlə");
    assert_eq!(said("denied", "bf_emma"), "dɪnˈId");
    assert_eq!(said("the cats' bowls", "af_heart"), "ðə kˈæts bˈOlz");
    assert_eq!(said("[Zoe](/zˈOi/)'s", "af_heart"), "zˈOiz");
}

#[test]
fn every_word_of_any_text_is_said_and_nothing_is_noise() {
    let blade = "x".repeat(10_000);
    let odd = [
        "❤ emoji 🎉 and \u{7}bells\u{0}",
        "[x](/y/) [a](+2) []() [](//)",
        "' '' ’ ‘ \" “ ”",
        "北京 はな مرحبا",
        "a_b*c~d|e\\f^g",
        "’Twas o’er ’em th’",
        "---- ... !!! ??? ;;; ,,,",
        "R2-D2 4x4 1,2,3 -5 $ £ % 007",
        "Ünïcödé ﬁn Łódź ΑΘΗΝΑ Москва",
        "\u{202e}rtl\u{200d}join\u{ad}soft",
        "éing aéing x'é's ied 'd 's",
        &blade,
    ];
    for text in odd {
        for voice in ["af_heart", "bf_emma"] {
            let phonemes = kokoro().phonemes(text, voice).unwrap();
            assert!(!phonemes.contains('❓'), "{text}: {phonemes}");
            let letters = text.chars().any(char::is_alphanumeric);
            assert_eq!(
                letters,
                phonemes.chars().any(char::is_alphabetic),
                "{text}: {phonemes}"
            );
        }
    }
    let words = "qzxwv brrm tsktsk nth rhythm cwm hmmm pfft zzyzx Kvothe xkcd o'er ma'am e'er";
    for word in words.split(' ') {
        let phonemes = kokoro().phonemes(word, "af_heart").unwrap();
        assert!(phonemes.chars().any(char::is_alphabetic), "{word}");
    }
}
