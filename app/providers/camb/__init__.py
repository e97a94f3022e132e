"""Camb.ai: sounds and music as tasks that are asked about, speech as an answer.

Source: docs.camb.ai, the page “Get Text to Sound Run Result”, and github.com/Camb-ai/cambai-python-sdk (camb-sdk
1.5.10 and 1.6.6), read 2026-11.
"""
