//! Which part of an MP4 file's sound is to be heard: the edit list, which the decoder does not follow.

/// Samples to leave out at the front, and how many to keep after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    /// The encoder's delay.
    pub(super) skip: u64,
    /// The sound's true length.
    pub(super) keep: u64,
}

/// What the edit list of the first audio track says, counted at `rate` Hz; `None` without one that is clear.
pub(super) fn heard(file: &[u8], rate: u32) -> Option<Heard> {
    let movie = find(file, &[b"moov"])?;
    let movie_scale = header(find(movie, &[b"mvhd"])?)?.scale;
    let track = boxes(movie)
        .filter(|(kind, _)| kind == b"trak")
        .map(|(_, body)| body)
        .find(|track| {
            find(track, &[b"mdia", b"hdlr"]).and_then(|body| body.get(8..12)) == Some(b"soun")
        })?;
    let media = header(find(track, &[b"mdia", b"mdhd"])?)?;
    let edit = edit(find(track, &[b"edts", b"elst"])?)?;
    let scaled = |count: u64, scale: u32| {
        (scale > 0).then(|| (u128::from(count) * u128::from(rate) / u128::from(scale)) as u64)
    };
    let listed = scaled(edit.length, movie_scale)?;
    let rest = scaled(media.length.checked_sub(edit.start)?, media.scale)?;
    // A coarse movie clock cannot say the length to the sample; then the track's own end can.
    let coarse = u64::from(rate / movie_scale.max(1)) + 1;
    let keep = if movie_scale < rate && listed.abs_diff(rest) <= coarse {
        rest
    } else {
        listed
    };
    Some(Heard {
        skip: scaled(edit.start, media.scale)?,
        keep,
    })
}

/// The clock and the length of a movie or a track, from its `mvhd` or `mdhd`.
struct Header {
    scale: u32,
    length: u64,
}

fn header(body: &[u8]) -> Option<Header> {
    let wide = *body.first()? == 1;
    let (scale, length) = if wide { (20, 24) } else { (12, 16) };
    Some(Header {
        scale: number(body, scale, 4)? as u32,
        length: number(body, length, if wide { 8 } else { 4 })?,
    })
}

/// The only edit of a list, as `(start, length)`; several edits, or an empty one, are not followed.
struct Edit {
    start: u64,
    length: u64,
}

fn edit(body: &[u8]) -> Option<Edit> {
    let size = if *body.first()? == 1 { 8 } else { 4 };
    let empty = if size == 8 {
        u64::MAX
    } else {
        u64::from(u32::MAX)
    };
    let length = number(body, 8, size)?;
    let start = number(body, 8 + size, size)?;
    (number(body, 4, 4)? == 1 && start != empty && length > 0).then_some(Edit { start, length })
}

/// The body of the box at the end of `path`.
fn find<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |bytes, wanted| {
        boxes(bytes)
            .find(|(kind, _)| kind == *wanted)
            .map(|(_, body)| body)
    })
}

/// The boxes that stand side by side in `bytes`, as far as they are sound.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let kind = bytes.get(4..8)?.try_into().ok()?;
        let (start, size) = match number(bytes, 0, 4)? {
            0 => (8, bytes.len() as u64),
            1 => (16, number(bytes, 8, 8)?),
            size => (8, size),
        };
        let size = usize::try_from(size).ok()?;
        let body = bytes.get(start..size)?;
        bytes = &bytes[size..];
        Some((kind, body))
    })
}

/// A big-endian number of `size` bytes.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    let field = bytes.get(at..at + size)?;
    Some(
        field
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    )
}
