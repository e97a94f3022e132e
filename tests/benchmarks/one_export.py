"""One conversion as an export does it, timed inside a running process: `one_export FORMAT SOURCE TARGET`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import soundfile  # noqa: F401 - a running app has it

from app.audio.convert import ConversionSettings, convert
from app.domain.audio import AudioFormat, BitDepth

SETTINGS = {
    "wav": ConversionSettings(AudioFormat.WAV, bit_depth=BitDepth.INT16),
    "wav at 44.1 kHz": ConversionSettings(AudioFormat.WAV, 44_100),
    "flac": ConversionSettings(AudioFormat.FLAC),
    "mp3": ConversionSettings(AudioFormat.MP3, bitrate_kbps=192),
    "mp3 vbr": ConversionSettings(AudioFormat.MP3, quality=2),
    "ogg": ConversionSettings(AudioFormat.OGG, quality=5),
    "opus": ConversionSettings(AudioFormat.OPUS, bitrate_kbps=128),
}


def main() -> None:
    kind, source, target = sys.argv[1:]
    clock, processor = time.perf_counter(), time.process_time()
    convert(Path(source), Path(target), SETTINGS[kind])
    took = {"clock_s": time.perf_counter() - clock, "processor_s": time.process_time() - processor}
    sys.stdout.write(json.dumps(took) + "\n")


if __name__ == "__main__":
    main()
