"""Record how TensorFlow 1.15.5 reads image files: `python record_image_files.py` writes ops/image_files.npz.

Run it with a Python that has TensorFlow 1.15.5. Files are kept as `file/NAME`, what an op makes of one as
`NAME/OP/ATTRIBUTES`, or the class of the exception in the JSON `raised`.
"""

from __future__ import annotations

import base64
import json
import pathlib
import struct
import zlib

import numpy as np
import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent
TWO_FRAMES = (
    "R0lGODdhBAADAIEAAP8AAAD/AAAA/woUHiwAAAAABAADAAAIDgABBBAwYICAAAIHCggIACH5BAEAAAQALAAAAAAE"
    "AAMAgf8AAAD/AAAA/woUHggOAAMIGAAAwAABAgcOCAgAOw=="
)
ONE_FRAME = "R0lGODdhBAADAIEAAP8AAAD/AAAA/woUHiwAAAAABAADAAAIDgABBBAwYICAAAIHCggIADs="


def png(rows, depth, colour_type, extra=()):
    """A PNG file of rows of bytes, without filters."""
    body = zlib.compress(b"".join(b"\0" + bytes(r) for r in rows))
    width = len(rows[0]) * 8 // (depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour_type])
    head = struct.pack(">IIBBBBB", width, len(rows), depth, colour_type, 0, 0, 0)
    chunks = [(b"IHDR", head), *extra, (b"IDAT", body), (b"IEND", b"")]
    parts = [
        struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def bmp(pixels):
    """A BMP file of pixels [height, width, 3]."""
    height, width, _ = pixels.shape
    rows = b"".join(bytes(r[:, ::-1].ravel()) + b"\0" * (-3 * width % 4) for r in pixels[::-1])
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(rows), 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(rows), 0, 0, 54) + head + rows


def files(run):
    random = np.random.RandomState(0)
    grid = np.stack(np.meshgrid(np.arange(17) * 15, np.arange(11) * 20), -1)
    image = np.concatenate([grid, random.rand(11, 17, 1) * 255], -1).astype(np.uint8)
    wide = (image.astype(np.uint16) * 201 + 7).astype(np.uint16)
    with_alpha = [np.concatenate([a, a[..., 2:]], -1) for a in (image, wide)]
    palette = (b"PLTE", bytes([255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30]))
    indices = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 1, 2, 2]]
    found = {
        "rgb": run(tf.image.encode_png(image)),
        "gray": run(tf.image.encode_png(image[..., :1])),
        "gray_alpha": run(tf.image.encode_png(image[..., :2])),
        "rgba": run(tf.image.encode_png(with_alpha[0])),
        "rgb16": run(tf.image.encode_png(tf.constant(wide))),
        "gray16": run(tf.image.encode_png(tf.constant(wide[..., :1]))),
        "rgba16": run(tf.image.encode_png(tf.constant(with_alpha[1]))),
        "palette": png(indices, 8, 3, [palette]),
        "palette_alpha": png(indices, 8, 3, [palette, (b"tRNS", bytes([255, 128, 0]))]),
        "bits": png([[0b10110010, 0b01010101], [0b11110000, 0b00001111]], 1, 0),
        "jpeg": run(tf.image.encode_jpeg(image)),
        "jpeg_gray": run(tf.image.encode_jpeg(image[..., :1])),
        "jpeg_444": run(tf.image.encode_jpeg(image, chroma_downsampling=False, quality=80)),
        "bmp": bmp(image),
        "gif": base64.b64decode(TWO_FRAMES),
        "gif_one": base64.b64decode(ONE_FRAME),
        "text": b"abc",
        "empty": b"",
    }
    found["cut_png"], found["cut_jpeg"] = found["rgb"][:100], found["jpeg"][:200]
    found["cut_wide"] = found["rgb16"][:300]
    return found


def calls(name):
    """The ops that are asked about a file, and their attributes."""
    if "jpeg" in name:
        for channels in (0, 1, 3):
            for ratio in (1, 2, 4, 8):
                for method in ("", "INTEGER_ACCURATE"):
                    yield "DecodeJpeg", {"channels": channels, "ratio": ratio, "dct_method": method}
        yield "ExtractJpegShape", {}
        yield "DecodeJpeg", {"channels": 4}
        yield "DecodePng", {"channels": 3}
        return
    for channels in (0, 1, 2, 3, 4):
        for dtype in ("uint8", "uint16"):
            yield "DecodePng", {"channels": channels, "dtype": dtype}
    yield "DecodeJpeg", {"channels": 3}
    yield "DecodeGif", {}
    if name in ("bmp", "text", "empty"):
        yield "DecodeBmp", {"channels": 3}


def main():
    arrays, raised = {}, {}
    with tf.compat.v1.Session() as session:
        for name, data in files(session.run).items():
            arrays["file/" + name] = np.frombuffer(data, np.uint8)
            for op, attrs in calls(name):
                key = "/".join([name, op, json.dumps(attrs, sort_keys=True)])
                try:
                    arrays[key] = session.run(getattr(tf.raw_ops, op)(contents=data, **attrs))
                except tf.errors.OpError as error:
                    raised[key] = type(error).__name__
    path = HERE / "ops" / "image_files.npz"
    np.savez_compressed(path, raised=json.dumps(raised), **arrays)
    print(len(arrays), "arrays,", len(raised), "errors,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
