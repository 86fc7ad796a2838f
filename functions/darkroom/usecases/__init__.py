"""What Darkroom does: one verb a file, one public function a verb, its ports as arguments."""
