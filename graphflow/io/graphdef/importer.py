"""Reading a GraphDef into the default graph."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graphflow import errors
from graphflow.io.graphdef.attributes import FunctionName
from graphflow.io.graphdef.call_branches import build_case, build_if
from graphflow.io.graphdef.call_loops import build_while
from graphflow.io.graphdef.calls import function_of, put_in_place
from graphflow.io.graphdef.flat import FlatNode, flatten, parse_endpoint
from graphflow.io.graphdef.functions import Library
from graphflow.io.graphdef.mapping import Mapped
from graphflow.io.graphdef.names import Names, Spelling
from graphflow.io.graphdef.pieces import build_pieces
from graphflow.io.graphdef.raising import V1_CONTROL_FLOW, raise_control_flow
from graphflow.io.graphdef.undo import Undo
from graphflow.io.graphdef.versions import check_versions, modernise
from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import REGISTRY
"""
"""
