"""Names of PyTorch, micrograd, JAX and TensorFlow that are not here: what to write instead of each.

A row is what to write, and the names that it answers; `{name}` is the one that was asked for.
"""

from __future__ import annotations

import sys
from functools import partial
from opcode import opmap
from typing import TYPE_CHECKING, Never

from chainrule.errors import ForeignNameError
from chainrule.habits.torch_names import TENSOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_CPU = "all that is here is on the CPU: leave it out"
_PRECISION = (
    "a Value holds floats: v.astype(np.float32) or np.float64, and int(v) or v.data.astype(int) to leave"
)
_LEAF = (
    "every Value(...) that you make gets a gradient, and plain numbers and arrays get none; v.detach() and "
    "`with no_grad():` keep one out"
)

VALUE = {
    "v.data is the array, or the float": "numpy",
    _LEAF: "requires_grad requires_grad_ is_leaf retain_grad retains_grad grad_dtype is_inference",
    f"{_CPU}; v.astype(np.float32) is another precision": "to",
    _CPU: "cuda cpu device xpu pin_memory is_cuda is_cpu get_device contiguous is_contiguous share_memory_",
    _PRECISION: "float double half bfloat16 int long short byte char bool type type_as",
    "write v.copy()": "clone",
    "write v.reshape(2, -1)": "view view_as reshape_as unflatten resize resize_ resize_as resize_as_",
    "write v.T, or np.swapaxes(v, -1, -2) of stacks": "t mT H mH adjoint t_ transpose_",
    "write v.transpose(1, 0, 2), which takes all the axes": "permute",
    "write v.swapaxes(0, 1)": "swapdims swapdims_",
    "write np.moveaxis(v, 0, -1)": "movedim",
    "write np.expand_dims(v, 0), or v[:, None]": "unsqueeze unsqueeze_",
    "write v.broadcast_to((2, 3))": "expand expand_as",
    "write v @ w": "matmul mm mv bmm smm",
    "write v + w": "add",
    "write v - w": "sub subtract",
    "write v * w": "mul multiply",
    "write v / w": "div divide true_divide",
    "write v**w": "pow float_power",
    "write -v": "neg",
    "write v % w": "remainder fmod",
    "write v // w, which is plain": "floor_divide",
    "write v == w; of numbers it is True or False, of arrays an array of these": "eq ne ge gt le lt equal "
    "greater greater_equal less less_equal not_equal",
    "write v.ndim": "dim ndimension",
    "write v.size": "numel nelement",
    "write v.dtype.itemsize, or v.data.nbytes": "itemsize element_size nbytes",
    "write v.clip(0.0, 1.0); a bound may be None": "clamp clamp_min clamp_max",
    "write 1 / np.sqrt(v)": "rsqrt",
    "write np.linalg.inv(v)": "inverse",
    "write np.linalg.pinv(v)": "pinverse",
    "write np.linalg.slogdet(v)": "logdet slogdet",
    "write np.linalg.{name}(v)": "svd qr matrix_power",
    "write np.linalg.solve(a, b)": "solve triangular_solve lstsq lu_solve cholesky_solve",
    "write np.concatenate or np.stack of pieces": "index_copy index_add scatter scatter_add scatter_reduce",
    "write v[index], or np.take_along_axis(v, index, axis)": "gather index_select select narrow",
    "write v[mask]": "masked_select",
    "write np.where(mask, number, v)": "masked_fill masked_scatter index_fill",
    "write np.where(condition, v, w)": "where",
    "write np.array_split(v, n), or iterate": "chunk split_with_sizes tensor_split unbind",
    "write np.sort(v)[::-1][:k]": "topk kthvalue msort",
    "write scipy.special.{name}(v)": "erf erfc erfinv digamma polygamma i0 xlogy logit",
    "write scipy.special.gammaln(v)": "lgamma",
    "v.graph() says what a Value was made of": "grad_fn",
    "write v.zero_grad()": "zero_",
    "write v.data = array, or v = Value(array)": "copy_ set_ fill_ new new_tensor random_ normal_ uniform_",
    "write np.zeros(shape), np.ones or np.full": "new_zeros new_ones new_empty new_full",
    "write `v += w` in `with no_grad():`, which changes v, or v = v + w": "add_ sub_ mul_ div_ pow_",
    "gradients stand in .grad after backward(); change them there": "register_hook",
    "backward() does all: it calls each operation's slope by itself": "_backward",
    "write np.where(mask, new, v): an element of a Value is not assigned": "at index_put index_put_ put put_",
    "it is there at once: leave that out": "block_until_ready",
    "write np.sort(v), a new Value": "sort",
    "write np.full_like(v.data, number), and v.data = that": "fill",
    "write np.nonzero(v), or np.flatnonzero": "nonzero",
}
"""Of Values; what is left of PyTorch's is answered by the rules of `of_value`."""

