"""Checks that what is trained is what the server will run: template, tokenizer and forward pass against llama-server.

    python verify.py --base BASE.gguf --server LLAMA_SERVER [--dialogues DIALOGUES.jsonl] [--adapter ADAPTER.gguf]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import jax
import jax.numpy as jnp

from export import read_adapter
from network import Batch, hidden_states, new_lora
from text import Template, encode_prefix, read_tokenizer
from weights import read_config, read_gguf, read_weights

# The server multiplies with the base model's four-bit weights and eight-bit activations; here they are floats.
LARGEST_MEAN_DIFFERENCE = 0.1
START_SECONDS = 120


@contextlib.contextmanager
def llama_server(program: str, base: Path, template: Path, adapter: Path | None) -> Iterator[str]:
    """A llama-server of our own on a free port; gives its address and ends it."""
    command = [program, "-m", str(base), "--host", "127.0.0.1", "--port", "0", "-c", "4096", "-np", "1", "--jinja"]
    command += ["--chat-template-file", str(template)]
    if adapter is not None:
        command += ["--lora", str(adapter)]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield wait_until_ready(process, log)
        finally:
            process.kill()
            process.wait()


def wait_until_ready(process: subprocess.Popen, log) -> str:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        log.seek(0)
        found = re.search(r"listening on (http://[\d.]+:\d+)", log.read())
        if found:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{found[1]}/health", timeout=5).close()
                return found[1]
        time.sleep(0.1)
    log.seek(0)
    raise SystemExit(f"llama-server did not start:\n{log.read()[-2000:]}")


def ask(address: str, path: str, body: dict) -> dict:
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"{address}{path}", data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=300) as reply:
        return json.load(reply)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--server", required=True, help="the program llama-server")
    parser.add_argument("--template", type=Path, default=Path(__file__).parent.parent / "chatml.jinja")
    parser.add_argument("--dialogues", type=Path, default=Path(__file__).parent.parent / "build" / "dialogues.jsonl")
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--count", type=int, default=8, help="dialogues to compare")
    options = parser.parse_args()
    reader = read_gguf(options.base)
    config = read_config(reader)
    weights = {key: jnp.asarray(value) for key, value in read_weights(reader, config).items()}
    tokenizer, template = read_tokenizer(reader), Template(options.template)
    lora, scale = (new_lora(config, 1, 0), 0.0) if options.adapter is None else (read_adapter(options.adapter, config), 1.0)
    records = pick(options.dialogues, options.count)
    faults: list[str] = []
    means: list[float] = []
    with llama_server(options.server, options.base, options.template, options.adapter) as address:
        for record in records:
            messages, tools = record["messages"], record["tools"]
            last = max(index for index, message in enumerate(messages) if message["role"] == "assistant")
            text = template.render(messages[:last], tools, add_generation_prompt=True)
            body = {"messages": messages[:last], "tools": tools}
            theirs = ask(address, "/apply-template", body)["prompt"]
            if theirs != text:
                faults.append(f"{record['id']}: the template gives other text{difference(text, theirs)}")
            ids = tokenizer.encode(text).ids
            if ask(address, "/tokenize", {"content": text, "add_special": True, "parse_special": True})["tokens"] != ids:
                faults.append(f"{record['id']}: the tokenizer gives other tokens")
            means.append(compare(address, config, weights, lora, scale, ids))
            print(f"{record['id']}: {len(ids)} tokens, mean difference of log-probabilities {means[-1]:.3f}")
    mean = sum(means) / len(means)
    if mean > LARGEST_MEAN_DIFFERENCE:
        faults.append(f"The log-probabilities differ by {mean:.3f} on average.")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def pick(dialogues: Path, count: int) -> list[dict]:
    """Records spread over the file, the shorter ones."""
    records = [json.loads(line) for line in dialogues.read_text(encoding="utf-8").splitlines()]
    short = [record for record in records if sum(len(str(message)) for message in record["messages"]) < 9000]
    return short[:: max(1, len(short) // count)][:count]


def compare(address: str, config, weights, lora, scale: float, ids: list[int]) -> float:
    """Mean absolute difference of the log-probabilities of the server's ten likeliest next tokens."""
    body = {"prompt": ids, "n_predict": 1, "n_probs": 10, "temperature": 0, "cache_prompt": False}
    reply = ask(address, "/completion", body)
    theirs = {entry["id"]: entry["logprob"] for entry in reply["completion_probabilities"][0]["top_logprobs"]}
    last, none = jnp.full((1, 1), 7), jnp.zeros((1, 1), jnp.int32)
    batch = Batch(jnp.asarray(ids[:-8]), jnp.asarray(len(ids) - 8), jnp.asarray([ids[-8:]]), last, none, none, none)
    states = hidden_states(config, weights, lora, scale, batch, jnp.float32, through=False)
    ours = jax.nn.log_softmax(states[-1] @ weights["embedding"].T)
    return sum(abs(float(ours[token]) - value) for token, value in theirs.items()) / len(theirs)


def difference(ours: str, theirs: str) -> str:
    place = next((at for at, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    return f": ours {ours[place : place + 60]!r}, theirs {theirs[place : place + 60]!r}"


if __name__ == "__main__":
    sys.exit(main())
