//! Arranging and rendering.

use fullcast::{
    audio::{Frames, loudness::Loudness},
    language::Ending,
    mix::{self, Delivery, Pacing, Timeline},
    script::{Direction, Pause},
};

use super::studio::{Studio, babble, titles};

/// A small book with every reason for a pause, two chapters, and an untitled third with one word.
fn small() -> Studio {
    let mut studio = Studio::default();
    let mut say = |voice: &str, chapter, pause, seconds| {
        studio.say(voice, chapter, pause, babble(seconds, 120.0, 0.3, 24_000));
    };
    say("narrator", 0, Pause::Heading, 0.9);
    say("narrator", 0, Pause::Sentence, 1.4);
    say("narrator", 0, Pause::Turn, 1.1);
    say("alice", 0, Pause::Paragraph, 1.3);
    say("narrator", 0, Pause::Scene, 2.0);
    say("narrator", 0, Pause::Chapter, 1.0);
    say("narrator", 1, Pause::Heading, 0.9);
    say("alice", 1, Pause::Chapter, 1.7);
    say("bruno", 2, Pause::Paragraph, 0.5);
    studio
}

fn gap(timeline: &Timeline, cue: usize) -> f64 {
    let (this, next) = (&timeline.cues[cue], &timeline.cues[cue + 1]);
    (next.start - this.end()).seconds(timeline.rate)
}

#[test]
fn a_small_book_is_arranged_like_this() {
    let timeline = small().arrange(&[Some("One".into()), Some("Two".into()), None]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&timeline).unwrap());
}

#[test]
fn every_pause_is_as_long_as_its_reason_says() {
    let timeline = small().arrange(&titles(["One", "Two", "Three"]));
    let pacing = Pacing::default();
    let wanted = [
        pacing.heading,
        pacing.sentence,
        pacing.turn,
        pacing.paragraph,
        pacing.scene,
    ];
    for (cue, wanted) in wanted.into_iter().enumerate() {
        assert!((gap(&timeline, cue) - wanted).abs() < 0.0001, "cue {cue}");
    }
    for cue in [5, 7] {
        let between = gap(&timeline, cue) - pacing.chapter - pacing.head;
        assert!((0.0..0.024).contains(&between), "cue {cue}: {between}");
    }
    let last = timeline.cues.last().unwrap();
    let tail = (timeline.length - last.end()).seconds(timeline.rate) - pacing.tail;
    assert!((0.0..0.024).contains(&tail), "{tail}");
}

#[test]
fn chapters_begin_on_packets_and_their_first_words_follow() {
    let timeline = small().arrange(&titles(["One", "Two", "Three"]));
    let starts: Vec<u64> = timeline.marks.iter().map(|mark| mark.start.get()).collect();
    assert_eq!(starts[0], 0);
    assert!(starts.is_sorted() && starts.iter().all(|start| start % 1_024 == 0));
    assert_eq!((timeline.length.get() + 1_600) % 1_024, 0);
    for (mark, cue) in [(0, 0), (1, 6), (2, 8)] {
        let head = timeline.cues[cue].start - timeline.marks[mark].start;
        assert_eq!(head, Frames::from_seconds(0.75, 44_100));
    }
}

#[test]
fn a_chapter_with_nothing_to_read_gets_no_mark_and_no_parts_make_silence() {
    let mut studio = Studio::default();
    studio.say(
        "narrator",
        0,
        Pause::Chapter,
        babble(1.0, 100.0, 0.3, 24_000),
    );
    studio.say(
        "narrator",
        2,
        Pause::Chapter,
        babble(1.0, 100.0, 0.3, 24_000),
    );
    let timeline = studio.arrange(&titles(["One", "Empty", "Three"]));
    let marks: Vec<_> = timeline
        .marks
        .iter()
        .map(|m| m.title.as_deref().unwrap())
        .collect();
    assert_eq!(marks, ["One", "Three"]);

    let nothing = mix::arrange(&[], &[], &Pacing::default(), 44_100);
    assert!(nothing.marks.is_empty() && nothing.length > Frames::ZERO);
    assert_eq!(studio.render(&nothing).len(), nothing.length.to_usize());
}

#[test]
fn voices_of_different_loudness_are_heard_alike_and_the_book_at_its_level() {
    let studio = Studio::of_chapters(3);
    let timeline = studio.arrange(&titles(["One", "Two", "Three"]));
    let samples = studio.render(&timeline);
    let heard = |voice: usize| {
        let mut sound = Vec::new();
        for cue in timeline.cues.iter().filter(|cue| cue.line % 10 == voice) {
            sound.extend_from_slice(&samples[cue.start.to_usize()..cue.end().to_usize()]);
        }
        Loudness::of(&sound, 44_100).integrated().unwrap()
    };
    let voices = [heard(1), heard(2), heard(3)];
    for voice in voices {
        assert!((voice - voices[0]).abs() < 1.5, "{voices:?}");
    }
    let book = Loudness::of(&samples, 44_100);
    let loudness = book.integrated().unwrap();
    assert!((-20.0..=-19.0).contains(&loudness), "{loudness}");
    assert!((-22.5..=-18.5).contains(&book.rms()), "{}", book.rms());
    assert!(book.peak() < -4.3, "{}", book.peak());
}