MODULE = {
    "write chainrule.save(path, model), and chainrule.load(path, model)": "state_dict load_state_dict",
    _CPU: "to cuda cpu share_memory",
    "write it as an attribute: a Value is a parameter, and an array is none": "register_parameter "
    "register_buffer add_module register_module buffers named_buffers",
    "write named_modules(), which yields each with its name": "modules children named_children apply",
    "parameters are float64, or what dtype= says": "float double half",
    "write optim.SGD([...]) of the parameters that are to be trained": "requires_grad_",
}
OPTIMIZER = {
    "write chainrule.save(path, model, optimizer)": "state_dict load_state_dict",
    "its parameters are .parameters, its rate is .lr; several rates are several optimisers": "param_groups "
    "add_param_group",
}

CHAINRULE = {
    "write Value([1.0, 2.0])": "tensor Tensor FloatTensor DoubleTensor as_tensor from_numpy Variable",
    "write np.{name}, in Value(...) what is to have a gradient": "zeros ones empty full arange linspace eye "
    "zeros_like ones_like full_like",
    "write chainrule.rng.normal(size=(2, 3)) or .random, in Value(...) what is to have a gradient": "rand "
    "randn randint randn_like rand_like normal randperm bernoulli multinomial distributions",
    "write chainrule.seed(0)": "manual_seed random PRNGKey",
    "write np.concatenate([v, w], axis=0)": "cat",
    "write v @ w": "mm bmm mv",
    "write v.clip(0.0, 1.0)": "clamp",
    "write v**w": "pow",
    "write chainrule.relu, softmax, ..., and chainrule.mse, cross_entropy, ...": "functional F",
    "write chainrule.save(path, model), and chainrule.load(path, model)": "state_dict",
    _CPU: "device cuda device_put devices backends set_default_device",
    "write v.dtype, np.float32 or np.float64": "float32 float64 float double set_default_dtype",
    _LEAF: "set_grad_enabled enable_grad inference_mode requires_grad",
    "backward() fills in .grad: y = f(x); y.backward(); x.grad; or write chainrule.grad(f)(x)": "autograd "
    "GradientTape",
    "write `import chainrule.numpy as np`": "jnp",
    "write chainrule.jacobian(f)": "jacfwd jacrev",
    "write chainrule.jit(f)": "compile jit_compile",
    "arrays broadcast: give f a batch, with an axis more": "vmap pmap",
    "write chainrule.stop_gradient(v)": "lax",
    "a list or dict comprehension does it": "tree tree_map tree_util",
    "a tape keeps what it needs, and computes nothing once more: leave it out": "checkpoint remat",
    "write Value, Neuron, Layer and MLP of chainrule.micrograd": "engine Neuron Layer MLP",
    "write chainrule.check_grads(f, x)": "gradcheck",
    "write chainrule.custom_vjp": "custom_gradient custom_jvp defvjp primitive",
    "write batches as chainrule.fit takes them: arrays, or a function of a Generator": "utils DataLoader",
}
_OWN_LAYER = (
    "a layer is any function, or an nn.Module of your own; those with parameters that are here are Linear, "
    "Embedding and LayerNorm, and a loss is a function, such as chainrule.mse"
)
_OWN_RULE = "those that are here are {known}; one of your own is an Optimizer with a _rule"

