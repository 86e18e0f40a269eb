//! Kokoro's neural network: tokens in, samples out. The only file that knows rten.
//!
//! rten runs the whole network where it must. Where the processor has what [`generator`] needs,
//! that computes the generator, nine tenths of the arithmetic, and rten what comes before and after.

use std::{cell::RefCell, sync::Arc};

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value, ValueOrView};
use rten_tensor::NdTensor;

use super::generator::{self, Cut, Generator, Work};
use crate::{Error, Result, error::SpeechError};

/// Part of the engine's version: another rten may compute other samples.
const RUNTIME: &str = "rten 0.27";

/// What computes the samples on this processor, as a part of the engine's version: the two ways sound alike, but
/// their samples differ.
pub(super) fn runtime() -> String {
    if generator::is_supported() {
        format!("{RUNTIME}, {}", generator::REVISION)
    } else {
        RUNTIME.to_owned()
    }
}

/// Samples a second that the network makes.
pub(super) const RATE: u32 = 24_000;

/// Length of one style: 128 numbers of timbre, then 128 of prosody.
pub(super) const STYLE: usize = 256;

thread_local! {
    /// One thread for every thread that speaks: measured faster than several threads on one sentence, and the
    /// samples do not depend on how work is shared out.
    static POOL: RefCell<Option<Arc<ThreadPool>>> = const { RefCell::new(None) };
    /// The generator's memory.
    static WORK: RefCell<Work> = RefCell::default();
}

fn pool() -> Arc<ThreadPool> {
    POOL.with_borrow_mut(|pool| {
        pool.get_or_insert_with(|| Arc::new(ThreadPool::with_num_threads(1)))
            .clone()
    })
}

/// The loaded network, shared by all threads.
pub(super) struct Network {
    model: Model,
    tokens: NodeId,
    style: NodeId,
    speed: NodeId,
    audio: NodeId,
    parts: Option<Parts>,
}

/// The generator, and where it is joined to the graph.
struct Parts {
    generator: Generator,
    inputs: Vec<NodeId>,
    output: NodeId,
    rows: usize,
}

impl Parts {
    fn find(generator: Generator, model: &Model) -> Result<Self> {
        let cut = Cut::new();
        let inputs = cut
            .inputs
            .iter()
            .map(|name| node(model, name))
            .collect::<Result<_>>()?;
        Ok(Self {
            generator,
            inputs,
            output: node(model, &cut.output)?,
            rows: cut.rows,
        })
    }
}

fn refused(reason: &impl ToString) -> Error {
    Error::invalid(
        format!(
            "the voice model could not be loaded: {}",
            reason.to_string()
        ),
        "install the voice pack again: `fullcast voices install`",
    )
}

fn failed(reason: &str) -> SpeechError {
    SpeechError {
        message: format!("the voice model failed: {reason}"),
        transient: false,
        fatal: false,
    }
}

fn node(model: &Model, name: &str) -> Result<NodeId> {
    model.node_id(name).map_err(|error| refused(&error))
}

/// The numbers of a tensor in order.
fn numbers(value: Value) -> Result<Vec<f32>, SpeechError> {
    let tensor = value
        .into_tensor::<f32>()
        .ok_or_else(|| failed("a value is of another type than expected"))?;
    Ok(tensor.into_data())
}

impl Network {
    /// Loads the repaired ONNX file.
    pub(super) fn load(model: Vec<u8>) -> Result<Self> {
        let generator = Generator::load(&model)?;
        // Packed weights make the front a quarter faster and take 33 MiB.
        let options = ModelOptions::with_all_ops().prepack_weights(true).clone();
        let model = options.load(model).map_err(|error| refused(&error))?;
        Ok(Self {
            tokens: node(&model, "tokens")?,
            style: node(&model, "style")?,
            speed: node(&model, "speed")?,
            audio: node(&model, "audio")?,
            parts: generator
                .map(|generator| Parts::find(generator, &model))
                .transpose()?,
            model,
        })
    }

