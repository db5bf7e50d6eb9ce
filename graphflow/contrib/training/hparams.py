"""HParams: hyper-parameters as attributes, each with the type that it began with."""

from __future__ import annotations

import json
import numbers
from collections.abc import Mapping
from typing import Any

from graphflow.contrib.training.assignments import parse_values
from graphflow.io import protos

#: the fields of a message's value, by the types they are for
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "bool"),
    (int, "int64"),
    ((str, bytes), "bytes"),
    (float, "float"),
)


class HParams:
    """Hyper-parameters: `HParams(rate=0.1, sizes=[1, 2])` has the attributes rate and sizes."""

    _HAS_DYNAMIC_ATTRIBUTES = True

    def __init__(self, hparam_def: Any = None, model_structure: Any = None, **kwargs: Any) -> None:
        #: name -> (type, whether there is a list of them)
        self._hparam_types: dict[str, tuple[type, bool]] = {}
        self._model_structure = model_structure
        if hparam_def is not None:
            if kwargs:
                raise ValueError("hparam_def and initialization values are mutually exclusive")
            kwargs = _from_message(hparam_def)
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    # ---- single parameters -------------------------------------------------------------------------

    def add_hparam(self, name: str, value: Any) -> None:
        """A new parameter; its value says of which type it is from now on."""
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        if isinstance(value, list | tuple):
            if not value:
                raise ValueError(f"Multi-valued hyperparameters cannot be empty: {name}")
            self._hparam_types[name] = (type(value[0]), True)
        else:
            self._hparam_types[name] = (type(value), False)
        setattr(self, name, value)

    def set_hparam(self, name: str, value: Any) -> None:
        """Another value for a parameter, of its type."""
        kind, is_list = self._hparam_types[name]
        if isinstance(value, list):
            if not is_list:
                raise ValueError(f"Must not pass a list for single-valued parameter: {name}")
            setattr(self, name, [_as_type(name, kind, v) for v in value])
        elif is_list:
            raise ValueError(f"Must pass a list for multi-valued parameter: {name}.")
        else:
            setattr(self, name, _as_type(name, kind, value))

    def del_hparam(self, name: str) -> None:
        if hasattr(self, name):
            delattr(self, name)
            del self._hparam_types[name]

    def get(self, key: str, default: Any = None) -> Any:
        """A parameter, or `default` where there is none; a default must be of the type of the parameter."""
        if key not in self._hparam_types:
            return default
        if default is not None:
            kind, is_list = self._hparam_types[key]
            if is_list != isinstance(default, list):
                raise ValueError(f"Hparam '{key}' is incompatible with default={default}")
            for value in default if is_list else [default]:
                _as_type(key, kind, value)
        return getattr(self, key)

    def __contains__(self, key: object) -> bool:
        return key in self._hparam_types

    # ---- all of them -------------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self._hparam_types}

    def parse(self, values: str) -> HParams:
        """Take values from a text such as "rate=0.1,sizes=[1,2]"."""
        types = {name: kind for name, (kind, _) in self._hparam_types.items()}
        return self.override_from_dict(parse_values(values, types))

    def override_from_dict(self, values_dict: Mapping[str, Any]) -> HParams:
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    def set_from_map(self, values_map: Mapping[str, Any]) -> HParams:
        """The old name of override_from_dict."""
        return self.override_from_dict(values_map)

    def to_json(self, indent: Any = None, separators: Any = None, sort_keys: bool = False) -> str:
        return json.dumps(self.values(), indent=indent, separators=separators, sort_keys=sort_keys)

    def parse_json(self, values_json: str) -> HParams:
        return self.override_from_dict(json.loads(values_json))

    def set_model_structure(self, model_structure: Any) -> None:
        self._model_structure = model_structure

    def get_model_structure(self) -> Any:
        return self._model_structure

    def __str__(self) -> str:
        return ",".join(f"{name}={value}" for name, value in self.values().items())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({sorted(self.values().items())})"

    # ---- messages ----------------------------------------------------------------------------------

    def to_proto(self, export_scope: str | None = None) -> Any:
        """An HParamDef."""
        made = protos.HParamDef()
        for name, (kind, is_list) in self._hparam_types.items():
            field = next((f for types, f in _KINDS if issubclass(kind, types)), None)
            if field is None:
                raise ValueError(f"Unsupported parameter type: {kind}")
            value = getattr(self, name)
            items = [
                v.encode() if isinstance(v, str) else v for v in (value if is_list else [value])
            ]
            if is_list:
                getattr(made.hparam[name], field + "_list").value.extend(items)
            else:
                setattr(made.hparam[name], field + "_value", items[0])
        return made

    @staticmethod
    def from_proto(hparam_def: Any, import_scope: str | None = None) -> HParams:
        return HParams(hparam_def=hparam_def)


def _as_type(name: str, kind: type, value: Any) -> Any:
    """`value` in the type of its parameter, where that changes nothing of its meaning."""
    if type(value) is kind or kind is type(None):
        return value
    texts = (str, bytes)
    fits = (
        (not issubclass(kind, texts) or isinstance(value, texts))
        and issubclass(kind, bool) == isinstance(value, bool)
        and (not issubclass(kind, numbers.Integral) or isinstance(value, numbers.Integral))
        and (not issubclass(kind, numbers.Number) or isinstance(value, numbers.Number))
    )
    if not fits:
        raise ValueError(f"Could not cast hparam '{name}' of type '{kind}' from value {value!r}")
    return kind(value)


def _from_message(hparam_def: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in hparam_def.hparam.items():
        field = value.WhichOneof("kind")
        stored = getattr(value, field)
        items = [stored] if field.endswith("_value") else list(stored.value)
        items = [v.decode() if isinstance(v, bytes) else v for v in items]
        found[name] = items[0] if field.endswith("_value") else items
    return found


NAMESPACES = {"contrib.training": ["HParams"]}
