"""Runware: speech, scenes and music of several makers behind one endpoint."""