#[test]
fn one_word_of_a_quiet_voice_is_not_blown_up() {
    let mut studio = Studio::default();
    for _ in 0..6 {
        studio.say(
            "narrator",
            0,
            Pause::Paragraph,
            babble(4.0, 100.0, 0.3, 24_000),
        );
    }
    studio.say(
        "ghost",
        0,
        Pause::Paragraph,
        babble(0.5, 200.0, 0.01, 24_000),
    );
    studio.say("mute", 0, Pause::Paragraph, babble(0.5, 200.0, 0.0, 24_000));
    let timeline = studio.arrange(&[None]);
    let raised = |line: usize| (timeline.cues[line].gain - timeline.cues[0].gain).to_decibels();
    assert!((0.5..=12.0).contains(&raised(6)), "{}", raised(6));
    assert!(raised(7).abs() < 0.5, "{}", raised(7));
}

#[test]
fn what_is_silent_in_the_book_is_room_tone() {
    let studio = small();
    let timeline = studio.arrange(&titles(["One", "Two", "Three"]));
    let samples = studio.render(&timeline);
    let head = Loudness::of(&samples[..30_000], 44_100).rms();
    let tail = Loudness::of(&samples[samples.len() - 88_200..], 44_100).rms();
    for level in [head, tail] {
        assert!((-76.0..=-74.0).contains(&level), "{level}");
    }
}

#[test]
fn rendering_is_exact_in_length_and_the_same_each_time() {
    let studio = Studio::of_chapters(2);
    let timeline = studio.arrange(&titles(["One", "Two"]));
    let first = studio.render(&timeline);
    assert_eq!(first.len(), timeline.length.to_usize());
    assert_eq!(studio.loads(), timeline.cues.len());
    assert!(first == studio.render(&timeline));
}

#[test]
fn clips_stand_where_the_timeline_says() {
    let studio = small();
    let timeline = studio.arrange(&titles(["One", "Two", "Three"]));
    let samples = studio.render(&timeline);
    let power = |from: usize, to: usize| {
        samples[from..to].iter().map(|v| v * v).sum::<f32>() / (to - from) as f32
    };
    for cue in &timeline.cues {
        let (start, end) = (cue.start.to_usize(), cue.end().to_usize());
        assert!(power(start, end) > 1e-4);
        assert!(
            power(start - 4_000, start) < 1e-6,
            "sound before line {}",
            cue.line
        );
        assert!(
            power(end, end + 4_000) < 1e-6,
            "sound after line {}",
            cue.line
        );
    }
}

#[test]
fn a_clip_that_is_gone_or_changed_is_an_error() {
    let mut studio = small();
    let timeline = studio.arrange(&titles(["One", "Two", "Three"]));
    let run = |studio: &Studio| {
        mix::render(&timeline, &|clip| studio.load(clip), &mut |_| Ok(()))
            .map_err(|e| e.to_string())
    };
    assert_eq!(run(&studio), Ok(()));
    studio.swap(3, babble(1.3, 120.0, 0.3, 22_050));
    assert!(
        run(&studio)
            .unwrap_err()
            .contains("of line 4 is not the one")
    );
    studio.swap(3, babble(0.4, 120.0, 0.3, 24_000));
    assert!(
        run(&studio)
            .unwrap_err()
            .contains("of line 4 is not the one")
    );
    assert_eq!(run(&Studio::default()), Err("the clip is gone".to_owned()));
}

#[test]
fn a_whisper_is_softer_by_as_much_as_it_says() {
    let plain = small().arrange(&[]);
    let mut studio = small();
    let whispered = Delivery {
        direction: Some(Direction::Whispered),
        ending: Ending::Whole,
    };
    studio.direct(3, whispered);
    let timeline = studio.arrange(&[]);
    let level = |timeline: &Timeline, cue: usize| timeline.cues[cue].gain.to_decibels();
    let softer = |timeline: &Timeline| level(timeline, 3) - level(timeline, 7);
    let wanted = whispered.gain().to_decibels();
    assert!((softer(&timeline) - softer(&plain) - wanted).abs() < 0.015);
}

#[test]
fn who_is_cut_off_is_answered_at_once() {
    let mut studio = small();
    let cut = Delivery {
        direction: None,
        ending: Ending::Cut,
    };
    // Alice is answered by the narrator; the narrator goes on by himself.
    studio.direct(3, cut);
    studio.direct(1, cut);
    let timeline = studio.arrange(&[]);
    let pacing = Pacing::default();
    assert!((gap(&timeline, 3) - pacing.interruption).abs() < 0.0001);
    assert!(gap(&timeline, 2) > pacing.interruption);
    studio.direct(
        3,
        Delivery {
            ending: Ending::Trailing,
            ..cut
        },
    );
    let timeline = studio.arrange(&[]);
    assert!((gap(&timeline, 3) - pacing.paragraph - pacing.trailing).abs() < 0.0001);
}

#[test]
fn pacing_is_read_strictly() {
    let read = |text: &str| toml::from_str::<Pacing>(text).map_err(|error| error.to_string());
    assert_eq!(read(""), Ok(Pacing::default()));
    let slower = Pacing {
        paragraph: 0.9,
        ..Pacing::default()
    };
    assert_eq!(read("paragraph = 0.9"), Ok(slower));
    assert!(
        read("paragraf = 0.9")
            .unwrap_err()
            .contains("unknown field `paragraf`")
    );
    for wrong in ["turn = -1.0", "turn = inf", "turn = nan", "turn = 61.0"] {
        assert!(
            read(wrong)
                .unwrap_err()
                .contains("a silence lasts from 0 to 60"),
            "{wrong}"
        );
    }
}
