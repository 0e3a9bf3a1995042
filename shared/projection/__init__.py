"""Following projections, cursors, rebuild, packs by digest, due timers."""
