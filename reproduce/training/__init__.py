"""Fine-tuning one cell: batches, the loop, evaluation."""
