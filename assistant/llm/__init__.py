"""The small language model on onnxruntime: builds it, keeps it in memory, and lets it answer within bounds."""
