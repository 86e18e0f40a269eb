//! Kokoro's neural network, run by rten: tokens in, samples out. The only file that knows rten.

use std::{cell::RefCell, sync::Arc};

use rten::{Model, NodeId, RunOptions, ThreadPool};
use rten_tensor::{NdTensor, prelude::*};

use crate::{Error, Result, error::SpeechError};

/// Part of the engine's version: another rten may compute other samples.
pub(super) const RUNTIME: &str = "rten 0.27";

/// Samples a second that the network makes.
pub(super) const RATE: u32 = 24_000;

/// Length of one style: 128 numbers of timbre, then 128 of prosody.
pub(super) const STYLE: usize = 256;

thread_local! {
    /// One thread for every thread that speaks: measured faster than several threads on one sentence, and the
    /// samples do not depend on how work is shared out.
    static POOL: RefCell<Option<Arc<ThreadPool>>> = const { RefCell::new(None) };
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
}

impl Network {
    /// Loads the repaired ONNX file.
    pub(super) fn load(model: Vec<u8>) -> Result<Self> {
        let refused = |reason: String| {
            Error::invalid(
                format!("the voice model could not be loaded: {reason}"),
                "install the voice pack again: `fullcast voices install`",
            )
        };
        let model = Model::load(model).map_err(|error| refused(error.to_string()))?;
        let node = |name| {
            model
                .node_id(name)
                .map_err(|error| refused(error.to_string()))
        };
        Ok(Self {
            tokens: node("tokens")?,
            style: node("style")?,
            speed: node("speed")?,
            audio: node("audio")?,
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
        let options = RunOptions::default().with_thread_pool(Some(pool()));
        let failed = |reason: String| SpeechError {
            message: format!("the voice model failed: {reason}"),
            transient: false,
        };
        let [audio] = self
            .model
            .run_n(inputs, [self.audio], Some(options))
            .map_err(|error| failed(error.to_string()))?;
        let audio = audio
            .into_tensor::<f32>()
            .ok_or_else(|| failed("its output holds no samples".to_owned()))?;
        Ok(audio.to_vec())
    }
}
