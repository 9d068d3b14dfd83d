"""Settings for all tests: a property test may take the time that its kernels need to compile; the site has a folder."""

import atexit
import os
import shutil
import tempfile

from hypothesis import settings

settings.register_profile("countermark", deadline=None, derandomize=True)
settings.load_profile("countermark")

# the site's settings read these when they are loaded; tests never touch the folder of a real site
_site = tempfile.mkdtemp(prefix="countermark-test-site-")
atexit.register(shutil.rmtree, _site, ignore_errors=True)
os.environ["COUNTERMARK_DATA"] = _site
os.environ["DJANGO_SETTINGS_MODULE"] = "countermark.web.config.settings"
os.environ["EMAIL_URL"] = "memory:"
os.environ.pop("COUNTERMARK_ORIGIN", None)

# what this user keeps of tokenisers is none of the tests'
os.environ["COUNTERMARK_TOKENIZERS"] = f"{_site}/tokenizers"
