"""The small language model on onnxruntime (the decoder comes with the planner)."""
