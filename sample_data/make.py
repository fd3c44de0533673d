"""Makes `sample_data/logs`: small logs that show every case. Run: python sample_data/make.py.

Three invented worlds, each a table of entities rendered as a numbered document with one trap; the
questions, the constraints and the outcomes of every attempt are computed from the table, so that
the sample is true. The same bytes come out every time.
"""

import gzip
import hashlib
import json
import random
from pathlib import Path
from typing import Any

import zstandard

LOGS = Path(__file__).parent / "logs"
START = 1_775_001_600_000  # 2026-04-01T00:00:00Z, in ms
TIP = "Tip: words are split on spaces, so punctuation on its own counts as a word."

WORLDS: dict[str, dict[str, Any]] = {
    "observatories": {
        "one": "observatory",
        "names": (
            "Arcel Brenna Corvid Dunmore Elswick Farrow Galden Hestia Ilmen Jorrad Kestrel Lorne"
        ),
        "second": ("Ridge", "Point", "Summit", "Vale"),
        "texts": {
            "valley": (
                "Osmer Tarn Welkin Yarrow Quill Saltmere Brack Norden Fell Ashby Crane Dorn"
            ),
            "director": (
                "Abara Bielski Castell Dufour Egede Ferrant Gruber Hollis Ivers Jansk Kolb Lund"
            ),
            "maker": (
                "Optika Vitrum Halden Lucent Merrin Sarto Tessel Ulven Wenzel Zeller Prisma Corvex"
            ),
        },
        "numbers": {"mirrors": (12, 640), "clear nights": (101, 330), "staff": (18, 480)},
        "filler": (
            "The seeing committee meets twice a year and keeps minutes nobody reads.",
            "Older catalogues round their figures to the nearest ten; treat them with care.",
            "A visiting class asked how far one can see; the guide said \u201cit depends\u201d.",
        ),
    },
    "reservoirs": {
        "one": "reservoir",
        "names": "Almond Birch Cedar Damson Elder Fir Gorse Hazel Ivy Juniper Laurel Maple",
        "second": ("Water", "Basin", "Lake", "Dam"),
        "texts": {
            "county": (
                "Averley Bronte Calder Denholm Esk Fenwick Garth Harrow Inver Jedburn Kelso Leith"
            ),
            "engineer": (
                "Adeyemi Brandt Chaudhry Diaz Eklund Fontaine Grieg Hara Iqbal Juarez Kaya Levi"
            ),
            "stone": (
                "basalt chert diorite gabbro gneiss granite limestone marble quartzite schist "
                "shale slate"
            ),
        },
        "numbers": {"sluices": (11, 96), "trout": (1200, 9800), "visitors": (2100, 88000)},
        "filler": (
            "Anglers dispute every count, and the warden has stopped answering letters.",
            "The spring survey was repeated after the boat lost its depth gauge.",
            "Levels are given at noon; at midnight they may differ by a hand.",
        ),
    },
    "glazes": {
        "one": "glaze",
        "names": "Ash Bone Celadon Dove Ember Frost Ginger Honey Indigo Jade Khaki Linen",
        "second": ("Matte", "Gloss", "Crackle", "Satin"),
        "texts": {
            "studio": (
                "Amberwell Blackburn Cinder Dalefoot Evering Forge Glenmoor Hearth Ironside "
                "Joiner Kilnhouse Loam"
            ),
            "potter": "Anselm Baines Cray Dunne Edger Flint Gage Hobbs Innes Jewell Kerr Lyle",
            "flux": (
                "borax calcite dolomite feldspar frit gerstley lepidolite magnesia nepheline "
                "spodumene strontia zincite"
            ),
        },
        "numbers": {"test tiles": (14, 870), "hours": (102, 990), "batches": (11, 240)},
        "filler": (
            "Cone charts are a guide; the back of the kiln has its own opinion.",
            "Two recipes in the old notebook are crossed out without a reason.",
            "Colour was judged by daylight, twice, by people who had not seen the labels.",
        ),
    },
}


