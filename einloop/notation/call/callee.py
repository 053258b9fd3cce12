"""How a call of einsum begins."""

from __future__ import annotations

import re

CALLEE = re.compile(r"(?:einsum|contract)\s*\(")
