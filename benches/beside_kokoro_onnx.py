"""Speaks the bench's sentences with the Python package kokoro-onnx: usage PACK_FOLDER SENTENCES [WORKERS]."""

import resource
import sys
import tempfile
import threading
import time

import numpy as np
import onnxruntime
from kokoro_onnx import Kokoro

VOICE = "af_heart"
pack, sentences, workers = sys.argv[1], sys.argv[2], int((sys.argv + ["2"])[3])
lines = open(sentences, encoding="utf-8").read().splitlines()
styles = tempfile.NamedTemporaryFile(suffix=".npz")
table = np.fromfile(f"{pack}/voices/{VOICE}.bin", dtype="<f4").reshape(-1, 1, 256)
np.savez(styles.name, **{VOICE: table})


def load():
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(f"{pack}/kokoro-v1.0.int8.onnx", options, providers=["CPUExecutionProvider"])
    return Kokoro.from_session(session, styles.name)


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def work(voice):
    while True:
        with lock:
            if not waiting:
                return
            line = waiting.pop(0)
        samples, rate = voice.create(line, voice=VOICE, speed=1.0, lang="en-us")
        with lock:
            lengths.append(len(samples) / rate)


start = time.time()
voice = load()
loaded = time.time() - start
lock, lengths = threading.Lock(), []
voice.create(lines[0], voice=VOICE, speed=1.0, lang="en-us")
waiting = list(lines)
start, before = time.time(), processor()
threads = [threading.Thread(target=work, args=(voice,)) for _ in range(workers)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
wall, used, audio = time.time() - start, processor() - before, sum(lengths)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(
    f"kokoro-onnx, {workers} workers: {wall:.2f} s for {audio:.2f} s of audio, {wall / audio:.3f} a second; "
    f"processor {used / audio:.3f} a second; load {loaded:.2f} s; peak {peak} MiB"
)
