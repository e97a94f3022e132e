"""AI/ML API: one key for the audio models of several makers.

Source: docs.aimlapi.com and github.com/aimlapi/api-docs (OpenAPI of each model, read 2026-08).
"""
