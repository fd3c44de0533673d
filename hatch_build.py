"""Adds the compiled scanner to a wheel, where it can be compiled; without it all works, slower."""

import runpy
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.macos import process_macos_plat_tag
from packaging.tags import sys_tags


class ScannerHook(BuildHookInterface[Any]):
    """Compiles it for a wheel; for an editable install, into the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the scanner, and name the wheel after what it holds."""
        scanner = runpy.run_path(str(Path(self.root, "scanner", "compile.py")))
        module = scanner["MODULE"]
        if version == "editable":
            target = Path(self.root, module)
        else:
            self._folder = tempfile.TemporaryDirectory()
            target = Path(self._folder.name, Path(module).name)
        problem = scanner["compile_scanner"](target)
        if problem is not None:
            self.app.display_warning(f"the scanner in Python will be used: {problem}")
            target.unlink(missing_ok=True)  # in a checkout, one that no longer fits
            return
        if version != "editable":
            build_data["force_include"][str(target)] = module
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{_platform()}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was compiled for the wheel."""
        if hasattr(self, "_folder"):
            self._folder.cleanup()


def _platform() -> str:
    """Return the platform of what a compiler here makes: this system's, promising no other.

    A wheel for all Linux systems is made of that by auditwheel, which looks at what it needs.
    """
    wide = ("manylinux", "musllinux")
    tags = (tag.platform for tag in sys_tags() if not tag.platform.startswith(wide))
    platform = next(tags, sys.platform)
    if sys.platform == "darwin":  # as MACOSX_DEPLOYMENT_TARGET and ARCHFLAGS say, if they do
        return process_macos_plat_tag(platform, compat=False)
    return platform
