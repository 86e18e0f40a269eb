"""The voices that have cards, in the order in which casting prefers them, and the writer of voices/cards.toml.

The best of the pack come first, those easily confused with a better one (bella and sarah with heart, puck with fenrir)
and the whisper late; then blends chosen from all halves of two voices of one gender as the least like all others, and
boys' voices, which are blends of a woman's and a man's.
"""

import sys

WOMEN = """af_heart bf_emma af_kore bf_isabella af_aoede bf_lily af_nova bf_alice af_alloy af_jessica af_river af_sky
    af_bella af_sarah af_nicole""".split()
MEN = """am_michael bm_george am_fenrir bm_fable am_onyx bm_lewis am_eric am_echo bm_daniel am_liam am_puck am_adam
    am_santa""".split()
BLENDS_OF_WOMEN = """bf_isabella+af_river bf_isabella+af_sky bf_lily+af_jessica bf_emma+af_kore af_nova+af_river
    bf_alice+af_aoede bf_lily+af_alloy af_kore+bf_isabella af_alloy+af_river af_alloy+af_jessica""".split()
BLENDS_OF_MEN = """bm_fable+bm_daniel am_onyx+am_eric bm_lewis+am_echo bm_lewis+am_liam am_michael+am_fenrir
    bm_lewis+am_eric am_onyx+bm_daniel bm_fable+am_eric am_eric+am_santa am_michael+bm_lewis""".split()
BOYS = """af_jessica*0.6+am_puck*0.4 bf_alice*0.6+bm_fable*0.4 af_river*0.6+am_liam*0.4""".split()
NOTES = {"af_nicole": "a whisper"} | {boy: "boyish" for boy in BOYS}

VOICES = (
    [(voice, "female") for voice in WOMEN]
    + [(voice, "male") for voice in MEN]
    + [(voice, "female") for voice in BLENDS_OF_WOMEN]
    + [(voice, "male") for voice in BLENDS_OF_MEN + BOYS]
)


def accent(voice):
    """That of the leading voice: the heaviest, of equals the first."""
    return "british" if voice.startswith("b") else "american"


def write(sounds, likeness):
    sound = dict(line.rstrip("\n").split(" = ", 1) for line in open(sounds))
    rows = [line.split()[-len(VOICES):] for line in open(likeness) if line.strip()]
    print("# Written by tools/voice_cards.sh: what was measured of every voice on the sentences of src/voice/measure.rs.")
    print("# pitch and brightness in Hz, range in semitones, rate in letters a second, level in LUFS; likeness to every card")
    print("# above, in hundredths (cosine of speaker embeddings).")
    for at, (voice, gender) in enumerate(VOICES):
        print(f'\n[[cards]]\nvoice = "{voice}"\ngender = "{gender}"\naccent = "{accent(voice)}"')
        if voice in NOTES:
            print(f'note = "{NOTES[voice]}"')
        if voice == "af_nicole":
            print("whispers = true")
        print("sound =", sound[f'"{voice}"'])
        print(f"likeness = [{', '.join(str(round(100 * float(value))) for value in rows[at][:at])}]")


if sys.argv[1] == "list":
    print("\n".join(voice for voice, _ in VOICES))
else:
    write(*sys.argv[2:4])
