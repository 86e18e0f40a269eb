//! Kokoro's neural network: tokens in, samples out. The only file that knows rten.
//!
//! rten runs the whole network where it must. Where the processor has what [`generator`](super::generator) needs,
//! that computes the generator's two stages, nine tenths of the arithmetic, and rten what comes before, between
//! and after.

use std::{cell::RefCell, sync::Arc};

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value, ValueOrView};
use rten_tensor::NdTensor;

use super::generator::{self, CHANNELS, Generator, STAGES, Work};
use crate::{Error, Result, error::SpeechError};

/// Part of the engine's version: another rten may compute other samples.
const RUNTIME: &str = "rten 0.27";

/// What computes the samples on this processor, as a part of the engine's version: the two ways sound alike, but
/// their samples differ.
pub(super) fn runtime() -> String {
    if generator::is_supported() { format!("{RUNTIME}, {}", generator::REVISION) } else { RUNTIME.to_owned() }
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
    generator: Option<(Generator, [Cut; STAGES])>,
}

/// Where the graph is cut for one stage of the generator.
struct Cut {
    noise: NodeId,
    signal: NodeId,
    styles: Vec<NodeId>,
    result: NodeId,
}

impl Cut {
    fn find(model: &Model, stage: usize) -> Result<Self> {
        let inner = |name: &str| node(model, &format!("/decoder/decoder/generator/{name}"));
        let [signal, result] = match stage {
            0 => ["ups.0/ConvTranspose_output_0", "Div_2_output_0"],
            _ => ["reflection_pad/Pad_output_0", "Div_4_output_0"],
        };
        Ok(Self {
            noise: inner(&format!("noise_convs.{stage}/Conv_output_0"))?,
            signal: inner(signal)?,
            styles: generator::styles(stage).iter().map(|name| node(model, name)).collect::<Result<_>>()?,
            result: inner(result)?,
        })
    }
}

fn refused(reason: &impl ToString) -> Error {
    Error::invalid(
        format!("the voice model could not be loaded: {}", reason.to_string()),
        "install the voice pack again: `fullcast voices install`",
    )
}

fn failed(reason: &str) -> SpeechError {
    SpeechError { message: format!("the voice model failed: {reason}"), transient: false }
}

fn node(model: &Model, name: &str) -> Result<NodeId> {
    model.node_id(name).map_err(|error| refused(&error))
}

/// The numbers of a tensor in order.
fn numbers(value: Value) -> Result<Vec<f32>, SpeechError> {
    let tensor = value.into_tensor::<f32>().ok_or_else(|| failed("a value is of another type than expected"))?;
    Ok(tensor.into_data())
}

impl Network {
    /// Loads the repaired ONNX file.
    pub(super) fn load(model: Vec<u8>) -> Result<Self> {
        let generator = Generator::load(&model)?;
        // Packed weights make the front a quarter faster and take 33 MiB.
        let options = ModelOptions::with_all_ops().prepack_weights(true).clone();
        let model = options.load(model).map_err(|error| refused(&error))?;
        let generator = match generator {
            Some(generator) => Some((generator, [Cut::find(&model, 0)?, Cut::find(&model, 1)?])),
            None => None,
        };
        Ok(Self {
            tokens: node(&model, "tokens")?,
            style: node(&model, "style")?,
            speed: node(&model, "speed")?,
            audio: node(&model, "audio")?,
            model,
            generator,
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
        let audio = match &self.generator {
            Some((generator, cuts)) => self.run_in_parts(inputs, generator, cuts)?,
            None => self.part(inputs, &[self.audio])?,
        };
        audio.into_iter().next().ok_or_else(|| failed("it gives no samples"))
    }

    /// Computes `outputs` from `inputs`, which may be values within the graph, and nothing else.
    fn part(&self, inputs: Vec<(NodeId, ValueOrView<'_>)>, outputs: &[NodeId]) -> Result<Vec<Vec<f32>>, SpeechError> {
        let options = RunOptions::default().with_thread_pool(Some(pool()));
        let values = self.model.run(inputs, outputs, Some(options)).map_err(|error| failed(&error.to_string()))?;
        values.into_iter().map(numbers).collect()
    }

    fn run_in_parts(
        &self,
        inputs: Vec<(NodeId, ValueOrView<'_>)>,
        generator: &Generator,
        cuts: &[Cut; STAGES],
    ) -> Result<Vec<Vec<f32>>, SpeechError> {
        let mut outputs = vec![cuts[0].signal];
        for cut in cuts {
            outputs.push(cut.noise);
            outputs.extend(&cut.styles);
        }
        let mut values = self.part(inputs, &outputs)?.into_iter();
        let mut signal = values.next().unwrap_or_default();
        for (stage, cut) in cuts.iter().enumerate() {
            let noise = values.next().unwrap_or_default();
            let styles: Vec<Vec<f32>> = values.by_ref().take(cut.styles.len()).collect();
            let result = WORK.with_borrow_mut(|work| generator.stage(stage, &noise, &signal, &styles, work));
            let result = result.ok_or_else(|| failed("its parts do not fit together"))?;
            let times = result.len() / CHANNELS[stage];
            let input = (cut.result, NdTensor::from_data([1, CHANNELS[stage], times], result).into());
            let next = cuts.get(stage + 1).map_or(self.audio, |cut| cut.signal);
            signal = self.part(vec![input], &[next])?.pop().unwrap_or_default();
        }
        Ok(vec![signal])
    }
}
