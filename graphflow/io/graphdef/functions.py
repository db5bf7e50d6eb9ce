"""The functions of a file: they are put where they are called, or become the bodies of If and While."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from graphflow.io.graphdef.attributes import Placeholder
from graphflow.io.graphdef.flat import Endpoint, FlatNode, attributes
from graphflow.io.graphdef.names import Names, Spelling
from graphflow.io.graphdef.outputs import output_places
from graphflow.io.graphdef.raising import V1_CONTROL_FLOW, raise_control_flow
