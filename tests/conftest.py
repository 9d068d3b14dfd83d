"""Settings for all tests: a property test may take the time that its kernels need to compile."""

from hypothesis import settings

settings.register_profile("countermark", deadline=None, derandomize=True)
settings.load_profile("countermark")
