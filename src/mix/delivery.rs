//! What the manner of a line changes in the mix: how loud it is played and how long the silence after it is.

use super::Pacing;
use crate::{
    audio::Gain,
    language::Ending,
    script::{Direction, Pause},
};

/// The manner of one utterance, as far as the mix cares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// How it is said, where the text tells.
    pub direction: Option<Direction>,
    /// How it ends.
    pub ending: Ending,
}

impl Delivery {
    /// How much louder it is played than its voice usually is: a whisper is softer, a shout louder, always less than in
    /// life, so that a listener in a car loses nothing.
    pub fn gain(self) -> Gain {
        Gain::hundredths(match self.direction {
            None | Some(Direction::Read | Direction::Sung) => 0,
            Some(Direction::Whispered) => -400,
            Some(Direction::Shouted) => 250,
            Some(Direction::Crying) => -100,
            Some(Direction::Laughing) => 50,
            Some(Direction::Thought) => -200,
        })
    }

    /// The silence after it, in seconds; `answered` tells whether the next words are someone else's.
    pub(super) fn silence(self, pause: Pause, answered: bool, pacing: &Pacing) -> f64 {
        let usual = pacing.after(pause);
        match self.ending {
            // A scene's end is no interruption, whatever mark is there.
            _ if pause > Pause::Paragraph => usual,
            Ending::Cut if answered => usual.min(pacing.interruption),
            Ending::Trailing => usual + pacing.trailing,
            _ => usual,
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the figures come as they were given")]
mod tests {
    use super::*;

    #[test]
    fn a_whisper_is_softer_than_speech_and_a_shout_louder() {
        let gain = |direction| {
            let ending = Ending::Whole;
            Delivery { direction, ending }.gain()
        };
        assert!(gain(Some(Direction::Whispered)) < gain(Some(Direction::Thought)));
        assert!(gain(Some(Direction::Thought)) < gain(None));
        assert!(gain(None) < gain(Some(Direction::Shouted)));
    }

    #[test]
    fn who_is_interrupted_is_answered_at_once_and_a_trailing_voice_is_waited_for() {
        let pacing = Pacing::default();
        let after = |ending, pause, answered| {
            let direction = None;
            Delivery { direction, ending }.silence(pause, answered, &pacing)
        };
        let usual = pacing.paragraph;
        assert!(after(Ending::Cut, Pause::Paragraph, true) < usual);
        assert_eq!(after(Ending::Cut, Pause::Paragraph, false), usual);
        assert!(after(Ending::Trailing, Pause::Paragraph, true) > usual);
        assert_eq!(after(Ending::Cut, Pause::Scene, true), pacing.scene);
    }
}
