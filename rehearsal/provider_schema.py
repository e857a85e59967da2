"""Provider schemas, rebuilt from the installed provider packages.

A prebuilt package carries no schema file. But every `lib/<module>/*.js` in its jsii archive ends in an inline source
map, and that holds the generated TypeScript, which states each attribute's flags and type and each block's nesting:

    // location - computed: false, optional: false, required: true     above each attribute of a class: its flags
    location: {                                                        in the functions that write HCL: its type
      value: cdktf.stringToHclTerraform(this._location),
      isBlock: false,
      type: "simple",
      storageClassType: "string",

Against what the real azurerm 4.55 and azuread 3.7 print, every type agrees but for item counts above one and the
facts that the generator drops altogether; `dropped_facts` puts back those that matter here.
"""

import base64
import hashlib
import importlib.metadata
import importlib.util
import json
import re
import tarfile
from collections import defaultdict
from pathlib import Path
from typing import Any, TypedDict, cast

from rehearsal.dropped_facts import DROPPED_FACTS

PROVIDERS = ("azuread", "azurerm", "kubernetes")

Type = Any  # in Terraform's JSON notation: "string", ["list", "string"], ["object", {"name": "string"}]
Attribute = dict[str, Any]  # type; and, where true: required, optional, computed, sensitive, write_only


class Block(TypedDict):
    """The inside of a resource, a data source, a provider or a nested block."""

    attributes: dict[str, Attribute]
    block_types: dict[str, "NestedBlock"]


class NestedBlock(TypedDict, total=False):
    """A block inside a block."""

    nesting_mode: str
    block: Block
    min_items: int
    max_items: int


class ProviderSchema(TypedDict):
    """All that Terraform asks a provider about itself."""

    provider: Block
    resources: dict[str, Block]
    data_sources: dict[str, Block]


def provider_schema(provider: str, cache: Path) -> ProviderSchema:
    """Return the schema of a provider, kept in `cache` from run to run: to rebuild all three takes four seconds."""
    package = f"cdktf-cdktf-provider-{provider}"
    parser = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    kept = cache / f"{provider}-{importlib.metadata.version(package)}-{parser}.json"
    if kept.exists():
        schema = cast("ProviderSchema", json.loads(kept.read_text()))
    else:
        schema = _rebuild(package.replace("-", "_"))
        cache.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".partial")
        partial.write_text(json.dumps(schema))
        partial.replace(kept)  # in one step: a run that dies, or two at a time, leave no half file
    for name, facts in DROPPED_FACTS.items():
        if name.removeprefix("data.").startswith(f"{provider}_"):
            section = schema["data_sources"] if name.startswith("data.") else schema["resources"]
            facts.restore(section[name.removeprefix("data.")])
    return schema


_ROOTS = {"TerraformProvider": "provider", "TerraformResource": "resources", "TerraformDataSource": "data_sources"}


def _rebuild(package: str) -> ProviderSchema:
    found: dict[str, dict[str, Block]] = {section: {} for section in _ROOTS.values()}
    for text in _typescript(package):
        module = _Module(text)
        for name, (base, chunk) in module.classes.items():
            if base in _ROOTS:
                type_name = re.search(r'tfResourceType = "(\w+)"', chunk)
                assert type_name, name
                found[_ROOTS[base]][type_name[1]] = module.block(name)
    (provider,) = found["provider"].values()
    del provider["attributes"]["alias"]  # Terraform's own argument: no provider declares it
    return {"provider": provider, "resources": found["resources"], "data_sources": found["data_sources"]}


def _typescript(package: str) -> list[str]:
    """The generated TypeScript of each module of a package; a large module has its structs in files of their own."""
    spec = importlib.util.find_spec(package)  # of the package, not of its `_jsii`: that would import all of it first
    assert spec, package
    assert spec.submodule_search_locations, package
    (archive,) = Path(spec.submodule_search_locations[0]).glob("_jsii/*.jsii.tgz")
    modules: dict[str, list[str]] = defaultdict(list)
    with tarfile.open(archive) as tar:
        for member in tar:
            parts = member.name.split("/")  # package/lib/<module>/[index-structs/]<file>.js
            if member.name.endswith(".js") and len(parts) > 3 and (file := tar.extractfile(member)):
                text = file.read()
                source_map = json.loads(base64.b64decode(text[text.rindex(b"base64,") + len(b"base64,") :]))
                modules[parts[2]].extend(source_map["sourcesContent"])
    return ["\n".join(texts) for texts in modules.values()]


_PRIMITIVES = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
_FLAGS = re.compile(r"^  // (\w+) - computed: (\w+), optional: (\w+), required: (\w+)\n  (.*)\n(.*)\n", re.M)
_ENTRY = re.compile(
    r'^ +(\w+): \{\n +value: (.*),\n +isBlock: (\w+),\n +type: "(\w+)",\n +storageClassType: "(\w+)",', re.M
)
_FIELD = re.compile(r"#(\w+) [^\n]*\n(?:  \*[^\n]*\n)*?  readonly \w+(\??):")
_CLASS_MEMBER = re.compile(r'private _\w+ = new (cdktf\.)?(\w+)\(this, "\w+"(?:, (true|false))?\)')
_GETTER = re.compile(
    r"get(String|Number|Boolean)(List|Map)?Attribute|get(List|AnyMap)Attribute|interpolationForAttribute"
)
_ELEMENT = re.compile(r"return new (\w+)\(this(?:\.\w+)?, .*?, (true|false|this\.wrapsSet)\)")


