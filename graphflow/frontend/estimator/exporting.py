"""Models in folders of their own, as servers take them."""

from __future__ import annotations

import os
import shutil
import time
from typing import Any

from graphflow.errors import NotFoundError
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.saved_model.builder import SavedModelBuilder
from graphflow.frontend.train.saver import Saver
from graphflow.frontend.train.scaffold import Scaffold
from graphflow.ir.build import current_graph
from graphflow.session import Session


def export(
    spec: Any, receiver: Any, checkpoint: str, base: Any, assets_extra: Any, as_text: bool
) -> bytes:
    """Write the model that is in the default graph; the folder's name is the time."""
    folder = _new_folder(os.fsdecode(base))
    temporary = f"{os.path.dirname(folder)}/temp-{os.path.basename(folder)}"
    builder = SavedModelBuilder(temporary)
    signatures = {
        name: output.as_signature_def(receiver.receiver_tensors)
        for name, output in (spec.export_outputs or {}).items()
    }
    with Session() as session:
        local_init = spec.scaffold.local_init_op or Scaffold.default_local_init_op()
        saver = spec.scaffold.saver or Saver(sharded=True)
        try:
            saver.restore(session, checkpoint)
        except NotFoundError as error:
            raise ValueError(
                "Could not load all requested variables from checkpoint. Please make sure your model_fn does not "
                f"expect variables that were not saved in the checkpoint {checkpoint}. ({error})"
            ) from error
        builder.add_meta_graph_and_variables(
            session,
            ["serve"],
            signature_def_map=signatures,
            assets_collection=current_graph().get_collection(GraphKeys.ASSET_FILEPATHS),
            main_op=local_init,
            saver=saver,
        )
    builder.save(as_text)
    for name, source in (assets_extra or {}).items():
        target = os.path.join(temporary, "assets.extra", os.fsdecode(name))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(os.fsdecode(source), target)
    os.rename(temporary, folder)
    return os.fsencode(folder)


def _new_folder(base: str) -> str:
    """A folder that is not there yet, with the seconds for a name."""
    seconds = int(time.time())
    while os.path.exists(os.path.join(base, str(seconds))):
        seconds += 1
    return os.path.join(base, str(seconds))
