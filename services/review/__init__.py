"""The review service: panels, conflicts, meetings, scores, ranking, selection, opinions."""
