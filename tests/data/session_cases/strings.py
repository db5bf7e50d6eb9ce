"""Strings: splitting, joining, patterns, numbers, hashes, records."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines: `run` is what to fetch, `feed` what to feed
CALLS = r"""
run = a([1, -2])

run = a([1.5, nan, inf, -inf, 10000000000.0, -0.0])

run = a([1.5], precision=2)

run = a([1.5], scientific=True)

run = a([1.5, 1e-05, 1e+20], shortest=True)

run = a([1], width=5, fill="0")

run = a([1, -3], width=5, fill=" ")

run = a([1, -3], width=5, fill="-")

run = a([1, -3], width=5, fill="+")

run = a([1], width=5)

run = a([True, False])

run = a([1 + 2j])

run = a([1 + 2j], precision=1)

run = a([1], precision=2)

run = a([1.0], scientific=True, shortest=True)

run = a([1], scientific=True)

run = a([True], width=8)

run = a([1], fill="xx")

run = a([1], fill="x", width=4)

run = a(np.array([1.2345678901234567]))

run = a(np.int64(2) ** 62)

run = a(np.array([1.5, 2.25]), precision=0)

run = a(np.float16(1))

run = a([1.5], width=10, precision=2, fill="0")

run = a(np.array([-128], "int8"))

run = sp(["a b", "c", " d  e ", ""])

run = sp(["a,b;c"], ",;")

run = sp(["abc"], "")

run = sp(["a  b"], skip_empty=False)

run = sp(["a,,b"], ",", False)

run = tf.strings.split([" a b  c ", ""])

run = tf.strings.split(["a--b--", "--"], "--")

run = tf.strings.split(["a b c d"], maxsplit=1)

run = tf.strings.split(["a,b,c"], ",", maxsplit=1)

run = tf.strings.split([" a  b c "], maxsplit=1)

run = sp([""], "", skip_empty=False)

run = sp([], "")

run = sp(["é"], "")

run = u("hello", 1, 2)

run = u(["hello", "ab"], [1, 0], [2, 5])

run = u("hello", -3, 2)

run = u("hello", 5, 1)

run = u("hello", 6, 1)

run = u("hello", -6, 1)

run = u("hello", 0, -1)

run = u([["abc"], ["def"]], [[0], [1]], [[1], [2]])

run = u("abc", [0, 1], [1, 1])

run = tf.strings.substr("héllo", 1, 1, unit="UTF8_CHAR")

run = tf.strings.substr(["ab", "cde"], 1, 1)

run = u(["ab", "cde"], [1], [1])

run = u(["ab", "cde"], [[1], [0]], [[1], [1]])

run = tf.strings.substr("héllo", 7, 1, unit="UTF8_CHAR")

run = tf.strings.length(["héllo", ""])

run = tf.strings.length(["héllo"], unit="UTF8_CHAR")

run = tf.strings.lower(["HÉ"])

run = tf.strings.lower(["HÉ"], encoding="utf-8")

run = tf.strings.upper(["straße"], encoding="utf-8")

run = tf.strings.strip([' \t\r\n\x0b\x0c a b '])

run = tf.strings.join(["a", "b"], "-")

run = tf.strings.join([["a", "b"], "c"], "-")

run = tf.strings.join([["a", "b"], ["c"]])

run = tf.reduce_join([["a", "b"], ["c", "d"]])

run = tf.reduce_join([["a", "b"], ["c", "d"]], 0)

run = tf.reduce_join([["a", "b"], ["c", "d"]], [0, 1], separator=".")

run = tf.reduce_join([["a", "b"], ["c", "d"]], [1, 0])

run = tf.reduce_join([["a", "b"], ["c", "d"]], [])

run = tf.reduce_join([["a", "b"]], -1, keep_dims=True)

run = tf.reduce_join("a")

run = tf.reduce_join(np.zeros([0, 2], "S1"), 0)

run = tf.reduce_join(np.zeros([2, 0], "S1"), 0)

run = tf.reduce_join([["a"]], 2)

run = tf.reduce_join([["a"]], [0, 0])

run = tf.reduce_join([["a", "b"], ["c", "d"]], keepdims=True)

run = r(['abc', 'xbz'], 'b', '[\\0]')

