"""`jit`: what a function does, traced once and run as straight-line NumPy.

The way of a function: `tracer` runs it on `traced` arguments, and keeps what it does as a program of `node`s;
`passes` make the program smaller; `storage` says which results share a buffer; `codegen` writes it down, with
`scalars` for single numbers; `compiled` joins code and the conditions under which it is right, from
`arguments`, `bindings` and the Values it met; `results` and `links` make what it returns; `call` keeps programs by the
kind of arguments, and is what a user calls.
"""

from chainrule.jit.call import Jitted, jit

__all__ = ["Jitted", "jit"]
