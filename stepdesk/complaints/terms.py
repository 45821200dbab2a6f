"""Words of complaints and appeals. Source: domain handbook 2.15."""
