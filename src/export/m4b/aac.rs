//! AAC-LC through the Fraunhofer FDK encoder: the one file that talks to it.

use std::{
    ffi::{c_int, c_void},
    mem, ptr,
};

use fdk_aac_sys as fdk;

use crate::{Error, Result};

/// Samples in one packet.
pub(super) const PACKET: usize = 1_024;

/// The most bytes that one packet of one channel can have (ISO/IEC 14496-3: 6,144 bits).
const LARGEST: usize = 768;

/// AAC-LC as MPEG-4 counts its object types.
const LOW_COMPLEXITY: u32 = 2;

/// An encoder for one mono stream.
pub(super) struct Aac {
    handle: fdk::HANDLE_AACENCODER,
    delay: u32,
    config: Vec<u8>,
}

impl Aac {
    /// An encoder at a constant `bitrate` in bits a second, giving packets without headers.
    ///
    /// It takes its time for better sound (FDK's "afterburner").
    pub(super) fn new(rate: u32, bitrate: u32) -> Result<Self> {
        let mut handle = ptr::null_mut();
        // SAFETY: `handle` is a valid place for the encoder to put its address; 0x01 asks for AAC alone, 1 for
        // one channel at most.
        check(unsafe { fdk::aacEncOpen(&raw mut handle, 0x01, 1) })?;
        let mut aac = Self {
            handle,
            delay: 0,
            config: Vec::new(),
        };
        for (parameter, value) in [
            (fdk::AACENC_PARAM_AACENC_AOT, LOW_COMPLEXITY),
            (fdk::AACENC_PARAM_AACENC_SAMPLERATE, rate),
            (fdk::AACENC_PARAM_AACENC_CHANNELMODE, 1),
            (fdk::AACENC_PARAM_AACENC_BITRATEMODE, 0),
            (fdk::AACENC_PARAM_AACENC_BITRATE, bitrate),
            (fdk::AACENC_PARAM_AACENC_TRANSMUX, 0),
            (fdk::AACENC_PARAM_AACENC_AFTERBURNER, 1),
        ] {
            // SAFETY: the handle is open until `aac` is dropped.
            check(unsafe { fdk::aacEncoder_SetParam(aac.handle, parameter, value) })?;
        }
        aac.start()?;
        Ok(aac)
    }

    /// Makes the encoder take over its parameters, and asks what came of them.
    fn start(&mut self) -> Result<()> {
        // SAFETY: the handle is open; the library's manual asks for a call without buffers to initialise it.
        check(unsafe {
            fdk::aacEncEncode(
                self.handle,
                ptr::null(),
                ptr::null(),
                ptr::null(),
                ptr::null_mut(),
            )
        })?;
        // SAFETY: the structure holds numbers alone, for which all zeros is a value.
        let mut info: fdk::AACENC_InfoStruct = unsafe { mem::zeroed() };
        // SAFETY: the handle is open and `info` is a valid place for the answer.
        check(unsafe { fdk::aacEncInfo(self.handle, &raw mut info) })?;
        let config = info.confBuf.get(..info.confSize as usize);
        match config {
            Some(config) if info.frameLength as usize == PACKET => {
                self.config = config.to_vec();
                self.delay = info.nDelay;
                Ok(())
            }
            _ => Err(failed("it works with packets of another length")),
        }
    }

    /// By how many samples what is decoded lies behind what was encoded.
    pub(super) fn delay(&self) -> u32 {
        self.delay
    }

    /// The stream's `AudioSpecificConfig`, which players need before the first packet.
    pub(super) fn config(&self) -> &[u8] {
        &self.config
    }

    /// Encodes [`PACKET`] samples into one packet, appended to `output`; gives its size in bytes.
    pub(super) fn encode(
        &mut self,
        samples: &mut [i16; PACKET],
        output: &mut Vec<u8>,
    ) -> Result<usize> {
        let mut packet = [0u8; LARGEST];
        let mut input = Buffer::new(
            samples.as_mut_ptr().cast(),
            mem::size_of_val(samples),
            mem::size_of::<i16>(),
            fdk::AACENC_BufferIdentifier_IN_AUDIO_DATA,
        );
        let mut stream = Buffer::new(
            packet.as_mut_ptr().cast(),
            LARGEST,
            1,
            fdk::AACENC_BufferIdentifier_OUT_BITSTREAM_DATA,
        );
        let given = fdk::AACENC_InArgs {
            numInSamples: PACKET as c_int,
            numAncBytes: 0,
        };
        // SAFETY: the structure holds numbers alone, for which all zeros is a value.
        let mut taken: fdk::AACENC_OutArgs = unsafe { mem::zeroed() };
        // SAFETY: the handle is open; both descriptions point to buffers of the sizes they state, which outlive
        // the call, and the encoder keeps no pointer to them.
        check(unsafe {
            fdk::aacEncEncode(
                self.handle,
                &raw const *input.describe(),
                &raw const *stream.describe(),
                &raw const given,
                &raw mut taken,
            )
        })?;
        match packet.get(..taken.numOutBytes as usize) {
            Some(bytes) if !bytes.is_empty() && taken.numInSamples as usize == PACKET => {
                output.extend_from_slice(bytes);
                Ok(bytes.len())
            }
            _ => Err(failed("it gave no packet")),
        }
    }
}

impl Drop for Aac {
    fn drop(&mut self) {
        // SAFETY: the handle was opened by `new`, is closed only here, and no one else has it.
        unsafe { fdk::aacEncClose(&raw mut self.handle) };
    }
}

/// One buffer, in the form the library wants: a list of one for each of its qualities.
struct Buffer {
    data: *mut c_void,
    size: c_int,
    element: c_int,
    kind: c_int,
    list: fdk::AACENC_BufDesc,
}

impl Buffer {
    fn new(data: *mut c_void, size: usize, element: usize, kind: u32) -> Self {
        Self {
            data,
            size: size as c_int,
            element: element as c_int,
            kind: kind as c_int,
            list: fdk::AACENC_BufDesc {
                numBufs: 1,
                bufs: ptr::null_mut(),
                bufferIdentifiers: ptr::null_mut(),
                bufSizes: ptr::null_mut(),
                bufElSizes: ptr::null_mut(),
            },
        }
    }

    /// The lists, pointing into `self`, which stays where it is as long as they are used.
    fn describe(&mut self) -> &fdk::AACENC_BufDesc {
        self.list.bufs = &raw mut self.data;
        self.list.bufferIdentifiers = &raw mut self.kind;
        self.list.bufSizes = &raw mut self.size;
        self.list.bufElSizes = &raw mut self.element;
        &self.list
    }
}

fn check(code: fdk::AACENC_ERROR) -> Result<()> {
    if code == fdk::AACENC_ERROR_AACENC_OK {
        Ok(())
    } else {
        Err(failed(&format!("it answered with code {code}")))
    }
}

fn failed(problem: &str) -> Error {
    Error::invalid(
        format!("the AAC encoder failed: {problem}"),
        "write a `.wav` file instead, and report this",
    )
}