class _Module:
    """The classes, HCL functions and interfaces of one generated module."""

    def __init__(self, text: str) -> None:
        self.classes: dict[str, tuple[str, str]] = {}  # name -> class it extends, text
        self.functions: dict[str, tuple[str, str]] = {}  # name -> struct it maps, text
        self.interfaces: dict[str, str] = {}
        for chunk in re.split(r"^(?=export )", text, flags=re.M):
            if m := re.match(r"export class (\w+) extends cdktf\.(\w+)", chunk):
                self.classes[m[1]] = m[2], chunk
            elif m := re.match(r"export function (\w+)\(struct\?: (.*?)\): any", chunk):
                struct = next(
                    n for n in m[2].split(" | ") if not n.startswith("cdktf.") and not n.endswith("OutputReference")
                )
                self.functions[m[1]] = struct, chunk
            elif m := re.match(r"export interface (\w+)", chunk):
                self.interfaces[m[1]] = chunk

    def block(self, class_name: str, function: str | None = None) -> Block:
        """The block that a class stands for; a nested one has its types in `function`, not in the class."""
        text = self.classes[class_name][1]
        entries = _entries(self.functions[function][1] if function else text)
        block: Block = {"attributes": {}, "block_types": {}}
        for name, computed, optional, required, member, body in _FLAGS.findall(text):
            flags = {
                k: True
                for k, v in (("required", required), ("optional", optional), ("computed", computed))
                if v == "true"
            }
            if name in entries:
                self._configurable(block, name, entries.pop(name), flags)
            else:
                block["attributes"][name] = {"type": self._read_only(member, body.strip()), **flags}
        if entries:
            raise ValueError(f"{class_name}: no flags for {sorted(entries)}")
        return block

    def _struct(self, function: str) -> Block:
        """A block of a provider's own arguments: it has no class; `?` in its interface tells what is optional."""
        struct, text = self.functions[function]
        optional = dict(_FIELD.findall(self.interfaces[struct]))
        block: Block = {"attributes": {}, "block_types": {}}
        for name, entry in _entries(text).items():
            self._configurable(block, name, entry, {"optional" if optional[name] else "required": True})
        return block

    def _configurable(self, block: Block, name: str, entry: tuple[str, ...], flags: dict[str, bool]) -> None:
        value, is_block, kind, storage = entry
        if is_block == "false":
            # A map of anything is how the generator writes a dynamic value (`manifest` of kubernetes_manifest).
            type_ = (
                "dynamic"
                if storage == "anyMap"
                else _PRIMITIVES[storage]
                if kind == "simple"
                else _collection(kind, storage)
            )
            block["attributes"][name] = {"type": type_, **flags}
            return
        listed = re.search(r"listMapperHcl\((\w+), (true|false)\)", value)
        function = listed or re.search(r"(\w+ToHclTerraform)\(", value)
        assert function, value
        reference = self.functions[function[1]][0] + "OutputReference"
        inner = self.block(reference, function[1]) if reference in self.classes else self._struct(function[1])
        if listed and listed[2] == "false":  # an attribute that may be written like a block (optional and computed)
            block["attributes"][name] = {"type": [kind, _object(inner)], **flags}
        elif kind == "struct":
            block["block_types"][name] = {"nesting_mode": "single", "block": inner}
        else:
            nested: NestedBlock = {"nesting_mode": kind, "block": inner}
            if "required" in flags:
                nested["min_items"] = 1
            if not listed:
                nested["max_items"] = 1
            block["block_types"][name] = nested

    def _read_only(self, member: str, body: str) -> Type:
        if m := _CLASS_MEMBER.match(member):
            ours, name, from_set = not m[1], m[2], m[3]
            if not ours:
                return ["map", _PRIMITIVES[name.removesuffix("Map").lower()]]  # cdktf.StringMap and its like
            if name.endswith("List"):
                return self._listing(name, from_set)
            if name.endswith("Map"):
                return ["map", _object(self.block(name.removesuffix("Map") + "OutputReference"))]
            return _object(self.block(name))
        m = _GETTER.search(body)
        if not m:
            raise ValueError(f"{member!r}: neither a member nor a getter that is known")
        element, collection, special = m.groups()
        if special == "List":
            type_: Type = ["list", "string"]
        elif special == "AnyMap":
            type_ = ["map", "dynamic"]
        elif element is None:
            type_ = "dynamic"
        else:
            type_ = [collection.lower(), _PRIMITIVES[element.lower()]] if collection else _PRIMITIVES[element.lower()]
        return ["set", type_[1]] if "tolist(" in body else type_

    def _listing(self, class_name: str, from_set: str) -> Type:
        m = _ELEMENT.search(self.classes[class_name][1])
        assert m, class_name
        element = _object(self.block(m[1])) if m[1].endswith("OutputReference") else self._listing(m[1], m[2])
        return ["set" if from_set == "true" else "list", element]


def _entries(text: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(rest) for name, *rest in _ENTRY.findall(text)}


def _collection(kind: str, storage: str) -> Type:
    """`numberListList` of kind list is a list of lists of numbers."""
    m = re.fullmatch(r"(string|number|boolean|any)((?:List|Map|Set)*)", storage)
    assert m, storage
    type_: Type = _PRIMITIVES[m[1]]
    for wrapper in re.findall("List|Map|Set", m[2])[:-1]:
        type_ = [wrapper.lower(), type_]
    return [kind, type_]


def _object(block: Block) -> Type:
    fields = {name: attribute["type"] for name, attribute in block["attributes"].items()}
    for name, nested in block["block_types"].items():
        inner = _object(nested["block"])
        fields[name] = inner if nested["nesting_mode"] == "single" else [nested["nesting_mode"], inner]
    return ["object", fields]
