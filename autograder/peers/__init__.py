"""The reference servers that a student's client meets: `peers.tcp` and `peers.udp`."""