run = r('abcb', '(b)(c)?', '<\\1\\2>')

run = r("aaa", "a", "b", replace_global=False)

run = r("abc", "(", "x")

run = r('abc', 'b', '\\1')

run = r("abc", "", "-")

run = r("héllo", ".", "x")

run = r("a1", "[[:digit:]]", "x")

run = r('a\\b', '\\\\', '/')

run = r('a', 'a', '\\\\')

run = r('a', 'a', '\\x')

run = tf.strings.regex_full_match(["abc", "ab"], "a.c")

run = r("abc", tf.constant("b"), tf.constant("x"))

run = r("aAbB", "(?i)a", "x")

run = r('a\nb', 'a.b', 'x')

run = tf.strings.regex_full_match("abc", "ab|abc")

run = r("baaac", "a*", "x")

run = r("abc", "b*", "x")

run = tf.decode_raw(["ab", "cd"], tf.uint8)

run = tf.decode_raw(b'\x01\x00\x02\x00', tf.int16)

run = tf.decode_raw(b'\x01\x00\x02\x00', tf.int16, little_endian=False)

run = tf.decode_raw(["abc"], tf.int16)

run = tf.decode_raw(["ab", "c"], tf.uint8)

run = tf.decode_raw([], tf.uint8)

run = tf.decode_raw([""], tf.int32)

run = tf.decode_raw(b'\x01\x00', tf.bool)

run = tf.raw_ops.DecodePaddedRaw(input_bytes=["ab", "c"], fixed_length=4, out_type=tf.uint8)

run = tf.raw_ops.DecodePaddedRaw(input_bytes=["abcde", "c"], fixed_length=3, out_type=tf.int16)

run = tf.encode_base64(['a', 'ab', b'\xff\xfe\xfd'])

run = tf.encode_base64(["a", "ab"], pad=True)

run = tf.decode_base64(["YQ", "YQ==", "__79"])

run = tf.decode_base64(["Y"])

run = tf.decode_base64(["Y+"])

run = tf.decode_base64(["YR"])

run = tf.decode_base64([""])

run = tf.decode_base64(["YQ="])

run = c(["1,2.5,a", "3,,b"], [[0], [1.0], ["x"]])

run = c(['a,"b ""c"" d",e'], [['']] * 3)

run = c(["1,2"], [[0]])

run = c(["1"], [[0], [0]])

run = c(["x"], [[0]])

run = c([",1"], [tf.constant([], tf.int32), [0]])

run = c(["1,2,3"], [[0], [0]], select_cols=[0, 2])

run = c(["NA,1"], [[5], [0]], na_value="NA")

run = c(["a;b"], [[""], [""]], field_delim=";")

run = c(['"a'], [['']])

run = c(['a"b,c'], [['']] * 2)

run = c(['"a"b,c'], [['']] * 2)

run = c(['"a,b"'], [['']] * 2, use_quote_delim=False)

run = c([["1,2"], ["3,4"]], [[0], [0]])

run = c("1,2", [[0], [0]])

run = c(["1 ,2"], [[0], [0]])

run = c(['1\r\n,2\n'], [[''], ['']])

run = c(["a,b,"], [[""]] * 3)

run = c([""], [["q"]])

run = c([""], [["q"]] * 2)

run = c(['""'], [['q']])

run = h(S, 2 ** 62)

run = tf.string_to_hash_bucket(S, 2 ** 62)

run = tf.string_to_hash_bucket_strong(S, 2 ** 62, key=[1, 2])

run = tf.fingerprint(["ab", "c"])

run = tf.fingerprint([["ab", "c"]])

run = tf.fingerprint([1, 2])

run = tf.fingerprint(np.arange(6).reshape(2, 3))

run = tf.unravel_index([3, 5], [2, 3])

run = tf.unravel_index(3, [2, 3])

run = tf.strings.unsorted_segment_join(["a", "b", "c"], [1, 0, 1], 3, "-")

run = tf.strings.unsorted_segment_join([["a", "b"], ["c", "d"]], [1, 1], 2, "-")

run = f("x {} y", [tf.constant([1, 2, 3])])

run = f("{}", tf.range(10))

run = f("{}", tf.reshape(tf.range(60), [10, 6]))

run = f("{}", [tf.constant(1.5)])

