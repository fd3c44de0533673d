"""What a reference says of a context: a digest of what was asked, and whether that is unsafe.

Documents are not decoded unless something in them might be unsafe.
"""

import secrets
from typing import NamedTuple

import msgspec
import orjson
import xxhash

from botcoin_dpo.contract.record_types import ChallengeContext
from botcoin_dpo.logs.attempt_scanner import SureAttempt
from botcoin_dpo.logs.unsafe_text import prompt_may_be_unsafe, unsafe_prompt

_SEED = secrets.randbits(64)
"""So that nobody can write a harmless document with the digest of a hostile one."""
_REMEMBERED = 4096
_known_prompts: dict[tuple[int, int], bool] = {}
"""Whether prompts are unsafe, by their digests; most attempts have one that was seen before."""

_decode_texts = msgspec.json.Decoder(tuple[list[str], list[str]]).decode


class Prompt(NamedTuple):
    """What a reference says of a context."""

    digest: bytes
    unsafe: bool


NO_PROMPT = Prompt(bytes(16), False)


def prompt_of(context: ChallengeContext[msgspec.Raw, msgspec.Raw]) -> Prompt:
    """Look at the document, the questions and the constraints of a context."""
    texts = msgspec.json.encode((context.questions, context.constraints))
    return Prompt(_digest(memoryview(context.document), texts), _is_unsafe(context))


def sure_prompt(sure: SureAttempt, raw: bytes) -> Prompt:
    """Look at the context that an attempt has itself, in the bytes of its record.

    Args:
        sure: what the compiled scanner says of the attempt.
        raw: the record.
    """
    if sure.document is None or sure.texts is None:
        return NO_PROMPT
    document = memoryview(raw)[sure.document]
    if sure.is_prompt_plain and sure.are_texts_compact:
        return Prompt(_digest(document, sure.texts), False)
    texts = _decode_texts(sure.texts)
    return prompt_of(ChallengeContext[msgspec.Raw, msgspec.Raw](msgspec.Raw(document), *texts))


def _is_unsafe(context: ChallengeContext[msgspec.Raw, msgspec.Raw]) -> bool:
    document, texts = memoryview(context.document), (context.questions, context.constraints)
    key = (xxhash.xxh3_64_intdigest(document, _SEED), hash(tuple(map(tuple, texts))))
    known = _known_prompts.get(key)
    if known is None:
        known = (
            prompt_may_be_unsafe(bytes(document), *texts)
            and unsafe_prompt(orjson.loads(document), *texts) is not None
        )
        if len(_known_prompts) >= _REMEMBERED:
            _known_prompts.clear()
        _known_prompts[key] = known
    return known


def _digest(document: memoryview, texts: bytes) -> bytes:
    """Return a digest that is equal only for equal inputs; different ones may still be equal.

    Args:
        document: its JSON as it is spelled.
        texts: the JSON of questions and constraints as `msgspec` writes it.
    """
    digest = xxhash.xxh3_128(document)
    digest.update(texts)
    return digest.digest()
