"""Text under another encoding: UnicodeTranscode."""

from __future__ import annotations

import codecs
import re
from typing import Any

from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.numeric.bytes_arrays import each
from graphflow.ops.strings import one_of

_OUTPUTS = {"UTF-8": "utf-8", "UTF-16-BE": "utf-16-be", "UTF-32-BE": "utf-32-be"}
_CONTROLS = re.compile("[\x00-\x1f]")


class UnicodeTranscode(Op):
    """Each string, read in one encoding and written in another."""

    signature = "input:string -> output:string"
    input_encoding: str
    output_encoding: str
    errors: str = "replace"
    replacement_char: int = 65533
    replace_control_characters: bool = False

    def infer(self, x: Tensor) -> Any:
        one_of("output_encoding", self.output_encoding, tuple(_OUTPUTS))
        one_of("errors", self.errors, ("strict", "replace", "ignore"))
        return x.shape

    def reference(self, x: Any) -> Any:
        try:
            read = codecs.lookup(self.input_encoding).name
            if not codecs.lookup(read)._is_text_encoding:
                raise LookupError
        except LookupError:
            raise ValueError(
                f"Could not create converter for input encoding: {self.input_encoding}"
            ) from None
        if not 0 <= self.replacement_char <= 0x10FFFF:
            raise ValueError(f"replacement_char {self.replacement_char} is no character")
        return each(lambda value: self._transcoded(value, read), x)

    def _transcoded(self, value: bytes, read: str) -> bytes:
        try:
            found = value.decode(read, self.errors)
        except UnicodeError:
            raise ValueError("Invalid formatting on input string") from None
        mark = chr(self.replacement_char)
        if self.errors == "replace":
            found = found.replace("\ufffd", mark)
        if self.replace_control_characters:
            found = _CONTROLS.sub(mark, found)
        return found.encode(_OUTPUTS[self.output_encoding], "replace")