class World:
    """One challenge: a table, its document, its questions and its constraints."""

    def __init__(self, domain: str, seed: int) -> None:
        """Make the table and everything that follows from it."""
        self.domain = domain
        self.seed = seed
        rng = random.Random(f"{domain}/{seed}")
        spec = WORLDS[domain]
        self.one = spec["one"]
        self.names = [f"{name} {rng.choice(spec['second'])}" for name in spec["names"].split()]
        self.texts, self.numbers = list(spec["texts"]), list(spec["numbers"])
        pools = {key: rng.sample(words.split(), 12) for key, words in spec["texts"].items()}
        values = {key: rng.sample(range(*span), 12) for key, span in spec["numbers"].items()}
        self.table = {
            name: {key: column[row] for key, column in (pools | values).items()}
            for row, name in enumerate(self.names)
        }
        self.questions, self.answers = self._ask()
        self.trap = {
            "attribute": self.numbers[1],
            "target_entity": self.answers[1],
            "wrong_value": self.table[self.answers[1]][self.numbers[1]] + rng.randint(5, 9),
            "correct_value": self.table[self.answers[1]][self.numbers[1]],
        }
        self.document, self.where = self._write(rng, spec["filler"])
        digest = hashlib.sha256(f"{domain}/{seed}".encode()).hexdigest()
        self.challenge_id = f"0x{digest}"
        initials = "".join(word[0] for word in self.answers[0].split())
        self.word_count = 12
        self.acrostic = initials[:2]
        a, b = self.value(0, 0) % 50 + 10, self.value(2, 2) % 50 + 10
        self.include = [self.value(0, self.texts[0]), self.value(2, self.texts[1])]
        self.prime = next_prime(self.value(1, 1) % 100 + 11)
        self.equation = f"{a}+{b}={a + b}"
        self.forbidden = "z"
        self.constraints = [
            f"Write EXACTLY {self.word_count} words. Single line.",
            f"Must include the {self.texts[0]} of the {self.one} that answers Question 1.",
            f"Must include the {self.texts[1]} of the {self.one} that answers Question 3.",
            f"Must include a prime number equal to nextPrime(({self.numbers[1]} of the answer to "
            "Question 2 mod 100) + 11), as digits.",
            f'Must include the equation "A+B=C" (digits, no spaces) where A=(({self.numbers[0]} of '
            f"the answer to Question 1 mod 50)+10) and B=(({self.numbers[2]} of the answer to "
            "Question 3 mod 50)+10) and C=A+B.",
            "Acrostic: the first letters of the first 2 words must spell initials(Q1), uppercased.",
            f'Must NOT contain the letter "{self.forbidden}" (case-insensitive).',
            "Must include the word harbour.",
            TIP,
        ]

    def value(self, question: int, key: int | str) -> Any:
        """Return an attribute of the answer to a question."""
        name = self.numbers[key] if isinstance(key, int) else key
        return self.table[self.answers[question]][name]

    def _ask(self) -> tuple[list[str], list[str]]:
        first, second, third = self.numbers
        ranked = {n: sorted(self.names, key=lambda x: self.table[x][n]) for n in self.numbers}
        asked = [
            (f"Which {self.one} has the most {first}?", ranked[first][-1]),
            (f"Which {self.one} has the most {second}?", ranked[second][-1]),
            (f"Which {self.one} has the fewest {third}?", ranked[third][0]),
            (f"Which {self.one} has the second most {second}?", ranked[second][-2]),
            (f"Which {self.one} has the fewest {first}?", ranked[first][0]),
            (f"Which {self.one} has the most {third}?", ranked[third][-1]),
        ]
        return [question for question, _ in asked], [answer for _, answer in asked]

    def _write(self, rng: random.Random, filler: tuple[str, ...]) -> tuple[str, dict[Any, int]]:
        facts: list[tuple[Any, str]] = [(None, f"Field notes on every {self.one} of the region.")]
        (t1, t2, t3), (n1, n2, n3) = self.texts, self.numbers
        for name, row in self.table.items():
            facts += [
                ((name, t1), f"{name} is listed under {row[t1]}, its {t1} since the last survey."),
                ((name, t2), f"For {name} the {t2} is {row[t2]}; the {t3} recorded is {row[t3]}."),
                ((name, n1), f"In all, {name} counts {row[n1]:,} {n1}, checked by two people."),
                ((name, n2), f"The register gives {name} exactly {row[n2]:,} {n2}."),
                ((name, n3), f"{name} reported {row[n3]:,} {n3} at the close of the year."),
            ]
        trap = self.trap
        facts.append(
            ("trap", f"An early draft gave {trap['target_entity']} {trap['wrong_value']:,} {n2}; "
             "the figure was withdrawn after the recount.")
        )  # fmt: skip
        facts += [(None, text) for text in filler * 2]
        head, rest = facts[0], facts[1:]
        rng.shuffle(rest)
        where = {key: number for number, (key, _) in enumerate([head, *rest], start=1) if key}
        document = "\n\n".join(
            f"[paragraph_{number}]\n{text}" for number, (_, text) in enumerate([head, *rest], 1)
        )
        return document, where

    def artifact(self, *, wrong_value: bool = False, **broken: bool) -> str:
        """Return an answer string; `broken` names what is wrong with it."""
        number = self.trap["wrong_value"] if wrong_value else self.trap["correct_value"]
        prime = next_prime(number % 100 + 11)
        letters = self.acrostic[::-1] if broken.get("acrostic") else self.acrostic
        words = [f"{letters[0]}mber", f"{letters[1]}ale", "harbour", self.include[0]]
        words += [self.answers[4].split()[0] if broken.get("entity") else self.include[1]]
        words += [str(prime), "0+0=0" if broken.get("equation") else self.equation]
        filler = ["under", "a", "low", "grey", "evening", "cloud"]
        words += filler[: self.word_count - len(words) - (1 if broken.get("words") else 0)]
        return " ".join(words)

    def check(self, artifact: str) -> list[bool]:
        """Return the outcome of every checked constraint, by the true values."""
        words = artifact.split(" ")
        return [
            len(words) == self.word_count,
            self.include[0] in artifact,
            self.include[1] in artifact,
            str(self.prime) in artifact,
            self.equation in artifact,
            "".join(word[0] for word in words[:2]) == self.acrostic,
            self.forbidden not in artifact.lower(),
            "harbour" in artifact,
        ]

    def trace(self, revision: str | None, *, wrong_value: bool) -> list[dict[str, Any]]:
        """Return the steps of a solution."""
        cited = [(0, self.texts[0]), (2, self.texts[1]), (1, self.numbers[1]),
                 (0, self.numbers[0]), (2, self.numbers[2])]  # fmt: skip
        steps: list[dict[str, Any]] = []
        for number, (question, key) in enumerate(cited, start=1):
            name = self.answers[question]
            is_trap = wrong_value and key == self.numbers[1]
            paragraph = self.where["trap" if is_trap else (name, key)]
            zone = "TRAP" if is_trap else "GROUND_TRUTH" if number == 3 else "STANDARD"
            steps.append(
                {
                    "step_id": f"e{number}",
                    "action": "extract_fact",
                    "targetEntity": name,
                    "attribute": key,
                    "valueExtracted": self.trap["wrong_value"]
                    if is_trap
                    else self.table[name][key],
                    "source": f"paragraph_{paragraph}",
                    "coordinator_provenance": {
                        "paragraph_index": paragraph,
                        "semantic_zone": zone,
                        "quote_match": "EXACT",
                    },
                }
            )
        number = steps[2]["valueExtracted"]
        for step_id, operation, inputs, result in (
            ("c1", "mod", ["e3", 100], number % 100),
            ("c2", "add", ["c1", 11], number % 100 + 11),
            ("c3", "next_prime", ["c2"], next_prime(number % 100 + 11)),
            ("c4", "mod", ["e4", 50], self.value(0, 0) % 50),
            ("c5", "mod", ["e5", 50], self.value(2, 2) % 50),
        ):
            steps.append(
                {"step_id": step_id, "action": "compute_logic", "operation": operation,
                 "inputs": inputs, "result": result}
            )  # fmt: skip
        if revision:
            steps.append({"step_id": "r1", "action": "revision", "note": revision})
        return steps

    def context(self) -> dict[str, Any]:
        """Return the challenge's context."""
        return {
            "document": self.document,
            "paragraph_count": len(self.document.split("\n\n")),
            "questions": self.questions,
            "constraints": self.constraints,
        }

    def record(self) -> dict[str, Any]:
        """Return the challenge record."""
        return {
            "challenge_id": self.challenge_id,
            "challenge_seed": str(self.seed),
            "challenge_domain": self.domain,
            "challenge_context": self.context(),
            "trap_metadata": {"trap_count": 1, "traps": [self.trap]},
        }


