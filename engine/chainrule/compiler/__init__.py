"""`jit`: what a function does, traced once and run as straight-line NumPy.

The way of a function: `building` has it run by a `tracer`, on `traced` arguments and with an eye on the
Values that were there before (`watching`, `cells`), what is drawn (`drawing`, `randomness`) and who asks
what a traced number is (`asking`); what it does is a program of `node`s. `passes` and `factors` make the
program smaller, `storage` says which results share a buffer, `writer` writes it down, with `operands` for
where results are, `lowering` for what has a quicker form and `scalars` for single numbers. `compiled` is the
code and the conditions under which it is right, from `arguments`, `bindings` and the Values; `results` and
`links` make what it returns. `call` keeps programs by the kind of arguments, and is what a user calls.
"""

from chainrule.compiler.call import Jitted, jit

__all__ = ["Jitted", "jit"]
