"""Start Cuesmith from a checkout.

python3 packaging/run.py             the window
python3 packaging/run.py ARGUMENTS   the command line, for instance: generate "heavy rain" --out takes

The first time it makes `.venv` in the checkout and installs what is needed; later it only looks.
"""

import supported_python

if __name__ == "__main__":
    supported_python.require()

    import running

    running.main()
