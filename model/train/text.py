"""Messages to token ids, as the product's template and llama-server make them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import jinja2
from gguf import GGUFReader
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

# Token types of llama.cpp (llama_token_type) that are matched as a whole in the text.
CONTROL, USER_DEFINED = 3, 4


def read_tokenizer(reader: GGUFReader) -> Tokenizer:
    """The byte-level BPE that a GGUF carries; digits are split singly, as `tokenizer.ggml.pre` = smollm says."""

    def field(name: str):
        return reader.get_field(f"tokenizer.ggml.{name}").contents()

    if field("model") != "gpt2" or field("pre") != "smollm":
        raise ValueError("The base model's tokenizer is not the one that is known here (gpt2, smollm).")
    pieces = field("tokens")
    merges = [tuple(merge.split(" ", 1)) for merge in field("merges")]
    tokenizer = Tokenizer(models.BPE(vocab={piece: index for index, piece in enumerate(pieces)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    whole = [piece for piece, kind in zip(pieces, field("token_type")) if kind in (CONTROL, USER_DEFINED)]
    tokenizer.add_special_tokens([AddedToken(piece, normalized=False, special=True) for piece in whole])
    return tokenizer


class Template:
    """The chat template. `render` gives the same bytes as llama-server's /apply-template (see verify.py)."""

    def __init__(self, path: Path) -> None:
        environment = jinja2.Environment(keep_trailing_newline=True)
        environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
        self._template = environment.from_string(path.read_text(encoding="utf-8"))

    def render(self, messages: list[dict], tools: list[dict], add_generation_prompt: bool = False) -> str:
        """The prompt for these messages and tools."""
        return self._template.render(
            messages=[_parsed(message) for message in messages],
            tools=[_ordered(tool) for tool in tools] or None,
            add_generation_prompt=add_generation_prompt,
        )


def _parsed(message: dict) -> dict:
    """A message with the arguments of its calls as objects: llama-server parses them before the template runs."""
    if "tool_calls" not in message:
        return message
    calls = [
        {**call, "function": {**call["function"], "arguments": json.loads(call["function"]["arguments"])}}
        for call in message["tool_calls"]
    ]
    return {**message, "tool_calls": calls}


def _ordered(tool: dict) -> dict:
    """The keys of a tool in the order in which llama-server hands them to the template, whatever was sent."""
    function = tool["function"]
    return {
        "type": "function",
        "function": {key: function[key] for key in ("name", "description", "parameters")},
    }


@dataclass(frozen=True)
class Dialogue:
    """Token ids behind the prefix; token i is part of the message `said[i]` of the assistant, 0: of none."""

    id: str
    kind: str
    tokens: list[int]
    said: list[int]
    # The messages of the assistant that are calls, by their number in `said`.
    calls: frozenset[int]


def encode_prefix(template: Template, tokenizer: Tokenizer, system: dict, tools: list[dict]) -> list[int]:
    """Token ids of the system message with the tools: what dialogues of one kind have in common."""
    return tokenizer.encode(template.render([system], tools)).ids


def encode_dialogue(template: Template, tokenizer: Tokenizer, record: dict) -> Dialogue:
    """A record of the data generator to token ids. That a message ends is part of what the assistant says."""
    messages, tools = record["messages"], record["tools"]
    done = template.render(messages[:1], tools)
    tokens: list[int] = []
    part_of: list[int] = []

    def add(text: str, message: int) -> None:
        ids = tokenizer.encode(text).ids
        tokens.extend(ids)
        part_of.extend([message] * len(ids))

    for index, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        asked = template.render(messages[:index], tools, add_generation_prompt=True)
        said = template.render(messages[: index + 1], tools)
        if not asked.startswith(done) or not said.startswith(asked):
            raise ValueError(f"{record['id']}: the template is not append-only at message {index}.")
        add(asked[len(done) :], 0)
        # The line feed behind the closing mark is the template's: the server stops at the mark.
        answer = said[len(asked) :].removesuffix("\n")
        add(answer, index)
        add(said[len(asked) + len(answer) :], 0)
        done = said
    calls = frozenset(index for index, message in enumerate(messages) if "tool_calls" in message)
    return Dialogue(record["id"], record["kind"], tokens, part_of, calls)
