"""einloop: explicit nested loops for any einsum expression, proven against np.einsum."""

from .api import generate, verify
from .core.errors import EinloopError
from .core.generated import Generated
from .core.verification import Verification
from .dropin import einsum

__version__ = "0.1.0"

__all__ = ["EinloopError", "Generated", "Verification", "__version__", "einsum", "generate", "verify"]
