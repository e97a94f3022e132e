"""Write the three lock files anew after a change of dependencies in pyproject.toml: python3 packaging/lock.py

Versions that still fit stay; `--upgrade` takes the newest. It asks uv, which resolves for Python 3.11 to
3.13 on all systems at once. The locks of the tests and of freezing keep to the versions of the app's own, so
that one environment can hold all three.
"""

import supported_python

if __name__ == "__main__":
    supported_python.require()

    import locking

    locking.main()
