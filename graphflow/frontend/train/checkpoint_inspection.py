"""inspect_checkpoint: what is in a checkpoint, on the standard output."""

from __future__ import annotations

import math
import re
import sys
from typing import Any

from graphflow import errors
from graphflow.frontend.train.checkpoint_reader import CheckpointReader


def print_tensors_in_checkpoint_file(
    file_name: Any,
    tensor_name: str | None,
    all_tensors: bool,
    all_tensor_names: bool = False,
    count_exclude_pattern: str = "",
) -> None:
    """Write names, and values where they are asked for, and the number of parameters."""
    out = sys.stdout
    try:
        reader = CheckpointReader(file_name)
        shapes = reader.get_variable_to_shape_map()
        if all_tensors or all_tensor_names:
            for name in sorted(shapes):
                out.write(f"tensor_name:  {name}\n")
                if all_tensors:
                    out.write(f"{reader.get_tensor(name)}\n")
        elif tensor_name:
            out.write(f"tensor_name:  {tensor_name}\n{reader.get_tensor(tensor_name)}\n")
        else:
            out.write(reader.debug_string().decode("utf-8", "replace") + "\n")
    except errors.OpError as error:
        out.write(f"{error}\n")
        return
    if count_exclude_pattern:
        left_out = {n: s for n, s in shapes.items() if re.search(count_exclude_pattern, n)}
        shapes = {n: s for n, s in shapes.items() if n not in left_out}
        count = sum(map(math.prod, left_out.values()))
        out.write(
            f"# Excluding {len(left_out)} tensors ({count} params) that match "
            f"{count_exclude_pattern} when counting.\n"
        )
    out.write(f"# Total number of params: {sum(map(math.prod, shapes.values()))}\n")


NAMESPACES = {"python.tools.inspect_checkpoint": ["print_tensors_in_checkpoint_file"]}
