"""Build dist/cuesmith, a folder that runs without any Python: python3 packaging/freeze.py

It ends with the frozen app's own check of itself, whose exit code it hands on.
"""

import supported_python

if __name__ == "__main__":
    supported_python.require()

    import freezing

    freezing.main()
