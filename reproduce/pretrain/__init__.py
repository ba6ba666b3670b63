"""Making the embedded checkpoint: masked language modelling on the text of the embedded world.

Imports neither ray nor datasets nor pydantic, so that it runs on a bare machine with torch.
"""
