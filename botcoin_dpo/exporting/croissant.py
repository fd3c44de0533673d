"""Croissant metadata of an export, `croissant.json`: what its files are and what they hold.

The Hub makes such a file itself once the data is uploaded; this one is there before, works on a
folder without a network, and has the checksum of each file. Format:
https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from typing import Any

import orjson

from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.columns import Column, ListOf, Scalar, StructType, Type
from botcoin_dpo.exporting.result import ExportedConfig
from botcoin_dpo.version import __version__

_SPLITS = "splits"
_DATA_TYPES: dict[Type, str] = {
    "string": "sc:Text",
    "int64": "sc:Integer",
    "float64": "sc:Float",
    "bool": "sc:Boolean",
}
_MEDIA_TYPES = {"parquet": "application/x-parquet", "jsonl": "application/jsonlines"}

# As the specification has it; readers warn of any other.
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def make_croissant(facts: CardFacts) -> bytes:
    """Return the file; the same facts give the same bytes."""
    version = f"1.0.0+{facts.manifest_sha256[:16]}"  # of the build, as the data has no other
    splits = [split for split in SPLITS if any(each.rows(split) for each in facts.configs)]
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": facts.name,
        "description": f"{facts.name}: preference pairs and attempts, in configs for trainers.",
        "license": facts.license,
        "version": version,
        "citeAs": f"{facts.name}, version {version}, made with botcoin-dpo {__version__}",
        "distribution": [
            node for each in facts.configs for node in _distribution(each, facts.format)
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": _SPLITS,
                "name": _SPLITS,
                "dataType": "cr:Split",
                "key": {"@id": f"{_SPLITS}/name"},
                "field": [
                    {
                        "@type": "cr:Field",
                        "@id": f"{_SPLITS}/name",
                        "name": "name",
                        "dataType": "sc:Text",
                    }
                ],
                "data": [{f"{_SPLITS}/name": split} for split in splits],
            },
            *map(_record_set, facts.configs),
        ],
    }
    return orjson.dumps(described, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _distribution(each: ExportedConfig, table_format: str) -> list[dict[str, Any]]:
    """Return the files of a config, and the set that they make."""
    media_type = _MEDIA_TYPES[table_format]
    return [
        *(
            {
                "@type": "cr:FileObject",
                "@id": file.path,
                "name": file.path,
                "contentUrl": file.path,
                "contentSize": f"{file.bytes_on_disk} B",
                "encodingFormat": media_type,
                "sha256": file.sha256,
            }
            for file in each.files
        ),
        {
            "@type": "cr:FileSet",
            "@id": _files_of(each.config.name),
            "name": _files_of(each.config.name),
            "encodingFormat": media_type,
            "includes": f"{each.config.name}/*.{table_format}",
        },
    ]


def _record_set(each: ExportedConfig) -> dict[str, Any]:
    """Return what the rows of a config are, with the split as a field of its own."""
    name = each.config.name
    split = {
        "@type": "cr:Field",
        "@id": f"{name}/split_of_file",
        "name": "split_of_file",
        "dataType": "sc:Text",
        "source": {  # some readers apply the expression to its own result again
            "fileSet": {"@id": _files_of(name)},
            "extract": {"fileProperty": "filename"},
            "transform": {"regex": f"^({'|'.join(SPLITS)})(?:-.*)?$"},
        },
        "references": {"field": {"@id": f"{_SPLITS}/name"}},
    }
    columns = each.config.columns.fields.items()
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": each.config.meaning,
        "field": [split, *(_field(column, name, key, key, "") for key, column in columns)],
    }


def _field(column: Column, parent: str, name: str, source: str, path: str) -> dict[str, Any]:
    """Return a column, or a part of one.

    Args:
        column: its type.
        parent: the id of what it is a part of.
        name: its own.
        source: the column of the file that it is in.
        path: where in that, keys with dots between; empty for the whole of it.
    """
    own = f"{parent}/{name}"
    taken_from: dict[str, Any] = {
        "fileSet": {"@id": _files_of(own.split("/")[0])},
        "extract": {"column": source},
    }
    if path:
        taken_from["transform"] = {"jsonPath": path}
    field: dict[str, Any] = {"@type": "cr:Field", "@id": own, "name": name}
    inner = column
    if isinstance(column, ListOf):
        field["repeated"] = True
        inner = column.item
    if isinstance(inner, StructType):
        subfields = [
            _field(part, own, key, source, f"{path}.{key}" if path else key)
            for key, part in inner.fields.items()
        ]
        return field | {"subField": subfields}
    data_type = _DATA_TYPES[inner.type] if isinstance(inner, Scalar) else "sc:Text"
    return field | {"dataType": data_type, "source": taken_from}


def _files_of(config: str) -> str:
    return f"{config}-files"