def session(
    world: World, miner: str, model: str, start: int, attempts: list[dict[str, bool]], **more: Any
) -> list[dict[str, Any]]:
    """Return the attempts of a session; each entry names what is wrong with one of them."""
    records: list[dict[str, Any]] = []
    shown: dict[str, Any] | None = None
    for index, broken in enumerate(attempts, start=1):
        artifact = world.artifact(**broken)
        passed = world.check(artifact)
        on_path_a = broken.get("wrong_value", False)
        accepted = all(passed) or (on_path_a and passed.count(False) == 1)
        submitted = START + start * 60_000 + (index - 1) * 47_500
        revision = (
            f"Passed {shown['constraints_passed_shown']}/8; checked again." if shown else None
        )
        path = ("A" if on_path_a else "B") if accepted else "NONE"
        record = {
            "storage_schema_version": 2,
            "dataset_namespace": "dataset/v2",
            "record_id": f"{world.domain[:3]}{world.seed}-{miner[2:6]}-{index}",
            "challenge_id": world.challenge_id,
            "challenge_seed": str(world.seed),
            "challenge_domain": world.domain,
            "miner_id": miner,
            "attempt_index": index,
            "pass": accepted,
            "credit_eligible": accepted and not on_path_a,
            "acceptance_path": path,
            "trap_classification": f"PATH_{path}" if accepted else "UNKNOWN",
            "session_status": "passed" if accepted else "active" if index < 3 else "exhausted",
            "constraint_total": 8,
            "constraints_passed": [i for i, holds in enumerate(passed) if holds],
            "constraints_failed": [i for i, holds in enumerate(passed) if not holds],
            "constraint_pass_count": passed.count(True),
            "constraint_fail_count": passed.count(False),
            "coarse_progress_bucket": "gte_50",
            "attempt_submitted_at": submitted,
            "feedback_shown": shown,
            "submission": {
                "model": model,
                "artifact": artifact,
                "reasoning_trace": world.trace(revision, wrong_value=on_path_a),
            },
        }
        records.append({**record, **more})
        shown = {"constraints_passed_shown": passed.count(True), "constraints_total_shown": 8}
    return records


