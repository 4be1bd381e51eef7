"""Devices, capture, playback and resampling: the only room that touches PortAudio."""
