//! A reader of MP4 files of its own, to check what was written without asking who wrote it.

/// One file, read box by box.
pub(super) struct Film<'a> {
    bytes: &'a [u8],
}

/// A sample of a track: where it stands in the file, how large it is, how long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    pub(super) offset: u64,
    pub(super) size: u64,
    pub(super) duration: u64,
}

impl<'a> Film<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// The kinds of the outermost boxes, which must fill the file exactly.
    pub(super) fn outline(&self) -> Vec<String> {
        boxes(self.bytes)
            .iter()
            .map(|(kind, _)| kind.clone())
            .collect()
    }

    /// The body of the box at the end of a path such as `moov/trak/mdia`; `trak` counts as `trak1`, `trak2`.
    pub(super) fn find(&self, path: &str) -> Option<&'a [u8]> {
        path.split('/').try_fold(self.bytes, |bytes, wanted| {
            let bytes = if wanted == "ilst" { &bytes[4..] } else { bytes };
            let (wanted, number) = match wanted.strip_prefix("trak") {
                Some(number) => ("trak", number.parse::<usize>().unwrap()),
                None => (wanted, 1),
            };
            boxes(bytes)
                .into_iter()
                .filter(|(kind, _)| kind == wanted)
                .nth(number - 1)
                .map(|(_, body)| body)
        })
    }

    /// The samples of a track, from all five tables.
    pub(super) fn samples(&self, track: &str) -> Vec<Sample> {
        let table = |name: &str| self.find(&format!("moov/{track}/mdia/minf/stbl/{name}"));
        let sizes: Vec<u64> = words(&table("stsz").unwrap()[12..], 4);
        let chunks = match table("stco") {
            Some(chunks) => words(&chunks[8..], 4),
            None => words(&table("co64").unwrap()[8..], 8),
        };
        let durations = words(&table("stts").unwrap()[8..], 4);
        let mut durations = durations
            .chunks(2)
            .flat_map(|run| std::iter::repeat_n(run[1], run[0] as usize));
        let runs = words(&table("stsc").unwrap()[8..], 4);
        let each = |chunk: usize| {
            let run = runs.chunks(3).rfind(|run| run[0] as usize <= chunk + 1);
            run.unwrap()[1] as usize
        };
        let mut sizes = sizes.into_iter();
        let mut samples = Vec::new();
        for (chunk, start) in chunks.into_iter().enumerate() {
            let mut offset = start;
            for size in sizes.by_ref().take(each(chunk)) {
                let duration = durations.next().unwrap();
                samples.push(Sample {
                    offset,
                    size,
                    duration,
                });
                offset += size;
            }
        }
        assert!(sizes.next().is_none() && durations.next().is_none());
        samples
    }

    /// Starts, in ticks of the track's clock, and titles from the chapters' text track.
    pub(super) fn quicktime(&self) -> Vec<(u64, String)> {
        let mut start = 0;
        self.samples("trak2")
            .into_iter()
            .map(|sample| {
                let body = &self.bytes[sample.offset as usize..][..sample.size as usize];
                let length = usize::from(u16::from_be_bytes([body[0], body[1]]));
                assert_eq!(&body[2 + length..], b"\0\0\0\x0cencd\0\0\x01\0");
                let title = String::from_utf8(body[2..2 + length].to_vec()).unwrap();
                let this = start;
                start += sample.duration;
                (this, title)
            })
            .collect()
    }

    /// Starts, in 100 ns, and titles from Nero's list.
    pub(super) fn nero(&self) -> Option<Vec<(u64, String)>> {
        let body = self.find("moov/udta/chpl")?;
        assert_eq!(&body[..8], b"\x01\0\0\0\0\0\0\0");
        let mut rest = &body[9..];
        let chapters = (0..body[8])
            .map(|_| {
                let start = words(&rest[..8], 8)[0];
                let length = usize::from(rest[8]);
                let title = String::from_utf8(rest[9..9 + length].to_vec()).unwrap();
                rest = &rest[9 + length..];
                (start, title)
            })
            .collect();
        assert!(rest.is_empty());
        Some(chapters)
    }

    /// The value of a tag, as `(kind of data, bytes)`.
    pub(super) fn tag(&self, kind: [u8; 4]) -> Option<(u64, &'a [u8])> {
        let tags = boxes(self.find("moov/udta/meta/ilst").unwrap());
        let name = String::from_utf8_lossy(&kind).into_owned();
        let (_, body) = tags.into_iter().find(|(found, _)| *found == name)?;
        let (_, data) = boxes(body).into_iter().find(|(found, _)| found == "data")?;
        Some((words(&data[..4], 4)[0], &data[8..]))
    }
}

/// Big-endian numbers of `size` bytes.
pub(super) fn words(bytes: &[u8], size: usize) -> Vec<u64> {
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    };
    bytes.chunks_exact(size).map(number).collect()
}

fn boxes(mut bytes: &[u8]) -> Vec<(String, &[u8])> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let size = words(&bytes[..4], 4)[0] as usize;
        assert!((8..=bytes.len()).contains(&size), "a box of {size} bytes");
        let kind = String::from_utf8_lossy(&bytes[4..8]).into_owned();
        found.push((kind, &bytes[8..size]));
        bytes = &bytes[size..];
    }
    found
}
