//! The boxes that MP4 files are made of (ISO/IEC 14496-12), written into memory.

/// Boxes one after another, each able to hold others.
#[derive(Default)]
pub(super) struct Boxes(Vec<u8>);

impl Boxes {
    /// No boxes yet, with room for about so many bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// What was written.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// A box of this kind, with what `body` writes in it.
    pub(super) fn put(&mut self, kind: [u8; 4], body: impl FnOnce(&mut Self)) {
        let start = self.0.len();
        self.u32(0);
        self.bytes(&kind);
        body(self);
        let size = u32::try_from(self.0.len() - start).expect("no box in memory reaches 4 GiB");
        self.0[start..start + 4].copy_from_slice(&size.to_be_bytes());
    }

    /// A box that begins with a version and flags.
    pub(super) fn full(
        &mut self,
        kind: [u8; 4],
        version: u8,
        flags: u32,
        body: impl FnOnce(&mut Self),
    ) {
        self.put(kind, |inner| {
            inner.u32(u32::from(version) << 24 | flags);
            body(inner);
        });
    }

    /// A descriptor of ISO/IEC 14496-1, its size written in four bytes.
    pub(super) fn descriptor(&mut self, tag: u8, body: impl FnOnce(&mut Self)) {
        self.u8(tag);
        let start = self.0.len();
        self.u32(0);
        body(self);
        let size = (self.0.len() - start - 4) as u32;
        for (place, shift) in [21, 14, 7, 0].into_iter().enumerate() {
            let more = if shift == 0 { 0 } else { 0x80 };
            self.0[start + place] = more | (size >> shift & 0x7f) as u8;
        }
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.bytes(&value.to_be_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.bytes(&value.to_be_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.bytes(&value.to_be_bytes());
    }

    /// A time in 64 bits if `wide`, else in 32.
    pub(super) fn time(&mut self, wide: bool, value: u64) {
        if wide {
            self.u64(value);
        } else {
            self.u32(value as u32);
        }
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn zeros(&mut self, count: usize) {
        self.0.resize(self.0.len() + count, 0);
    }

    /// The transformation that changes nothing.
    pub(super) fn identity(&mut self) {
        for value in [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000] {
            self.u32(value);
        }
    }
}