    /// Speaks `tokens` (0 is put at both ends here) in a style of [`STYLE`] numbers; samples at [`RATE`].
    pub(super) fn run(
        &self,
        tokens: &[i32],
        style: &[f32; STYLE],
        speed: f32,
    ) -> Result<Vec<f32>, SpeechError> {
        let framed = [&[0], tokens, &[0]].concat();
        let inputs = vec![
            (
                self.tokens,
                NdTensor::from_data([1, framed.len()], framed).into(),
            ),
            (
                self.style,
                NdTensor::from_data([1, STYLE], style.to_vec()).into(),
            ),
            (self.speed, NdTensor::from_data([1], vec![speed]).into()),
        ];
        let audio = match &self.parts {
            Some(parts) => self.run_in_parts(inputs, parts)?,
            None => self.part(inputs, &[self.audio])?,
        };
        audio
            .into_iter()
            .next()
            .ok_or_else(|| failed("it gives no samples"))
    }

    /// Computes `outputs` from `inputs`, which may be values within the graph, and nothing else.
    fn part(
        &self,
        inputs: Vec<(NodeId, ValueOrView<'_>)>,
        outputs: &[NodeId],
    ) -> Result<Vec<Vec<f32>>, SpeechError> {
        let options = RunOptions::default().with_thread_pool(Some(pool()));
        let values = self
            .model
            .run(inputs, outputs, Some(options))
            .map_err(|error| failed(&error.to_string()))?;
        values.into_iter().map(numbers).collect()
    }

    fn run_in_parts(
        &self,
        inputs: Vec<(NodeId, ValueOrView<'_>)>,
        parts: &Parts,
    ) -> Result<Vec<Vec<f32>>, SpeechError> {
        let values = self.part(inputs, &parts.inputs)?;
        let spectrum = WORK.with_borrow_mut(|work| parts.generator.run(&values, work));
        let spectrum = spectrum.ok_or_else(|| failed("its parts do not fit together"))?;
        let shape = [1, parts.rows, spectrum.len() / parts.rows];
        self.part(
            vec![(parts.output, NdTensor::from_data(shape, spectrum).into())],
            &[self.audio],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::{repair, vocabulary};
    use super::*;
    use crate::{event::Silent, folders, voice};

    /// The generator's weights are as fine as rten's and its inputs finer, so the two differ as any two 8-bit
    /// computations of this network do, by 17 to 19 dB below the signal.
    #[test]
    fn the_generator_speaks_as_rten_alone_does() {
        let home = folders::data_folder().unwrap();
        let pack = voice::install(voice::Pack::kokoro(), &home, None, &Silent).unwrap();
        let model = repair::repaired(&pack.read("kokoro-v1.0.int8.onnx").unwrap()).unwrap();
        let styles = pack.read("voices/af_heart.bin").unwrap();
        let mut network = Network::load(model).unwrap();
        for phonemes in [
            "ɹˈʌn!",
            "ðə lˈIthWs kˈipəɹ klˈImd ðə stˈɛɹz slˈOli, kˈWntɪŋ ˈiʧ wˌʌn əlˈWd.",
        ] {
            let tokens = vocabulary::tokens(phonemes);
            let row = styles.chunks_exact(4 * STYLE).nth(tokens.len()).unwrap();
            let style: Vec<f32> = row
                .as_chunks::<4>()
                .0
                .iter()
                .map(|&word| f32::from_le_bytes(word))
                .collect();
            let style: [f32; STYLE] = style.try_into().unwrap();
            let own = network.run(&tokens, &style, 1.0).unwrap();
            assert_eq!(own, network.run(&tokens, &style, 1.0).unwrap());
            let parts = network.parts.take();
            let whole = network.run(&tokens, &style, 1.0).unwrap();
            network.parts = parts;
            assert_eq!(own.len(), whole.len());
            let power = |samples: &mut dyn Iterator<Item = f32>| {
                samples.map(|s| f64::from(s * s)).sum::<f64>()
            };
            let noise = power(&mut own.iter().zip(&whole).map(|(own, whole)| own - whole));
            let ratio = power(&mut whole.iter().copied()) / noise;
            assert!(ratio > 10f64.powf(1.4), "{:.1} dB", 10.0 * ratio.log10());
        }
    }
}
