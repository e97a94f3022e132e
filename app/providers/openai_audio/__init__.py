"""The OpenAI audio API: OpenAI, RunInfra, and any server that speaks alike.

Sources: openai/openai-openapi (openapi.yaml, 2026-08); runinfra.ai/docs (audio, errors, rate limits) and package
runinfra 0.2.0; remsky/Kokoro-FastAPI, speaches-ai/speaches, matatonic/openedai-speech, mudler/LocalAI and
vllm-project/vllm-omni (read 2026-08).
"""