NN = {
    "write chainrule.relu, chainrule.mse, ..., or np.tanh: they are functions": "functional",
    "write chainrule.{name}": "relu softmax sigmoid log_softmax gelu elu silu leaky_relu softplus logsumexp",
    "write np.tanh": "tanh",
    "write np.eye(n)[classes]": "one_hot",
    "write init=nn.glorot_uniform, or another initialiser of nn": "init",
    "write optim.SGD(..., clip_norm=1.0)": "utils",
    "make one with its shape, as nn.Linear(3, 4)": "UninitializedParameter UninitializedBuffer LazyLinear",
    "all runs in one process": "parallel DataParallel",
    "write a list of Values, or a dict": "ParameterList ParameterDict",
    _OWN_LAYER: "CELU Dropout1d Dropout2d Dropout3d EmbeddingBag GLU LinearCrossEntropyLoss LogSigmoid PReLU "
    "RReLU ReLU6 SELU Softmax2d attention factory_kwargs modules parameter",
}
OPTIM = {
    "a rate may be a function of the step: write lr=schedules.cosine(0.1, 1000)": "lr_scheduler",
    "write chainrule.save and chainrule.load": "swa_utils swap_in_optimizer_params_and_state",
    _OWN_RULE: "ASGD Adamax NAdam RAdam Rprop",
}

_FAMILIES = {"chainrule": "", "chainrule.nn": _OWN_LAYER, "chainrule.optim": _OWN_RULE}

_TABLES = {
    "Value": VALUE,
    "Module": MODULE,
    "Optimizer": OPTIMIZER,
    "chainrule": CHAINRULE,
    "chainrule.nn": NN,
    "chainrule.optim": OPTIM,
}


def names_of(owner: str) -> list[str]:
    """Return all names that a class does not have and that have a sentence.

    Examples:
        >>> names_of("Optimizer")
        ['state_dict', 'load_state_dict', 'param_groups', 'add_param_group']
    """
    told = [name for names in _TABLES[owner].values() for name in names.split()]
    return [*told, *TENSOR.split()] if owner == "Value" else told


def instead_of(owner: str, name: str, has: Callable[[str], bool]) -> str:
    """Return what to write instead of a name of another library; nothing if it is not known as one.

    Args:
        owner: A class, or a module as it is imported.
        name: What it was asked for.
        has: Whether NumPy has a name.

    Examples:
        >>> instead_of("Value", "numpy", lambda _: False)
        'v.data is the array, or the float'
    """
    for advice, names in _TABLES[owner].items():
        if name in names.split():
            return advice.replace("{name}", name)
    if owner == "Value":
        return _of_tensor(name, has)
    return f"write np.{name}, which takes a Value" if owner == "chainrule" and has(name) else ""


def _of_tensor(name: str, has: Callable[[str], bool]) -> str:
    plain = name.rstrip("_")
    if name.endswith("_"):
        new = f"v = np.{plain}(v)" if has(plain) else "a new one, as v = v + w"
        return f"nothing is changed in place outside of `with no_grad():` and .data; write {new}"
    if has(name):
        return f"write np.{name}(v)"
    return "that is PyTorch's; write it with NumPy's functions, which take a Value, or take v.data"


def refuse(module: str, name: str, known: Iterable[str]) -> Never:
    """Refuse a name that a module of ours lacks, as its `__getattr__`.

    Raises:
        AttributeError: of the name, so that Python looks for one that is alike.
        ForeignNameError: saying what to write, if another library has it.
        ImportError: likewise, to who imports it, as of an AttributeError Python would tell nothing.
    """
    asking = sys._getframe(2)  # noqa: SLF001 - past the module's own
    if name.startswith("__") or asking.f_code.co_name == "_handle_fromlist":  # for a module of ours, maybe
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    from difflib import get_close_matches  # noqa: PLC0415 - it takes long to import, for an error alone

    import numpy  # noqa: PLC0415, ICN001 - as above

    known = sorted(known)
    family = _FAMILIES[module] if name[:1].isupper() and not get_close_matches(name, known, 1, 0.8) else ""
    instead = instead_of(module, name, partial(hasattr, numpy)) or family
    if instead:
        message = f"module {module!r} has no {name!r}; {instead.replace('{known}', ', '.join(known))}"
        is_import = asking.f_code.co_code[asking.f_lasti] == opmap["IMPORT_FROM"]
        raise ImportError(message, name=module) if is_import else ForeignNameError(message)
    raise AttributeError(f"module {module!r} has no name {name!r}", name=name, obj=sys.modules.get(module))