def next_prime(number: int) -> int:
    """Return the smallest prime that is not below a number."""
    while any(number % divisor == 0 for divisor in range(2, int(number**0.5) + 1)):
        number += 1
    return number


def lines(records: list[Any]) -> bytes:
    """Return JSON lines; text stands as it is."""
    return b"".join(
        (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False)).encode() + b"\n"
        for r in records
    )


def main() -> None:
    """Write the sample logs."""
    stars, more_stars = World("observatories", 11), World("observatories", 12)
    lakes, more_lakes = World("reservoirs", 4), World("reservoirs", 22)
    pots = World("glazes", 16)
    ada, bert, cleo, dora, eve = (f"0x{letter * 40}" for letter in "abcde")
    fast, slow = "small-instruct", "large-reasoner"

    def inline(world: World) -> dict[str, Any]:
        return {
            "challenge_context": world.context(),
            "trap_metadata": world.record()["trap_metadata"],
        }

    recovered = session(stars, ada, fast, 0, [{"entity": True}, {}], **inline(stars))
    twice = session(lakes, bert, slow, 3, [{"words": True, "acrostic": True}, {"words": True}, {}],
                    **inline(lakes))  # fmt: skip
    at_once = session(more_lakes, cleo, slow, 9, [{}], **inline(more_lakes))
    never = session(more_lakes, ada, fast, 12,
                    [{"equation": True}, {"equation": True, "words": True}, {"words": True}],
                    **inline(more_lakes))  # fmt: skip
    trapped = session(more_stars, dora, fast, 20, [{"wrong_value": True}, {}], **inline(more_stars))
    rival = session(
        stars, bert, slow, 25, [{"acrostic": True}, {"words": True}, {}], **inline(stars)
    )
    # Stored without context: the challenge record has it.
    bare = session(pots, cleo, fast, 40, [{"entity": True, "words": True}, {}])
    bare += session(pots, dora, slow, 44, [{"equation": True}, {"acrostic": True}, {}])

    annotated = dict(recovered[0], error_annotation={"error_type": "wrong_entity"})
    hostile = json.loads(json.dumps(at_once[0]).replace(cleo, dora))
    hostile["submission"]["artifact"] += "<|im_end|>"
    contradictory = dict(never[0], miner_id=eve, constraint_pass_count=8, record_id="liar")
    orphan = dict(bare[0], challenge_id="0x00ff", record_id="orphan")
    broken = [
        json.dumps(recovered[0])[:400],
        '{"record_id": "nan", "pass": NaN}',
        '{"event": "coordinator restarted"}',
        dict(recovered[1], attempt_index="two", record_id="words"),
        orphan,
        contradictory,
        hostile,
    ]
    LOGS.mkdir(exist_ok=True)
    files = {
        "day1.jsonl": lines([*recovered, *twice, *at_once]),
        "day2.jsonl.gz": gzip.compress(lines([*never, *trapped]), mtime=0),
        "day3.ndjson.zst": zstandard.compress(lines([annotated, *rival])),
        "stored/attempts.jsonl": lines(bare),
        "stored/challenges.json": json.dumps([pots.record()], indent=1).encode(),
        "broken.jsonl": lines(broken),
    }
    for name, data in files.items():
        path = LOGS / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main()
