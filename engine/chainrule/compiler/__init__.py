"""`jit`: what a function does, traced once and run as straight-line NumPy.

The way of a function: `call` is what a user calls, and keeps programs by the kind of arguments. For a new
kind `signature` takes the arguments apart, and `compiling` has the function run by a `tracer`, on `traced`
arguments and with an eye on the Values that were there before (`outer_values`), on what is sampled
(`sampling`) and on what the function captures or can reach (`captured`). What no program can do is refused
(`refusals`), at its line (`places`). What it does is a `program` of nodes. `rules` and `factoring` make it
smaller, `lowering` gives it NumPy's quickest functions, `liveness` says which results share a buffer, and
`emitter` writes it down on a `sheet`, single numbers as `expressions`; `signature` puts together what it
returns, and `links` lets gradients pass it. `guards` has the code and the conditions under which it is
right.
"""

from chainrule.compiler.call import Jitted, jit

__all__ = ["Jitted", "jit"]
