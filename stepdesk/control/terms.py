"""Words of control: what a controller should look at, and the visits to confirm. Source: domain handbook 2.16."""
