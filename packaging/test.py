"""Run the whole test suite from a checkout: python3 packaging/test.py [arguments for pytest].

It installs what tests need besides. `--prepare` alone does only that. Paths are relative to the checkout.
"""

import supported_python

if __name__ == "__main__":
    supported_python.require()

    import testing

    testing.main()