run = f("{}", [tf.constant("a")])

run = f("{} {}", [tf.constant(["a", "b"]), tf.constant(True)])

run = f("{}", [tf.range(10)], summarize=-1)

run = f("{}", [tf.zeros([0, 2])])

run = f("{}", [tf.constant([1e-10, 1e+20, 1 / 3, nan, inf, -0.0])], summarize=10)

run = f("{}", [tf.constant(np.array([1 / 3, 1e+100]))], summarize=10)

run = f("%s", [tf.constant(1)], placeholder="%s")

run = f("{}", [tf.constant([1 + 2j])])

run = f("{}", [tf.reshape(tf.range(8), [2, 2, 2])])

run = f("a", [])

run = f("{}", [tf.constant(np.float16([1.1, 2]))])

run = f("{}", [tf.constant(np.uint8([1]))])

run = f("{}", [tf.reshape(tf.range(8), [8, 1])])

run = n(["1"])

run = n(["1.5"])

run = n([" 2 "])

run = n([""])

run = n(["abc"])

run = n(["1e40"])

run = n(["-1e-50"])

run = n(["inf"])

run = n(["-INF"])

run = n(["nan"])

run = n(["0x10"])

run = n(["1_0"])

run = n(["+3"])

run = n(["1."])

run = n([".5"])

run = n(["1e"])

run = n(["infinity"])

run = n(["1f"])

run = n(["0x1p3"])

run = n(["1 2"])

run = n(['\t3\n'])

run = n(["-0"])

run = n(["1e5 "])

run = n(["++1"])

run = n(["."])

run = n(["1"], tf.int32)

run = n([" 2 "], tf.int32)

run = n(["2147483648"], tf.int32)

run = n(["-2147483648"], tf.int32)

run = n(["1.0"], tf.int32)

run = n([""], tf.int32)

run = n(["0x10"], tf.int32)

run = n(["+5"], tf.int32)

run = n(["1_0"], tf.int32)

run = n(["-"], tf.int32)

run = n(['\t3'], tf.int32)

run = []
run.append(sp([""], ",", skip_empty=False))
run.append(sp(["a,"], ",", skip_empty=False))
run.append(sp([",a"], ","))
run.append(tf.strings.split([""], ","))
run.append(tf.strings.split(["a,"], ","))
run.append(tf.strings.split(["a b", "c"], name="q"))
run.append(tf.strings.split([","], ","))

run = []
run.append(T(["aéb"], "UTF-8", "UTF-16-BE"))
run.append(T([b'a\xffb', b'\xe2\x82', b'ok'], 'UTF-8', 'UTF-8'))
run.append(T([b'a\xffb'], 'UTF-8', 'UTF-8', errors='ignore'))
run.append(T([b'a\xffb'], 'UTF-8', 'UTF-8', replacement_char=63))
run.append(T([b'a\x01\nb\x7f\x80'], 'latin1', 'UTF-8', replace_control_characters=True))
run.append(T([b'\xe9'], 'ISO-8859-1', 'UTF-8'))
run.append(T([b'\x00a'], 'UTF-16-BE', 'UTF-32-BE'))
run.append(T([b"a"], "US-ASCII", "UTF-8"))

run = T([b'a\xff'], 'UTF-8', 'UTF-8', errors='strict')

run = T([b"a"], "nope", "UTF-8")

run = T([b"a"], "UTF-8", "UTF-7")
"""

SETUP = r"""
nan = np.nan
inf = np.inf
n = tf.string_to_number
a = tf.as_string
sp = tf.string_split
u = tf.substr
r = tf.regex_replace
c = tf.decode_csv
h = tf.string_to_hash_bucket_fast
f = tf.strings.format
S = [("abcdefghij" * 30)[:k] for k in list(range(0, 70)) + [100, 128, 129, 200, 256, 300]]
T = tf.strings.unicode_transcode
"""


def executed(text):
    """The case that statements spell."""

    def run(tf):
        names = {"tf": tf, "np": np}
        exec(SETUP + text, names)
        with tf.Session() as session:
            return session.run(names["run"], names.get("feed"))

    return run


CASES = {"; ".join(text.split("\n")): executed(text) for text in CALLS.strip().split("\n\n")}
